//! "Import CSV": people with an access of their own each, from a table.

use std::collections::BTreeMap;

use atrium_domain::people_import::{Field, File as Table, Imported, Mapping, Named, Names, read_line};
use atrium_domain::wire::Role;
use atrium_ui::{
    Button, ButtonKind, Dialog, DialogActions, DialogKind, Group, Icon, InlineError, Select, SelectOption,
    all, cell, derive, el, heading_row, memo, optional, spawn,
};
use atrium_words::{commas, look, t, tn};
use leptos::prelude::*;
use web_sys::File;

use super::access::Choices;
use super::files::{file_choice, take_drops, text_of};
use super::people::{Access, Invitees};

use crate::components::number;

/// So many lines are shown before they are taken over.
const MOST_SHOWN: usize = 50;

/// A line that was read, with its number: whom it invites, or what is wrong.
type Read = (usize, Result<Imported, String>);

/// The button "Import CSV" and its dialog.
pub fn import_csv(people: Invitees, choices: Choices, others: Memo<Access>) -> AnyView {
    let open = RwSignal::new(false);
    let press = Callback::new(move |()| open.set(true));
    let button =
        view! { <Button label=t!("Import CSV") icon=Icon::Download kind=ButtonKind::Quiet on_press=press /> };
    let dialog = view! {
        <Dialog title=t!("Import invitations") open kind=DialogKind::Wide>
            {body(people, choices, others, open)}
        </Dialog>
    };
    all([button.into_any(), dialog.into_any()])
}

fn body(people: Invitees, choices: Choices, others: Memo<Access>, open: RwSignal<bool>) -> AnyView {
    let table = RwSignal::new(None::<Table>);
    let mapping = RwSignal::new(Mapping::default());
    let error = RwSignal::new(None::<String>);
    let take = Callback::new(move |files: Vec<File>| {
        error.set(None);
        let Some(file) = files.into_iter().next() else { return };
        spawn(async move {
            match text_of(&file).await {
                Ok(text) => {
                    let read = Table::read(&text);
                    if read.lines.is_empty() {
                        error.try_set(Some(t!("There is nobody in {file}.", file = file.name())));
                        return;
                    }
                    mapping.try_set(read.guess);
                    table.try_set(Some(read));
                }
                Err(sentence) => _ = error.try_set(Some(sentence)),
            }
        });
    });
    take_drops(RwSignal::new(false), take);
    let lines = memo(move || {
        let names = names(choices);
        let mapping = mapping.get();
        table.with(|table| table.as_ref().map(|table| read_lines(table, mapping, &names, choices)))
    });
    let good =
        memo(move || lines.with(|lines| lines.iter().flatten().filter(|(_, line)| line.is_ok()).count()));
    let hint = t!("One person a line, with the address and, as far as they differ from the others, the \
         organization role, the workspaces and the role in them. The first line may name the columns.");
    let add = Callback::new(move |()| {
        let others = others.get_untracked();
        let all = lines.get_untracked().unwrap_or_default().into_iter().filter_map(|(_, line)| line.ok());
        people.add_with_access(all.map(|one| (one.email.clone(), access_of(one, &others))).collect());
        open.set(false);
    });
    let label = derive(move || {
        let good = good.get();
        tn!(good, "Add {number} person", "Add {number} people", number = number(good as u64))
    });
    let why_not = derive(move || match (table.with(Option::is_some), good.get()) {
        (false, _) => Some(t!("Choose a file first.").to_owned()),
        (true, 0) => Some(t!("No line can be taken over. Look at what is wrong with each.").to_owned()),
        _ => None,
    });
    let cancel = Callback::new(move |()| open.set(false));
    let buttons = all([
        view! { <Button label=t!("Cancel") on_press=cancel /> }.into_any(),
        view! { <Button label kind=ButtonKind::Primary disabled_reason=why_not on_press=add /> }.into_any(),
    ]);
    el("div")
        .class("bulk import")
        .with(el("p").class("muted").with(hint))
        .with(el("div").with(file_choice(t!("Choose a CSV file"), take)))
        .with(view! { <InlineError text=error /> })
        .with(optional(move || table.with(|table| table.as_ref().map(|table| columns(table, mapping)))))
        .with(optional(move || lines.with(|lines| lines.as_ref().map(|lines| preview(lines, choices)))))
        .with(view! { <DialogActions>{buttons}</DialogActions> })
        .view()
}

/// Which column holds what.
fn columns(table: &Table, mapping: RwSignal<Mapping>) -> AnyView {
    let column = |(at, name): (usize, &String)| SelectOption::new(at.to_string(), name.clone());
    let known: Vec<SelectOption> = table.columns.iter().enumerate().map(column).collect();
    let select = move |field: Field| {
        let none = if field == Field::Email { t!("Choose a column") } else { t!("No column") };
        let none = SelectOption::new("", none);
        let options: Vec<_> = std::iter::once(none).chain(known.clone()).collect();
        let options = derive(move || options.clone());
        let value =
            derive(move || mapping.get().column(field).map(|column| column.to_string()).unwrap_or_default());
        let on_change = Callback::new(move |value: String| {
            mapping.update(|mapping| mapping.set(field, value.parse().ok()));
        });
        view! { <Select label=look(field.label()) value options on_change /> }.into_any()
    };
    let fields = el("div").class("import-fields").with(Field::ALL.map(select)).view();
    view! { <Group legend=t!("Columns")>{fields}</Group> }.into_any()
}

/// What the lines say, and what is wrong with the others.
fn preview(lines: &[Read], choices: Choices) -> AnyView {
    let good = lines.iter().filter_map(|(number, line)| Some((number, line.as_ref().ok()?)));
    let count = good.clone().count();
    let bad: Vec<(usize, &String)> =
        lines.iter().filter_map(|(number, line)| Some((*number, line.as_ref().err()?))).collect();
    let or_common = |text: Option<String>| text.unwrap_or_else(|| t!("As the others").to_owned());
    let row = |(number, one): (&usize, &Imported)| {
        let role = one.role.as_ref().map(|id| choices.role_name(id));
        let inside = one.workspace_role.as_ref().map(|id| choices.role_name(id));
        let workspaces = one.workspaces.as_ref().map(|ids| match ids.len() {
            0 => t!("None").to_owned(),
            _ => commas(choices.workspace_names(|id| ids.iter().any(|own| own == id))),
        });
        el("tr")
            .attr("role", "row")
            .with(cell(t!("Line")).with(number.to_string()))
            .with(cell(t!("Email")).with(&one.email))
            .with(cell(t!("Organization role")).with(or_common(role)))
            .with(cell(t!("Workspaces")).with(or_common(workspaces)))
            .with(cell(t!("Workspace role")).with(or_common(inside)))
    };
    let shown: Vec<_> = good.take(MOST_SHOWN).map(row).collect();
    let headings = [t!("Line"), t!("Email"), t!("Organization role"), t!("Workspaces"), t!("Workspace role")];
    let headings = headings.map(|name| (name, ""));
    let table = el("table")
        .class("table")
        .attr("role", "table")
        .attr("aria-label", t!("Preview"))
        .attr("aria-rowcount", &(count + 1).to_string())
        .with(el("thead").attr("role", "rowgroup").with(heading_row(&headings)))
        .with(el("tbody").attr("role", "rowgroup").with(shown));
    let frame =
        (count > 0).then(|| el("div").class("table-frame import-preview").attr("tabindex", "0").with(table));
    let mut words = tn!(
        lines.len(),
        "{good} of {lines} lines can be added.",
        "{good} of {lines} lines can be added.",
        good = number(count as u64),
        lines = number(lines.len() as u64),
    );
    if count > MOST_SHOWN {
        let shown = tn!(MOST_SHOWN, "The first {count} is shown.", "The first {count} are shown.");
        words = format!("{words} {shown}");
    }
    let errors = (!bad.is_empty()).then(|| {
        let line = |(number, sentence): &(usize, &String)| {
            el("li").with(t!("Line {number}: {sentence}", number, sentence))
        };
        let more = bad.len().saturating_sub(MOST_SHOWN);
        let more = (more > 0).then(|| el("li").with(tn!(more, "And {count} more.", "And {count} more.")));
        el("ul")
            .class("bulk-results")
            .attr("aria-label", t!("Lines that are left out"))
            .attr("tabindex", "0")
            .with(bad.iter().take(MOST_SHOWN).map(line).collect::<Vec<_>>())
            .with(more)
    });
    el("div")
        .class("bulk")
        .with(el("p").class("bulk-what").attr("role", "status").with(words))
        .with(errors)
        .with(frame)
        .view()
}

/// What a file can name here. Reads signals.
fn names(choices: Choices) -> Names {
    let named = |role: &Role| Named {
        id: role.id.clone(),
        names: vec![
            role.display_name.clone(),
            role.label().into_owned(),
            role.name.clone(),
            role.display_name.trim_start_matches("Organization ").to_owned(),
        ],
    };
    let rbac = choices.rbac.get();
    let mut names = Names::default();
    choices.place.roles.data.with(|roles| {
        let all = || roles.iter().flatten();
        names.roles = all().filter(|role| role.organization_role().is_some()).map(named).collect();
        names.workspace_roles =
            all().filter(|role| rbac && role.workspace_role().is_some()).map(named).collect();
    });
    names.workspaces = choices.place.workspaces.data.with(|all| {
        let one =
            |id: &String, name: &String| Named { id: id.clone(), names: vec![name.clone(), id.clone()] };
        all.iter().flatten().map(|workspace| one(&workspace.id, &workspace.display_name)).collect()
    });
    names
}

/// Each line, with what the person who invites may not give as an error. Reads signals.
fn read_lines(table: &Table, mapping: Mapping, names: &Names, choices: Choices) -> Vec<Read> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut read = |line| -> Result<Imported, String> {
        let one = read_line(line, mapping, names)?;
        if let Some(denied) = one.role.as_ref().and_then(|role| choices.why_not(role)) {
            return Err(denied);
        }
        let is_admin = one.role.as_ref().is_some_and(|role| choices.is_admin(role));
        let role = one.workspace_role.clone().unwrap_or_default();
        let opened = one.workspaces.iter().flatten().filter(|_| !is_admin);
        if let Some(denied) = opened.into_iter().find_map(|id| choices.place.why_not_open(id, &role)) {
            return Err(denied);
        }
        match first.get(&one.email) {
            Some(other) => Err(t!("{email} is in line {line} already.", email = one.email, line = other)),
            None => {
                first.insert(one.email.clone(), line.number);
                Ok(one)
            }
        }
    };
    table.lines.iter().map(|line| (line.number, read(line))).collect()
}

/// The access of a line, as far as it differs from the others'.
fn access_of(one: Imported, others: &Access) -> Option<Access> {
    let own = Access {
        role: one.role.unwrap_or_else(|| others.role.clone()),
        workspaces: one.workspaces.map_or_else(|| others.workspaces.clone(), |ids| ids.into_iter().collect()),
        workspace_role: one.workspace_role.unwrap_or_else(|| others.workspace_role.clone()),
    };
    Some(own).filter(|own| own != others)
}
