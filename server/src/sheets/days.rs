//! `/rooms/{slug}/days`: a month, whose days lead to what was said on them.

use app::route::Route;
use app::text::month::Month;
use app::text::when::Local;
use axum::extract::{Query, State};
use axum::response::Response;
use leptos::either::Either;
use leptos::prelude::*;
use serde::Deserialize;

use super::Sheet;
use crate::error::HttpError;
use crate::room::Admitted;
use crate::state::AppState;

const DAYS_A_WEEK: i64 = 7;

/// Which month is asked for; whatever is none is the one of the newest message.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    month: String,
}

/// `GET /rooms/{slug}/days?month=2026-11`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person, [`HttpError::Store`].
pub async fn show(
    State(state): State<AppState>,
    admitted: Admitted,
    Query(Asked { month }): Query<Asked>,
    mut sheet: Sheet,
) -> Result<Response, HttpError> {
    let slug = admitted.slug().clone();
    let (lang, zone, words) = (sheet.lang(), sheet.tells_times(), sheet.words());
    let local = |at_ms| zone.local(at_ms);
    let now = local(state.clock.now_ms());
    let month = match Month::parse(&month) {
        Some(month) => month,
        None => Month::of(admitted.newest_ms().await?.map_or(now, local)),
    };
    let day = move |number: i64| Local { day: month.first_day() + number, minute: 0 };
    let midnight = |number| zone.at_ms(&day(number).iso()).unwrap_or(day(number).at_ms(0));
    let moments = (0..=month.days()).map(midnight).collect();
    let days = admitted.days(moments).await?;

    let days_path = format!("{}/days", slug.path());
    let arrow = move |at_ms: Option<i64>, name: &'static str, sign: &'static str| {
        let month = at_ms.map(|at_ms| Month::of(local(at_ms)));
        let path = month.map(|month| format!("{days_path}?month={}", month.tag()));
        path.map(|path| view! {
            <a class="icon-button" href=path data-sheet="" aria-label=name><span aria-hidden="true">{sign}</span></a>
        })
    };
    let cell = move |number: i64, first: Option<i64>| {
        let today = (day(number).day == now.day).then_some("date");
        let content = match first {
            Some(seq) => Either::Left(view! {
                <a href=Route::Message(slug.clone(), seq).path() aria-label=day(number).date(lang)>{number + 1}</a>
            }),
            None => Either::Right(view! { <span>{number + 1}</span> }),
        };
        view! { <td aria-current=today>{content}</td> }
    };
    let is_empty = days.first.iter().all(Option::is_none);
    let back = admitted.slug().path();
    Ok(sheet.shows(words.jump_to_date, &back, move || {
        let mut cells = days.first.into_iter().enumerate().map(|(number, first)| cell(number as i64, first));
        let empty = month.first_weekday();
        let weeks = (empty + month.days() + DAYS_A_WEEK - 1) / DAYS_A_WEEK;
        let rows: Vec<_> = (0..weeks)
            .map(|week| {
                let before = if week == 0 { empty } else { 0 };
                let days: Vec<_> = cells.by_ref().take((DAYS_A_WEEK - before) as usize).collect();
                view! { <tr>{(0..before).map(|_| view! { <td></td> }).collect_view()}{days}</tr> }
            })
            .collect();
        let weekdays = words.weekdays.into_iter().zip(words.weekdays_in_full);
        view! {
            <div class="month">
                <span class="month-arrow">{arrow(days.before_ms, words.earlier, "←")}</span>
                <h2 id="month">{month.title(lang)}</h2>
                <span class="month-arrow">{arrow(days.after_ms, words.later, "→")}</span>
            </div>
            <table class="calendar" aria-labelledby="month">
                <thead><tr>
                    {weekdays.map(|(short, full)| view! { <th scope="col" abbr=full>{short}</th> }).collect_view()}
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {is_empty.then(|| view! { <p class="faint">{words.quiet_month}</p> })}
        }
    }))
}
