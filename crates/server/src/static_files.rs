//! The app's files: every page's address gives `index.html`, files compressed beforehand are sent
//! as they are, and files named by their content are kept by browsers for good.

use std::convert::Infallible;
use std::path::PathBuf;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use tower_http::services::ServeDir;

use crate::error::ApiError;
use crate::serve::is_api;

/// Serves a directory.
pub fn service(directory: PathBuf) -> MethodRouter<(), Infallible> {
    let files = ServeDir::new(directory)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    axum::routing::any(move |request: Request| answer(files.clone(), request))
}

async fn answer(mut files: ServeDir, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if is_api(&path) {
        return crate::routes::not_found().await.into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").into_response();
    }
    let (mut parts, _) = request.into_parts();
    if is_page(&path) {
        parts.uri = Uri::from_static("/index.html");
    }
    let served = files.try_call(Request::from_parts(parts, Body::empty())).await;
    let mut response = match served {
        Ok(response) => response.map(Body::new),
        Err(error) => {
            // Without the path, which anybody can write.
            tracing::warn!(%error, "a file cannot be read");
            StatusCode::NOT_FOUND.into_response()
        }
    };
    let cached = response.status() != StatusCode::NOT_FOUND && is_hashed(&path);
    let lifetime = if cached { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lifetime));
    // One address has three forms; a cache must not give one browser another's.
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Whether a path is a page's: nothing in its last part looks like a file's ending.
fn is_page(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// Whether a file's name holds a hash of its content: `-`, eight or more hex digits, `.` or `_`
/// (`app-0123456789abcdef_bg.wasm`).
fn is_hashed(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.split('-').skip(1).any(|part| {
        let digits = part.chars().take_while(char::is_ascii_hexdigit).count();
        digits >= 8 && part[digits..].starts_with(['.', '_'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_hashes() {
        for hashed in ["/app-0123456789abcdef.js", "/x/app-0123abcd_bg.wasm", "/style-deadbeef.css"] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in ["/index.html", "/app-short.js", "/a-0123.js", "/-deadbeef/app.js", "/deadbeef.js"] {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn pages_have_no_ending() {
        assert!(is_page("/") && is_page("/login") && is_page("/o/1/w/2/"));
        assert!(!is_page("/app.js") && !is_page("/o/app.wasm"));
    }
}
