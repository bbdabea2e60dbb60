//! The app's files.

use tempfile::TempDir;

use crate::common::Server;

fn site() -> (Server, TempDir) {
    let files = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = files.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("index.html", "<!doctype html><title>plain</title>");
    write("index.html.br", "brotli page");
    write("index.html.gz", "gzip page");
    write("app-0123456789abcdef_bg.wasm", "wasm");
    write("app-0123456789abcdef_bg.wasm.br", "brotli wasm");
    write("app-0123456789abcdef.js", "js");
    write("icons/icon.svg", "<svg/>");
    write("config.json", "{}");
    let server = Server::start_in(TempDir::new().unwrap(), &["--static", files.path().to_str().unwrap()]);
    (server, files)
}

#[test]
fn pages_and_files() {
    let (server, _files) = site();
    let get = |path: &str, encoding: &str| {
        server.send("GET", &format!("/!{path}"), &[("accept-encoding", encoding)], None)
    };
    for page in ["/", "/login", "/o/1/w/2/projects", "/o/1/settings/members?q=x", "/deep/", "/index.html"] {
        let reply = get(page, "identity");
        assert_eq!(reply.status, 200, "{page}");
        assert!(
            reply.headers.get("content-type").unwrap().to_str().unwrap().starts_with("text/html"),
            "{page}"
        );
        assert_eq!(reply.headers.get("cache-control").unwrap(), "no-cache", "{page}");
        assert!(reply.body.to_string().contains("plain"), "{page}");
    }
    for (path, kind, cache) in [
        ("/app-0123456789abcdef_bg.wasm", "application/wasm", "public, max-age=31536000, immutable"),
        ("/app-0123456789abcdef.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("/icons/icon.svg", "image/svg+xml", "no-cache"),
        ("/config.json", "application/json", "no-cache"),
    ] {
        let reply = get(path, "identity");
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.headers.get("content-type").unwrap(), kind, "{path}");
        assert_eq!(reply.headers.get("cache-control").unwrap(), cache, "{path}");
        assert_eq!(reply.headers.get("vary").unwrap(), "accept-encoding", "{path}");
    }
    for missing in
        ["/nope.js", "/app-ffffffffffffffff.js", "/favicon.ico", "/..%2f..%2fetc%2fpasswd.txt", "/%00.js"]
    {
        let reply = get(missing, "identity");
        assert_eq!(reply.status, 404, "{missing}");
        assert_eq!(reply.headers.get("cache-control").unwrap(), "no-cache", "{missing}");
    }
    let traversal = get("/..%2f..%2f..%2fetc%2fpasswd", "identity");
    assert!(!traversal.body.to_string().contains("root:"), "{}", traversal.body);
    assert_eq!(get("/api/v1/nope", "identity").status, 404);
    assert_eq!(server.send("POST", "/!/login", &[], None).status, 405);
}

#[test]
fn files_compressed_beforehand() {
    let (server, _files) = site();
    let get = |path: &str, encoding: &str| {
        server.send("GET", &format!("/!{path}"), &[("accept-encoding", encoding)], None)
    };
    let wasm = get("/app-0123456789abcdef_bg.wasm", "gzip, br");
    assert_eq!(wasm.headers.get("content-encoding").unwrap(), "br");
    assert_eq!(wasm.headers.get("content-type").unwrap(), "application/wasm");
    let page = get("/o/1", "br");
    assert_eq!(page.headers.get("content-encoding").unwrap(), "br");
    assert!(page.headers.get("content-type").unwrap().to_str().unwrap().starts_with("text/html"));
    assert!(page.body.to_string().contains("brotli page"));
    assert!(get("/app-0123456789abcdef.js", "br").headers.get("content-encoding").is_none(), "no such form");
}

#[test]
fn every_answer_carries_the_policy() {
    let (server, _files) = site();
    for path in
        ["/!/", "/!/login", "/!/app-0123456789abcdef_bg.wasm", "/!/nope.js", "/info", "/nope", "/orgs"]
    {
        let reply = server.send("GET", path, &[], None);
        let header = |name: &str| {
            reply.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let policy = header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("'wasm-unsafe-eval'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(!header("permissions-policy").is_empty() && !header("referrer-policy").is_empty(), "{path}");
    }
}
