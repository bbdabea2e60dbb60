//! Run-time settings, so that one build serves every deployment: `public/config.json`, fetched by
//! `boot.js` while the wasm loads, and the sub-path in `<base href>`.

use std::cell::RefCell;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    /// Where the API is; empty: where the page came from.
    static API: RefCell<String> = const { RefCell::new(String::new()) };
    /// Whom to ask for what people agree on; empty: nobody is named.
    static CONTACT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Waits for the settings and keeps them. A missing or broken file means the defaults: the page
/// then says by itself whether the API answers.
pub async fn load() {
    let Some(config) = fetched().await else { return };
    let read = |name: &str| Reflect::get(&config, &JsValue::from_str(name)).ok()?.as_string();
    if let Some(api) = read("api") {
        API.set(api);
    }
    if let Some(contact) = read("contact") {
        CONTACT.set(contact);
    }
}

async fn fetched() -> Option<JsValue> {
    let promise = Reflect::get(&js_sys::global(), &JsValue::from_str("atriumConfig")).ok()?;
    wasm_bindgen_futures::JsFuture::from(promise.dyn_into::<js_sys::Promise>().ok()?).await.ok()
}

/// The address of whoever sells what people agree on, such as Enterprise: a page or a mailbox. Anything
/// else that stands there is no link.
pub fn contact() -> Option<String> {
    let contact = CONTACT.with_borrow(|contact| contact.trim().to_owned());
    (contact.starts_with("https://") || contact.starts_with("mailto:")).then_some(contact)
}

/// For when a file of the app is not there: whether a new version was put in place, and the page is
/// being loaded anew for it (`public/boot.js`).
pub async fn renew() -> bool {
    async fn called() -> Option<bool> {
        let renew = Reflect::get(&js_sys::global(), &JsValue::from_str("atriumRenew")).ok()?;
        let promise = renew.dyn_into::<js_sys::Function>().ok()?.call0(&JsValue::UNDEFINED).ok()?;
        wasm_bindgen_futures::JsFuture::from(promise.dyn_into::<js_sys::Promise>().ok()?)
            .await
            .ok()?
            .as_bool()
    }
    called().await.unwrap_or(false)
}

/// The address of an operation of the API.
pub fn api_address(path: &str) -> String {
    API.with_borrow(|api| format!("{}{path}", api.trim_end_matches('/')))
}

/// The sub-path of the deployment, without a slash at the end; empty at the root of a host.
pub fn base_path() -> String {
    let path = leptos::prelude::document()
        .base_uri()
        .ok()
        .flatten()
        .and_then(|uri| uri.split_once("://").map(|(_, rest)| rest.to_owned()))
        .and_then(|rest| rest.split_once('/').map(|(_, path)| format!("/{path}")))
        .unwrap_or_default();
    path.trim_end_matches('/').to_owned()
}
