//! Who of those entered needs a look: grouped by why, each to be corrected in place.

use atrium_domain::invitees::Standing;
use atrium_domain::typos::with_domain;
use atrium_ui::{Button, ButtonKind, El, Icon, derive, el, keyed, memo, next_id, when};
use atrium_words::{t, tn};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, KeyboardEvent};

use super::people::{Invitees, Line};
use super::refocus;
use crate::components::ago;
use crate::forms::resend_invitation::ResendInvitation;

/// Why somebody needs a look.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Why {
    NotAnAddress,
    Refused,
    Member,
    Invited,
    Mistyped,
}

impl Why {
    const ALL: [Self; 5] = [Self::NotAnAddress, Self::Refused, Self::Member, Self::Invited, Self::Mistyped];

    fn of(line: &Line) -> Option<Self> {
        match &line.standing {
            Standing::NotAnAddress => Some(Self::NotAnAddress),
            Standing::Member => Some(Self::Member),
            Standing::Invited => Some(Self::Invited),
            _ if line.entry.refused.is_some() => Some(Self::Refused),
            Standing::Mistyped(_) => Some(Self::Mistyped),
            Standing::ToInvite | Standing::Outside => None,
        }
    }

    fn title(self, count: usize) -> String {
        match self {
            Self::NotAnAddress => tn!(count, "{count} not an address", "{count} not addresses"),
            Self::Refused => tn!(count, "{count} refused", "{count} refused"),
            Self::Member => tn!(count, "{count} member already", "{count} members already"),
            Self::Invited => tn!(count, "{count} invited already", "{count} invited already"),
            Self::Mistyped => tn!(count, "{count} perhaps mistyped", "{count} perhaps mistyped"),
        }
    }

    const fn tone(self) -> &'static str {
        match self {
            Self::NotAnAddress | Self::Refused => "bad",
            Self::Member | Self::Invited | Self::Mistyped => "warn",
        }
    }
}

/// Whether somebody stands here, and not among the chips.
pub fn needs_a_look(line: &Line) -> bool {
    Why::of(line).is_some()
}

/// All groups.
pub fn to_look_at(people: Invitees) -> AnyView {
    el("div").class("sorted").with(Why::ALL.map(|why| group(people, why))).view()
}

fn group(people: Invitees, why: Why) -> AnyView {
    let lines = memo(move || {
        people
            .lines
            .with(|lines| lines.iter().filter(|line| Why::of(line) == Some(why)).cloned().collect::<Vec<_>>())
    });
    let count = memo(move || lines.with(Vec::len));
    let texts = move || lines.with_untracked(|lines| texts_of(lines));
    let several = move || {
        let (label, act) = match why {
            Why::Mistyped => (
                t!("Use all suggestions"),
                Callback::new(move |()| lines.get_untracked().iter().for_each(|line| accept(people, line))),
            ),
            _ => (t!("Remove all"), Callback::new(move |()| people.remove_all(&texts()))),
        };
        let name = derive(move || {
            let which = why.title(count.get());
            match why {
                Why::Mistyped => t!("Use all suggestions: {which}", which),
                _ => t!("Remove all: {which}", which),
            }
        });
        let on_press = Callback::new(move |()| {
            act.run(());
            refocus(None);
        });
        view! { <Button label name kind=ButtonKind::Quiet on_press /> }.into_any()
    };
    let row = move |key: String| {
        let line = lines.with_untracked(|lines| lines.iter().find(|line| key_of(line) == key).cloned());
        line.map_or_else(|| ().into_any(), |line| row_view(people, &line))
    };
    let keys = derive(move || lines.with(|lines| lines.iter().map(key_of).collect::<Vec<_>>()));
    let view = move || {
        let title = derive(move || Some(why.title(count.get())));
        let head = el("div")
            .class("sorted-head")
            .with(el("span").class("sorted-title").with(title))
            .with(when(move || count.get() > 1, several));
        el("div")
            .class(&format!("sorted-group {}", why.tone()))
            .attr("role", "group")
            .live("aria-label", title)
            .with(head)
            .with(el("ul").class("sorted-list").attr("role", "list").with(keyed(keys, row)))
            .view()
    };
    when(move || count.get() > 0, view)
}

fn texts_of(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.text().to_owned()).collect()
}

/// A row is made anew when what it says changes.
fn key_of(line: &Line) -> String {
    format!("{}\n{:?}\n{}", line.text(), line.standing, line.entry.refused.as_deref().unwrap_or_default())
}

fn accept(people: Invitees, line: &Line) {
    if let Standing::Mistyped(domain) = &line.standing {
        people.correct(line.text(), &with_domain(line.text(), domain));
    }
}

fn row_view(people: Invitees, line: &Line) -> AnyView {
    let text = line.text().to_owned();
    let invitation = untrack(|| people.invitation(&text));
    let note = match (&line.standing, &line.entry.refused) {
        (Standing::NotAnAddress, _) => t!("not an email address").to_owned(),
        (Standing::Member, _) => t!("already a member").to_owned(),
        (Standing::Invited, _) => {
            let age = invitation.as_ref().map(|one| ago(&one.created_at)).unwrap_or_default();
            if age.is_empty() { t!("already invited").to_owned() } else { t!("already invited {age}", age) }
        }
        (_, Some(refused)) => refused.clone(),
        (Standing::Mistyped(domain), None) => t!("perhaps {domain}", domain),
        _ => String::new(),
    };
    let fix = match &line.standing {
        Standing::Mistyped(domain) => {
            let (line, own) = (line.clone(), text.clone());
            let use_it = Callback::new(move |()| {
                refocus(Some(&own));
                accept(people, &line);
            });
            let name = t!("Use {domain} for {text}", domain, text);
            Some(view! { <Button label=t!("Use {domain}", domain) name on_press=use_it /> }.into_any())
        }
        Standing::Invited => {
            let done = Callback::new(move |()| people.ask_again());
            Some(view! { <ResendInvitation email=text.clone() done /> }.into_any())
        }
        _ => None,
    };
    let gone = text.clone();
    let remove = Callback::new(move |()| {
        refocus(Some(&gone));
        people.remove(&gone);
    });
    let remove = view! {
        <Button label=t!("Remove {email}", email = text) icon=Icon::X icon_only=true kind=ButtonKind::Quiet on_press=remove />
    };
    let actions = el("span").class("sorted-actions").with(fix).with(remove);
    let item = el("li").class("sorted-row").attr("role", "listitem").attr("data-of", &text);
    item.with(correctable(people, &text, &note)).with(actions).view()
}

/// The address in a field of its own, with what there is to say about it.
fn correctable(people: Invitees, text: &str, note: &str) -> El {
    let take = {
        let old = text.to_owned();
        move |event: &Event| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let new = field.map(|field| field.value()).unwrap_or_default();
            if new.trim() != old && !new.trim().is_empty() {
                people.correct(&old, &new);
            }
        }
    };
    let by_enter = {
        let (take, old) = (take.clone(), text.to_owned());
        move |event: Event| {
            let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).unwrap_or_default();
            if key == "Enter" {
                event.prevent_default();
                refocus(Some(&old));
                take(&event);
            }
        }
    };
    let note_id = next_id("note");
    let field = el("input")
        .class("input sorted-input")
        .attr("type", "text")
        .attr("value", text)
        .attr("aria-label", &t!("Correct {text}", text))
        .attr("aria-describedby", &note_id)
        .attr("autocomplete", "off")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .on("change", move |event| take(&event))
        .on("keydown", by_enter);
    let note = el("span").class("sorted-note").attr("id", &note_id).with(note);
    el("span").class("sorted-words").with([field, note])
}
