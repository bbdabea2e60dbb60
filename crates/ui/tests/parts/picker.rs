use atrium_ui::{Picker, PickerItem};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, focused, has_focus, key, pause, press, settled, type_into};

async fn picker(labels: Vec<String>) -> (Page, RwSignal<String>) {
    let selected = RwSignal::new("w1".to_owned());
    let page = Page::with(move || {
        let items: Vec<PickerItem> = labels
            .into_iter()
            .enumerate()
            .map(|(index, label)| PickerItem {
                id: format!("w{index}"),
                label,
                note: None,
                seed: index.to_string(),
            })
            .collect();
        view! {
            <Picker
                button_name=Signal::derive(move || format!("Workspace: {}", selected.get()))
                button_text=selected
                list_name="Workspaces"
                filter_name="Find a workspace"
                items
                selected
                on_pick=move |id| selected.set(id)
            />
        }
        .into_any()
    })
    .await;
    (page, selected)
}

async fn open(page: &Page) {
    press(&page.find("button[aria-haspopup='listbox']")).await;
    pause(50).await;
}

fn active(page: &Page) -> String {
    let id = focused().get_attribute("aria-activedescendant").unwrap_or_default();
    page.try_find(&format!("#{id}")).and_then(|option| option.get_attribute("aria-label")).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_short_list_goes_by_arrows_and_letters() {
    let (page, selected) = picker(vec!["Research".into(), "Production".into(), "Staging".into()]).await;
    let button = page.find("button[aria-haspopup='listbox']");
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("false"));
    open(&page).await;
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("true"));
    assert_eq!(focused().get_attribute("aria-label").as_deref(), Some("Workspaces"));
    assert_eq!(active(&page), "Production");
    key("ArrowDown").await;
    assert_eq!(active(&page), "Staging");
    key("ArrowDown").await;
    assert_eq!(active(&page), "Research");
    key("End").await;
    assert_eq!(active(&page), "Staging");
    key("p").await;
    assert_eq!(active(&page), "Production");
    key("Home").await;
    key("Enter").await;
    settled().await;
    assert_eq!(selected.get_untracked(), "w0");
    assert!(has_focus(&button));
    assert_eq!(page.count("[role='option']"), 0);
}

#[wasm_bindgen_test]
async fn a_long_list_is_narrowed_and_escape_leaves() {
    let (page, selected) = picker((0..30).map(|index| format!("Team {index}")).collect()).await;
    let button = page.find("button[aria-haspopup='listbox']");
    open(&page).await;
    let filter = page.find("[role='combobox']");
    assert!(has_focus(&filter));
    assert_eq!(filter.get_attribute("aria-label").as_deref(), Some("Find a workspace"));
    assert_eq!(filter.get_attribute("aria-controls"), Some(page.find("[role='listbox']").id()));
    type_into(&filter, "team 2").await;
    assert_eq!(page.count("[role='option']"), 11);
    assert_eq!(active(&page), "Team 2");
    key("ArrowDown").await;
    assert_eq!(active(&page), "Team 20");
    type_into(&filter, "nowhere").await;
    assert_eq!(page.count("[role='option']"), 0);
    assert!(page.find("[role='status']").inner_text().contains("nowhere"));
    assert!(key("Escape").await);
    settled().await;
    assert!(has_focus(&button));
    assert_eq!(selected.get_untracked(), "w1");
    open(&page).await;
    assert_eq!(page.count("[role='option']"), 30, "an old filter stayed");
    assert_eq!(page.find("[aria-selected='true']").get_attribute("aria-label").as_deref(), Some("Team 1"));
    key("Escape").await;
}
