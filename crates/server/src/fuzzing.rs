//! The readers of outside input, for the fuzz targets in `fuzz/`. Each panics where what was read
//! breaks a promise; that it panics nowhere else is what the targets look for.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr};

use atrium_domain::change_set::ChangeSet;
use atrium_domain::csv;
use atrium_domain::email::{MAX_ADDRESS, is_address, parse_list};
use atrium_domain::json::{FromJson, Json};
use atrium_domain::people_import::{File, Names, read_line};
use atrium_domain::wire::SignUp;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SqliteQueryBuilder};
use sea_orm::sqlx::{self, Connection, SqliteConnection};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::auth::sessions::{bearer, cookie};
use crate::billing::read_message;
use crate::db::people::{Text, matching};
use crate::error::Result;
use crate::net::client::{Network, client};
use crate::request::{id_of, idempotency};
use crate::routes::language::{self, Term};
use crate::routes::{Invitee, credentials, read_cursor};
use crate::validate::{Params, check_text, contains, header_id, parse};

/// Whatever is refused is refused as the client's mistake.
fn refused<T>(result: Result<T>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            assert!(error.status.is_client_error(), "{error:?}");
            None
        }
    }
}

/// A query string.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(uri) = format!("/?{text}").parse::<Uri>() else { return };
    let Some(params) = refused(Params::of(&uri)) else { return };
    for key in ["limit", "offset", "q", "emails", "sort_by", "start_time", "cursor", "is_disabled"] {
        refused(params.flag(key, false));
        refused(params.optional_flag(key));
        if let Some(number) = refused(params.number(key, 5, 1, 500)) {
            assert!((1..=500).contains(&number));
        }
        if let Some(Some(text)) = refused(params.text(key)) {
            assert!(!text.is_empty() && !text.contains('\0'));
            read_cursor(text);
        }
        if let Some(list) = refused(params.list(key)) {
            assert!(list.len() <= 500);
        }
        refused(params.texts(key));
        refused(params.ids(key));
        if let Some(word) = refused(params.word(key, &["name", "email"], "name")) {
            assert!(["name", "email"].contains(&word));
        }
        refused(params.moment(key));
    }
    if let Some((limit, offset)) = refused(params.page(50, 500)) {
        assert!((1..=500).contains(&limit) && i64::try_from(offset).is_ok());
    }
    read_cursor(&text);
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// A JSON body.
pub fn body(bytes: &[u8]) {
    if let Err(error) = parse::<SignUp>(bytes) {
        assert_eq!(error.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    refused(parse::<Invitee>(bytes));
    refused(parse::<Vec<Invitee>>(bytes));
    refused(parse::<Vec<Vec<SignUp>>>(bytes));
    if let Some(value) = refused(parse::<Value>(bytes)) {
        assert!(!has_nul(&value), "{value}");
        if let Some(text) = value.as_str()
            && refused(check_text(text, &["body", "text"], 1, 100)).is_some()
        {
            assert!(!text.trim().is_empty() && text.chars().count() <= 100);
        }
    }
}

/// Lines of headers: the first byte of each chooses the name.
pub fn headers(bytes: &[u8]) {
    const NAMES: [&str; 8] = [
        "authorization",
        "cookie",
        "x-api-key",
        "x-forwarded-for",
        "x-request-id",
        "idempotency-key",
        "x-organization-id",
        "x-tenant-id",
    ];
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Some((first, rest)) = line.split_first()
            && let Ok(value) = HeaderValue::from_bytes(rest)
        {
            headers.append(HeaderName::from_static(NAMES[usize::from(*first) % NAMES.len()]), value);
        }
    }
    if let Some((address, _)) = credentials(&headers) {
        assert!(address.len() <= MAX_ADDRESS && !address.contains('\0') && !address.contains(':'));
    }
    if let Some(token) = bearer(&headers) {
        assert_eq!(token, token.trim());
    }
    if let Some(secret) = cookie(&headers) {
        assert!(!secret.contains(';'));
    }
    let id = id_of(&headers);
    assert!(!id.is_empty() && id.len() <= 64);
    assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')), "{id}");
    if let Some(key) = refused(idempotency::key(&headers)) {
        assert!(!key.is_empty() && key.is_ascii());
    }
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let proxies: Vec<Network> = "127.0.0.1".parse().into_iter().collect();
    assert_eq!(client(peer, &headers, &[]), peer, "nobody is believed who is not trusted");
    client(peer, &headers, &proxies);
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.headers = headers;
    for name in ["x-organization-id", "x-tenant-id"] {
        refused(header_id(&parts, name));
    }
}

/// A filter of projects.
pub fn filter(bytes: &[u8]) {
    fn depth(term: &Term) -> usize {
        match term {
            Term::Call(_, terms) => 1 + terms.iter().map(depth).max().unwrap_or(0),
            Term::Number(number) => {
                assert!(number.is_finite(), "{number}");
                0
            }
            Term::Word(_) | Term::Text(_) => 0,
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match language::parse(text) {
        Ok(term) => assert!(matches!(term, Term::Call(..)) && depth(&term) <= language::MAX_DEPTH + 1),
        Err(sentence) => assert!(sentence.ends_with('.'), "{sentence}"),
    }
}

/// A message that claims to be Stripe's.
pub fn webhook(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let header = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let body = parts.next().unwrap_or_default();
    assert!(!read_message(&header, body), "nobody who does not know the secret can sign");
}

thread_local! {
    static DATABASE: RefCell<(Runtime, SqliteConnection)> = RefCell::new(database());
}

fn database() -> (Runtime, SqliteConnection) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let connection = runtime.block_on(async {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let table = "CREATE VIRTUAL TABLE member_text USING fts5 (email, name_key, tokenize = 'trigram case_sensitive 1')";
        sqlx::query(table).execute(&mut connection).await.unwrap();
        connection
    });
    (runtime, connection)
}

/// A text to look for, and in the other lines texts to find it in.
pub fn search(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (wanted, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (email, name) = rest.split_once('\n').unwrap_or((rest, ""));
    // As the border leaves them, and the database keeps them.
    if text.contains('\0') || wanted.is_empty() {
        return;
    }
    let (email, name) = (email.to_lowercase(), name.to_lowercase());
    let key = wanted.to_lowercase();
    let holds = email.contains(&key) || name.contains(&key);
    DATABASE.with_borrow_mut(|(runtime, connection)| {
        runtime.block_on(async {
            sqlx::query("DELETE FROM member_text").execute(&mut *connection).await.unwrap();
            let insert = sqlx::query("INSERT INTO member_text (rowid, email, name_key) VALUES (7, ?, ?)");
            insert.bind(&email).bind(&name).execute(&mut *connection).await.unwrap();
            if let Some(found) = matching(&[wanted], &[Text::Email, Text::Name]) {
                let sql = found.to_string(SqliteQueryBuilder);
                let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *connection).await.unwrap();
                assert_eq!(rows.len(), usize::from(holds), "{wanted:?} in {email:?} and {name:?}");
            }
            let like = |column: &'static str| Expr::col(column).like(contains(wanted));
            let mut select = Query::select();
            select.column("email").from("member_text").cond_where(like("email").or(like("name_key")));
            let sql = select.to_string(SqliteQueryBuilder);
            let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *connection).await.unwrap();
            assert_eq!(rows.len(), usize::from(holds), "LIKE: {wanted:?} in {email:?} and {name:?}");
        });
    });
}

/// A file of addresses or of invitations, pasted or dropped into the app.
pub fn lists(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for pasted in parse_list(&text) {
        assert!(!pasted.text().is_empty());
    }
    let lines = csv::read(&text);
    let mut written = String::from(csv::BOM);
    for line in &lines {
        assert!(!line.cells.is_empty());
        let cells: Vec<_> = line.cells.iter().map(String::as_str).collect();
        csv::write_line(&mut written, &cells);
    }
    let again = csv::read(&written);
    assert!(lines.iter().map(|line| &line.cells).eq(again.iter().map(|line| &line.cells)), "{written:?}");
    let file = File::read(&text);
    for line in &file.lines {
        if let Ok(read) = read_line(line, file.guess, &Names::default()) {
            assert!(is_address(&read.email), "{read:?}");
        }
    }
}

/// Changes that a browser has kept, by whatever version.
pub fn kept(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(set) = Json::parse(&text).and_then(|json| ChangeSet::from_json(&json)) else { return };
    let kept = serde_json::to_string(&set).expect("a set is text");
    assert_eq!(Json::parse(&kept).and_then(|json| ChangeSet::from_json(&json)), Some(set));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seeds of a target, and what becomes of them by changes here and there: too little to
    /// find much, enough to see with every run of the tests that the target itself works.
    fn try_out(target: &str, run: fn(&[u8])) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/");
        let mut state: u32 = 0x9e37_79b9;
        let mut random = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            usize::try_from(state).unwrap() % below.max(1)
        };
        let mut seeds = 0;
        for seed in std::fs::read_dir(format!("{folder}{target}")).unwrap() {
            let seed = std::fs::read(seed.unwrap().path()).unwrap();
            run(&seed);
            seeds += 1;
            for _ in 0..200 {
                let mut bytes = seed.clone();
                for _ in 0..=random(4) {
                    let place = random(bytes.len());
                    match random(4) {
                        0 => bytes.truncate(place),
                        1 => bytes.insert(place.min(bytes.len()), u8::try_from(random(256)).unwrap()),
                        2 => bytes.extend_from_within(place.min(bytes.len())..),
                        _ => {
                            if let Some(byte) = bytes.get_mut(place) {
                                *byte ^= 1 << random(8);
                            }
                        }
                    }
                    bytes.truncate(4096);
                }
                run(&bytes);
            }
        }
        assert!(seeds > 0, "no seeds of {target}");
    }

    #[test]
    fn the_targets_hold() {
        try_out("query", query);
        try_out("body", body);
        try_out("headers", headers);
        try_out("webhook", webhook);
        try_out("lists", lists);
        try_out("kept", kept);
        try_out("search", search);
        try_out("filter", filter);
    }
}
