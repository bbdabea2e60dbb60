//! A line of text.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement};

use crate::dom::{Words, described_by, next_id, true_while_said};
use crate::icon::draw;
use crate::{El, Icon, derive, el};

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

/// What to know before filling a field in.
pub(crate) fn hint_view(id: &str, hint: Option<Words>) -> Option<El> {
    hint.map(|hint| el("p").class("field-hint").attr("id", id).with(hint))
}

/// What is wrong with what was filled in. It stays in the document while all is well, hidden.
pub(crate) fn error_view(id: &str, error: Option<Words>) -> Option<El> {
    error.map(|error| {
        el("p")
            .class("field-error")
            .attr("id", id)
            .live("hidden", derive(move || error.with(Option::is_none).then(String::new)))
            .with(draw(Icon::AlertTriangle))
            .with(el("span").with(error))
    })
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
    hint: Option<Words>,
    /// What is wrong with what was typed, and what to do.
    #[prop(optional, into)]
    error: Option<Words>,
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
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let search = kind == FieldKind::Search;
    let literal = matches!(kind, FieldKind::Email | FieldKind::Password);
    let typed = move |event: Event| {
        let text = event_target_value(&event);
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    };
    let input = el("input")
        .attr("id", &id)
        .class("input")
        .attr("type", kind.input_type())
        .attr_if("autocomplete", some(&autocomplete).as_deref())
        .attr_if("autocapitalize", literal.then_some("none"))
        .attr_if("spellcheck", literal.then_some("false"))
        .attr_if("placeholder", some(&placeholder).as_deref())
        .attr_if("autofocus", autofocus.then_some(""))
        .attr_if("aria-required", required.then_some("true"))
        .live_if("aria-invalid", true_while_said(error))
        .live_if("aria-describedby", described)
        .react(move |input| show_value(input, &value.get()))
        .on("input", typed);
    el("div")
        .class("field")
        .with(el("label").class(label_class(hide_label)).attr("for", &id).with(&label))
        .with(
            el("div")
                .class(if search { "field-box with-icon" } else { "field-box" })
                .with(search.then(|| draw(Icon::Search)))
                .with(input),
        )
        .with(hint_view(&hint_id, hint))
        .with(error_view(&error_id, error))
        .view()
}

/// Shows a text in a field. Setting what is there already would move the caret.
pub(crate) fn show_value(field: &Element, text: &str) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        if input.value() != text {
            input.set_value(text);
        }
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>()
        && area.value() != text
    {
        area.set_value(text);
    }
}

/// A label's class, whether it shows or only speaks.
pub(crate) const fn label_class(hidden: bool) -> &'static str {
    if hidden { "field-label visually-hidden" } else { "field-label" }
}
