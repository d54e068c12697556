//! The right to a room, as an argument of whatever has the room's address in its own: for whoever may not be there, there is no such
//! room.

use app::room::Slug;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::Deserialize;

use crate::error::HttpError;
use crate::room::Admitted;
use crate::session::Session;
use crate::state::AppState;

/// What of an address is a room's.
#[derive(Deserialize)]
struct Address {
    slug: Slug,
}

impl FromRequestParts<AppState> for Admitted {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let session = Session::from_request_parts(parts, state).await?;
        let Path(Address { slug }) = Path::from_request_parts(parts, state).await.map_err(|_| HttpError::Missing)?;
        Ok(state.rooms.admit(&session.member, &slug)?)
    }
}
