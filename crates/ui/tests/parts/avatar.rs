use atrium_ui::{Avatar, el};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Page;

/// The colours that a picture can have.
const COLOURS: u32 = 12;

/// A picture for each seed, under a name that says nothing about it.
async fn pictures(seeds: Vec<String>) -> Page {
    let picture = |(number, seed): (usize, String)| {
        view! { <Avatar name=format!("Number {number}") seed square=number % 2 == 0 /> }.into_any()
    };
    let all: Vec<AnyView> = seeds.into_iter().enumerate().map(picture).collect();
    Page::with(move || el("div").with(all.into_any()).view()).await
}

/// How many pictures each colour has.
fn shares(page: &Page) -> Vec<u32> {
    (0..COLOURS).map(|colour| page.count(&format!(".avatar.av-{colour}"))).collect()
}

/// Ids as a server makes them at random; the same in each run.
fn ids(count: usize) -> Vec<String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let id = |_| {
        let (high, low) = (random(), random());
        let last = low & 0xffff_ffff_ffff;
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{last:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 52
        )
    };
    (0..count).map(id).collect()
}

#[wasm_bindgen_test]
async fn every_id_has_a_colour_of_the_palette_and_two_seldom_the_same() {
    let page = pictures(ids(1_200)).await;
    let shares = shares(&page);
    assert_eq!(shares.iter().sum::<u32>(), 1_200, "one has no colour, or two: {shares:?}");
    // A hundred for each would be even: two of them are the same in one case of twelve, or hardly more.
    assert!(shares.iter().all(|share| (65..=135).contains(share)), "{shares:?}");
    let style = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../style/tokens.css"));
    let painted = (0..=COLOURS).filter(|colour| style.contains(&format!(".av-{colour} {{ --hue: "))).count();
    assert_eq!(painted, shares.len(), "the style sheet has other colours");
}

#[wasm_bindgen_test]
async fn ids_that_differ_in_one_digit_differ_in_their_colour() {
    let near = (0..240).map(|number| format!("018f3c5e-7a10-7000-8000-{number:012x}")).collect();
    let shares = shares(&pictures(near).await);
    assert!(shares.iter().all(|share| (8..=36).contains(share)), "{shares:?}");
}

#[wasm_bindgen_test]
async fn an_id_keeps_its_colour_whatever_its_name_and_shape() {
    for id in ids(30) {
        let page = pictures(vec![id.clone(); 7]).await;
        assert!(shares(&page).contains(&7), "{id}");
    }
    // From one version to the next, too: people know a workspace by it.
    let page = pictures(vec!["6f1c8a0e-3f5d-4c57-9d1b-0a4c2f7e9b11".to_owned()]).await;
    assert_eq!(page.count(".avatar.av-10"), 1);
}

#[wasm_bindgen_test]
async fn a_place_that_was_chosen_is_the_colour() {
    let page = pictures((0..COLOURS).map(|place| format!("#{place}")).collect()).await;
    assert_eq!(shares(&page), [1; COLOURS as usize]);
    let order: Vec<String> = (0..COLOURS).map(|place| format!(".av-{place}")).collect();
    assert_eq!(page.count(&order.join(" + ")), 1, "they are in another order");
}
