//! A line of text.

use leptos::prelude::*;

use crate::dom::{Words, described_by, next_id, true_while};
use crate::{Icon, IconView};

/// What is typed into a field.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum FieldKind {
    /// Anything.
    #[default]
    Text,
    /// One address.
    Email,
    /// A secret.
    Password,
    /// What to look for; becomes a searchbox.
    Search,
}

impl FieldKind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Password => "password",
            Self::Search => "search",
        }
    }
}

/// What a field says besides its name: a hint before, an error after. They stay in the document, so that their ids
/// always lead somewhere, and take no room while empty.
pub(crate) fn field_notes(hint_id: String, hint: Words, error_id: String, error: Words) -> AnyView {
    let error = move || {
        error.get().map(|text| view! { <IconView icon=Icon::AlertTriangle /><span>{text}</span> }.into_any())
    };
    view! {
        <p class="field-hint" id=hint_id>{hint}</p>
        <p class="field-error" id=error_id>{error}</p>
    }
    .into_any()
}

/// One line of text with a label, and, where due, a hint and an error that assistive technology reads with it.
#[component]
pub fn TextField(
    /// What to type.
    #[prop(into)]
    label: String,
    /// What was typed.
    value: RwSignal<String>,
    /// Which keyboard and which browser help it gets.
    #[prop(optional)]
    kind: FieldKind,
    /// The `autocomplete` token, so that the browser can fill it in.
    #[prop(optional, into)]
    autocomplete: String,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Words,
    /// What is wrong with what was typed, and what to do.
    #[prop(optional, into)]
    error: Words,
    /// Whether it must be filled in. Announced; the form does the checking.
    #[prop(optional)]
    required: bool,
    /// Takes the focus when the page or the dialog around it opens.
    #[prop(optional)]
    autofocus: bool,
    /// Hides the label from the eye, where the place says it all (a search above its table).
    #[prop(optional)]
    hide_label: bool,
    /// An example, never the label.
    #[prop(optional, into)]
    placeholder: String,
    /// Called with every change, after `value` has it.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let id = next_id("field");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = described_by(vec![(hint_id.clone(), hint), (error_id.clone(), error)]);
    let some = |text: String| (!text.is_empty()).then_some(text);
    let search = kind == FieldKind::Search;
    let literal = matches!(kind, FieldKind::Email | FieldKind::Password).then_some("none");
    let typed = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    };
    view! {
        <div class="field">
            <label class=label_class(hide_label) for=id.clone()>{label}</label>
            <div class="field-box" class:with-icon=search>
                {search.then(|| view! { <IconView icon=Icon::Search /> })}
                <input
                    id=id
                    class="input"
                    type=kind.input_type()
                    autocomplete=some(autocomplete)
                    autocapitalize=literal
                    spellcheck=literal.map(|_| "false")
                    placeholder=some(placeholder)
                    autofocus=autofocus
                    aria-required=required.then_some("true")
                    aria-invalid=true_while(move || error.with(Option::is_some))
                    aria-describedby=described
                    prop:value=value
                    on:input=typed
                />
            </div>
            {field_notes(hint_id, hint, error_id, error)}
        </div>
    }
    .into_any()
}

/// A label's class, whether it shows or only speaks.
pub(crate) const fn label_class(hidden: bool) -> &'static str {
    if hidden { "field-label visually-hidden" } else { "field-label" }
}
