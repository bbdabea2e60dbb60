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

#[wasm_bindgen_test]
async fn of_hundreds_a_few_are_in_the_page_and_all_are_reached() {
    let (page, selected) = picker((0..500).map(|index| format!("Team {index}")).collect()).await;
    open(&page).await;
    let there = page.count("[role='option']");
    assert!(there < 100, "{there} options");
    let first = page.find("[role='option']");
    assert_eq!(first.get_attribute("aria-setsize").as_deref(), Some("500"));
    assert_eq!(first.get_attribute("aria-posinset").as_deref(), Some("1"));
    // From the first one back to the last.
    key("ArrowUp").await;
    key("ArrowUp").await;
    pause(50).await;
    assert_eq!(active(&page), "Team 499");
    assert_eq!(page.count("[role='option']"), 500);
    key("Enter").await;
    settled().await;
    assert_eq!(selected.get_untracked(), "w499");
    // The chosen one is there, however far down it is.
    open(&page).await;
    assert_eq!(active(&page), "Team 499");
    type_into(&page.find("[role='combobox']"), "team 1").await;
    assert_eq!(page.find("[role='option']").get_attribute("aria-setsize").as_deref(), Some("111"));
    assert!(page.count("[role='option']") < 100);
    key("Escape").await;
}
