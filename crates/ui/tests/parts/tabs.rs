use atrium_ui::{Tab, Tabs};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, focused, key};

#[wasm_bindgen_test]
async fn arrows_home_and_end_select() {
    let selected = RwSignal::new("members".to_owned());
    let page = Page::with(move || {
        let tab = |id: &str, count| Tab { id: id.to_owned(), label: id.to_owned(), count };
        let tabs = vec![tab("members", Some(12)), tab("roles", None), tab("log", None)];
        view! {
            <Tabs label="Settings" tabs selected on_select=move |id| selected.set(id)>
                <p>"Panel"</p>
            </Tabs>
        }
        .into_any()
    })
    .await;
    page.find("[role='tab']").focus().unwrap();
    for (name, expected) in [
        ("ArrowRight", "roles"),
        ("ArrowRight", "log"),
        ("ArrowRight", "members"),
        ("ArrowLeft", "log"),
        ("Home", "members"),
        ("End", "log"),
    ] {
        assert!(key(name).await);
        assert_eq!(selected.get_untracked(), expected);
        assert_eq!(
            focused().text_content().as_deref(),
            Some(if expected == "members" { "members12" } else { expected })
        );
        assert_eq!(focused().get_attribute("aria-selected").as_deref(), Some("true"));
        assert_eq!(page.count("[role='tab'][tabindex='0']"), 1);
    }
    assert_eq!(page.find("[role='tabpanel']").get_attribute("aria-labelledby"), Some(focused().id()));
    assert_eq!(page.find(".tab-count").get_attribute("aria-hidden").as_deref(), Some("true"));
}
