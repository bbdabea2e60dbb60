//! How far many changes have come, and what became of each.

use atrium_domain::csv;
use atrium_ui::{
    Button, ButtonKind, DialogActions, Icon, InlineError, all, derive, dynamic, el, memo, text, when,
};
use atrium_words::{plain, t, tn};
use leptos::prelude::*;

use super::{One, Outcome, Run};
use crate::components::{Progress, number, progress_bar};
use crate::download;

/// So many results are listed; all of them are in the file.
const MOST_LISTED: usize = 200;

/// The progress while it runs, and then the results. `more` is offered beside closing, once it has ended.
pub fn results<T: One>(
    label: &'static str,
    run: Run<T>,
    (again, close): (Callback<()>, Callback<()>),
    more: impl Fn() -> Option<AnyView> + Clone + Send + Sync + 'static,
) -> AnyView {
    let progress: Progress = RwSignal::new((0, None));
    atrium_ui::effect(move || {
        let all = run.total.get();
        progress.set((run.done.get() + run.failed.get(), Some(all)));
    });
    let bar = progress_bar(label, progress, run.pace);
    let words = move || {
        let (done, failed, total) = (run.done.get(), run.failed.get(), run.total.get());
        let open = total.saturating_sub(done + failed);
        let stopped = open > 0 && !run.running.get();
        let (done, lost, open) = (number(done as u64), number(failed as u64), number(open as u64));
        match (failed > 0, stopped) {
            (false, false) => t!("{done} done.", done),
            (true, false) => t!("{done} done, {failed} failed.", done, failed = lost),
            (false, true) => t!("{done} done, {open} not tried.", done, open),
            (true, true) => {
                t!("{done} done, {failed} failed, {open} not tried.", done, failed = lost, open)
            }
        }
    };
    // Read out when it has ended, not with every single one.
    let said = memo(move || if run.running.get() { String::new() } else { words() });
    let list = move || {
        if run.running.get() { ().into_any() } else { run.items.with_value(|items| listed(items)) }
    };
    let incomplete = memo(move || !run.running.get() && run.done.get() < run.total.get());
    let halted = derive(move || {
        run.halted
            .get()
            .map(|sentence| format!("{sentence} {}", t!("Nothing more was tried; what is done stays done.")))
    });
    let buttons = move || {
        if run.running.get() {
            let stop = Callback::new(move |()| run.pace.stop());
            return view! { <Button label=t!("Stop") autofocus=true on_press=stop /> }.into_any();
        }
        let retry = when(
            move || incomplete.get(),
            move || {
                view! { <Button label=t!("Try again") icon=Icon::Refresh kind=ButtonKind::Primary on_press=again /> }
                    .into_any()
            },
        );
        let save = Callback::new(move |()| {
            let file = run.items.with_value(|items| as_csv(items));
            download::save("results.csv", "text/csv;charset=utf-8", &file);
        });
        all([
            view! { <Button label=t!("Download results") kind=ButtonKind::Quiet on_press=save /> }.into_any(),
            more().into_any(),
            view! { <Button label=t!("Close") autofocus=true on_press=close /> }.into_any(),
            retry,
        ])
    };
    all([
        el("div")
            .class("bulk-progress")
            .live("hidden", derive(move || (!run.running.get()).then(String::new)))
            .with(bar)
            .view(),
        el("p").class("bulk-what").attr("role", "status").with(text(move || said.get())).view(),
        view! { <InlineError text=halted /> }.into_any(),
        dynamic(list),
        view! { <DialogActions>{dynamic(buttons)}</DialogActions> }.into_any(),
    ])
}

fn of<T: One>(item: &T) -> String {
    match item.workspace() {
        Some(name) => format!("{}, {name}", item.email()),
        None => item.email().to_owned(),
    }
}

fn in_words(outcome: &Outcome) -> (&str, &str) {
    match outcome {
        Outcome::Open => ("", t!("Not tried")),
        Outcome::Done(made) => ("good", &made.note),
        Outcome::Failed(sentence) => ("bad", sentence),
    }
}

/// A line for each, those that failed first.
fn listed<T: One>(items: &[(T, Outcome)]) -> AnyView {
    let of_kind = |kind: u8| {
        items.iter().filter(move |(_, outcome)| {
            kind == match outcome {
                Outcome::Failed(_) => 0,
                Outcome::Open => 1,
                Outcome::Done(_) => 2,
            }
        })
    };
    let line = |(item, outcome): &(T, Outcome)| {
        let (tone, words) = in_words(outcome);
        el("li")
            .with(el("span").class("bulk-who").with(of(item)))
            .with(el("span").class(&format!("bulk-outcome {tone}")).with(words))
    };
    let shown = of_kind(0).chain(of_kind(1)).chain(of_kind(2)).take(MOST_LISTED).map(line);
    let more = (items.len() > MOST_LISTED).then(|| {
        let more = tn!(
            items.len() - MOST_LISTED,
            "And {count} more; the file has them all.",
            "And {count} more; the file has them all."
        );
        el("li").with(el("span").class("muted").with(more))
    });
    el("ul")
        .class("bulk-results")
        .attr("aria-label", t!("Results"))
        .attr("tabindex", "0")
        .with(shown.collect::<Vec<_>>())
        .with(more)
        .view()
}

/// The headings and outcomes are in English whatever language is in use: programs read them too.
fn as_csv<T: One>(items: &[(T, Outcome)]) -> String {
    let mut text = csv::BOM.to_owned();
    csv::write_line(&mut text, &["Email", "Workspace", "Result", "Detail"]);
    for (item, outcome) in items {
        let (result, detail) = match outcome {
            Outcome::Open => ("Not tried", ""),
            Outcome::Done(made) => ("Done", made.note.as_str()),
            Outcome::Failed(sentence) => ("Failed", sentence.as_str()),
        };
        let detail = plain(detail);
        csv::write_line(&mut text, &[item.email(), item.workspace().unwrap_or_default(), result, &detail]);
    }
    text
}
