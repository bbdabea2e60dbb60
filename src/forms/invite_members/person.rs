//! One who differs from the others: another address, role or workspaces.

use atrium_domain::invitees::Standing;
use atrium_ui::{Button, ButtonKind, FieldKind, TextField, all, derive, el, focus, optional, sentence};
use atrium_words::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use super::access::{Choices, access_fields};
use super::people::{Access, Invitees};

/// The panel of the person whose chip was pressed; nothing while there is none.
pub fn panel(
    people: Invitees,
    choices: Choices,
    others: Memo<Access>,
    editing: RwSignal<Option<String>>,
) -> AnyView {
    optional(move || {
        let who = editing.get()?;
        Some(one(people, choices, others, editing, who))
    })
}

fn one(
    people: Invitees,
    choices: Choices,
    others: Memo<Access>,
    editing: RwSignal<Option<String>>,
    who: String,
) -> AnyView {
    let address = RwSignal::new(who.clone());
    let of_chip = who.clone();
    let own = {
        let who = who.clone();
        move || {
            people.lines.with(|lines| {
                let line = lines.iter().find(|line| line.text() == who);
                line.and_then(|line| line.entry.own.clone())
            })
        }
    };
    let differs = {
        let own = own.clone();
        derive(move || own().is_some())
    };
    let value = derive(move || own().unwrap_or_else(|| others.get()));
    let set = {
        let who = who.clone();
        // What is the same as the others have follows them again.
        Callback::new(move |access: Access| {
            let own = Some(access).filter(|access| *access != others.get_untracked());
            people.set_own(&who, own);
        })
    };
    let done = {
        let who = who.clone();
        Callback::new(move |()| {
            let new = address.get_untracked();
            editing.set(None);
            if new.trim() != who && !new.trim().is_empty() {
                people.correct(&who, &new);
            }
            let chip = new.trim().to_owned();
            request_animation_frame(move || focus_chip(&chip));
        })
    };
    let again = {
        let who = who.clone();
        Callback::new(move |()| {
            people.set_own(&who, None);
            // The button goes with what it took back.
            request_animation_frame(|| {
                if let Ok(Some(field)) = document().query_selector("dialog[open] .person input") {
                    focus(&field);
                }
            });
        })
    };
    let on_key = move |event: Event| {
        let Some(pressed) = event.dyn_ref::<KeyboardEvent>() else { return };
        let in_field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let in_text = in_field
            .is_some_and(|field| field.matches("input[type='text'], input[type='email']").unwrap_or(false));
        match pressed.key().as_str() {
            "Enter" if in_text => {
                event.prevent_default();
                done.run(());
            }
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                editing.set(None);
                let chip = of_chip.clone();
                request_animation_frame(move || focus_chip(&chip));
            }
            _ => {}
        }
    };
    let outside = {
        let who = who.clone();
        optional(move || {
            let usual = people.usual_domain()?;
            let outside = people.lines.with(|lines| {
                lines.iter().any(|line| line.text() == who && line.standing == Standing::Outside)
            });
            let words =
                t!("Most people here have an address at {usual}. This one is invited all the same.", usual);
            outside.then(|| el("p").class("field-hint").with(words).view())
        })
    };
    let field = view! {
        <TextField label=t!("Email address") kind=FieldKind::Email value=address autofocus=true />
    };
    let fields = access_fields(choices, value, set, Some(&who), (Some(field.into_any()), None));
    let same = move || {
        differs.get().then(|| {
            view! { <Button label=t!("The same as the others") kind=ButtonKind::Quiet on_press=again /> }
                .into_any()
        })
    };
    let buttons = el("div")
        .class("person-actions")
        .with(optional(same))
        .with(view! { <Button label=t!("Done") on_press=done /> });
    let panel = el("div")
        .class("person")
        .attr("role", "group")
        .attr("aria-label", &t!("Only for {who}", who))
        .with(
            el("p")
                .class("person-title")
                .with(sentence(t!("Only for {who}"), |_| el("strong").with(&who).view())),
        )
        .with(all([fields, outside]))
        .with(buttons)
        .on("keydown", on_key);
    let node = panel.node().clone();
    request_animation_frame(move || {
        if let Ok(Some(field)) = node.query_selector("input") {
            focus(&field);
        }
    });
    panel.view()
}

/// Puts the focus on somebody's chip, else into the field.
fn focus_chip(text: &str) {
    let Ok(buttons) = document().query_selector_all("dialog[open] .chip-edit") else { return };
    let chip = (0..buttons.length())
        .filter_map(|index| buttons.get(index)?.dyn_into::<Element>().ok())
        .find(|button| button.text_content().as_deref() == Some(text));
    match chip {
        Some(chip) => focus(&chip),
        None => super::refocus(None),
    }
}
