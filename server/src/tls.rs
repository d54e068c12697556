//! How the program itself reaches others over TLS: for what lies behind links, and for a bucket of files.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

/// Whom Mozilla trusts.
pub fn usual_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// TLS 1.2 and 1.3 with whoever has a certificate that leads to one of these.
///
/// # Panics
/// When ring lacks what those versions need, which it does not.
pub fn client(roots: impl Into<Arc<RootCertStore>>) -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has what TLS 1.2 and 1.3 need")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
