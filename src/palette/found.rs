//! What of all entries is shown for what was typed, in which groups and order.

use std::cmp::Reverse;

use atrium_domain::fuzzy::{Found, Query};
use atrium_words::{t, tn};

use super::entries::{Does, Entry, Kind};

/// So many organizations, and workspaces, show before anything is typed.
const FIRST: usize = 5;
/// So many of a kind show of what was found.
const MOST: usize = 8;
/// How much better something counts that was chosen before.
const CHOSEN_BEFORE: i32 = 6;

/// An entry, and where the letters are that were typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is.
    pub entry: Entry,
    /// How it was found: the places are those in the label, the note and the other words.
    pub found: Found,
}

/// Entries under one heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The heading.
    pub title: &'static str,
    /// The best of them.
    pub rows: Vec<Row>,
    /// How many there are.
    pub total: usize,
}

/// The groups for what was typed, of which `recent` are the keys of those that were chosen last, the newest
/// first. Without anything typed, the order is always the same; else the best group comes first, and in it
/// the best entry.
pub fn groups(entries: &[Entry], recent: &[String], typed: &Query) -> Vec<Group> {
    if typed.is_empty() { untyped(entries, recent) } else { matching(entries, recent, typed) }
}

fn untyped(entries: &[Entry], recent: &[String]) -> Vec<Group> {
    let row = |entry: &Entry| Row { entry: entry.clone(), found: Found::default() };
    let find = |key: &String| entries.iter().find(|entry| entry.key() == *key);
    let rows: Vec<Row> = recent.iter().filter_map(find).map(row).collect();
    let mut groups = vec![Group { title: t!("Recent"), total: rows.len(), rows }];
    for kind in Kind::ALL {
        let shows = |entry: &&Entry| {
            let is_failure = matches!(entry.does, Does::Retry(_));
            entry.kind == kind && (!entry.quiet || is_failure) && !recent.contains(&entry.key())
        };
        let all: Vec<&Entry> = entries.iter().filter(shows).collect();
        let most = if matches!(kind, Kind::Organization | Kind::Workspace) { FIRST } else { usize::MAX };
        groups.push(shortened(kind.title(), all.into_iter().map(row).collect(), most));
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}

fn matching(entries: &[Entry], recent: &[String], typed: &Query) -> Vec<Group> {
    let mut chosen = Vec::new();
    let mut kinds = Kind::ALL.map(|kind| (kind, Vec::new()));
    for entry in entries {
        let found = typed.find(&[&entry.label, &entry.note, entry.words]);
        let by_server =
            || entry.sure.then(|| Found { scattered: true, score: i32::MIN / 2, ..Found::default() });
        let Some(mut found) = found.filter(|_| !matches!(entry.does, Does::Retry(_))).or_else(by_server)
        else {
            continue;
        };
        let is_recent = recent.contains(&entry.key());
        if is_recent {
            found.score = found.score.saturating_add(CHOSEN_BEFORE);
        }
        let row = Row { entry: entry.clone(), found };
        // A chance match is no reason to put something before everything else.
        if is_recent && !row.found.scattered {
            chosen.push(row);
        } else if let Some((_, rows)) = kinds.iter_mut().find(|(kind, _)| *kind == entry.kind) {
            rows.push(row);
        }
    }
    let all = std::iter::once((t!("Recent"), chosen)).chain(kinds.map(|(kind, rows)| (kind.title(), rows)));
    let mut groups: Vec<Group> = all
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(title, mut rows)| {
            rows.sort_by_key(rank);
            shortened(title, rows, MOST)
        })
        .collect();
    groups.sort_by_key(|group| group.rows.first().map(rank));
    groups
}

fn rank(row: &Row) -> (bool, Reverse<i32>) {
    (row.found.scattered, Reverse(row.found.score))
}

/// The first rows, and every failure: that some could not be asked for must not go under.
fn shortened(title: &'static str, rows: Vec<Row>, most: usize) -> Group {
    let (failures, mut rows): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| matches!(row.entry.does, Does::Retry(_)));
    let total = rows.len();
    rows.truncate(most);
    rows.extend(failures);
    Group { title, rows, total }
}

/// How many were found, as a sentence; `asking` while members are still looked for.
pub fn summary(groups: &[Group], typed: &str, asking: bool) -> String {
    let total: usize = groups.iter().map(|group| group.total).sum();
    let rows = groups.iter().flat_map(|group| &group.rows);
    let shown = rows.filter(|row| !matches!(row.entry.does, Does::Retry(_))).count();
    let typed = typed.trim();
    let found = match (total, shown) {
        (0, _) if asking => return t!("Looking for members…").to_owned(),
        (0, _) => t!("Nothing is called “{typed}”.", typed),
        _ if typed.is_empty() => tn!(
            total,
            "{count} to choose from. Two letters find members.",
            "{count} to choose from. Two letters find members."
        ),
        _ if shown < total => {
            tn!(
                total,
                "{count} found, the best {shown} shown.",
                "{count} found, the best {shown} shown.",
                shown
            )
        }
        _ => tn!(total, "{count} found.", "{count} found."),
    };
    if asking { format!("{found} {}", t!("Looking for members…")) } else { found }
}

#[cfg(test)]
mod tests {
    use atrium_ui::Icon;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::entries::{Picture, Question};
    use super::*;

    fn entry(kind: Kind, id: &str, label: &str) -> Entry {
        Entry {
            kind,
            id: id.to_owned(),
            label: label.to_owned(),
            note: String::new(),
            words: "",
            picture: Picture::Icon(Icon::Home),
            reason: None,
            does: Does::Go(String::new()),
            quiet: false,
            sure: false,
        }
    }

    fn some() -> Vec<Entry> {
        let mut all: Vec<Entry> = (0..9)
            .map(|number| entry(Kind::Organization, &format!("o{number}"), &format!("Acme {number}")))
            .collect();
        all.push(entry(Kind::Workspace, "w", "Research"));
        all.push(Entry { quiet: true, ..entry(Kind::Settings, "w", "Research") });
        all.push(Entry { quiet: true, ..entry(Kind::Member, "m", "Ada") });
        all.push(Entry { words: "people", ..entry(Kind::Action, "invite", "Invite members") });
        all
    }

    fn shown(groups: &[Group]) -> Vec<String> {
        groups
            .iter()
            .map(|group| {
                let labels: Vec<&str> = group.rows.iter().map(|row| row.entry.label.as_str()).collect();
                format!("{} {}: {}", group.title, group.total, labels.join(", "))
            })
            .collect()
    }

    #[wasm_bindgen_test]
    fn what_was_chosen_last_comes_first_and_is_not_there_twice() {
        let recent = ["action:invite", "member:m", "workspace:gone", "organization:o8"].map(str::to_owned);
        assert_eq!(
            shown(&groups(&some(), &recent, &Query::new(" "))),
            [
                "Recent 3: Invite members, Ada, Acme 8",
                "Organizations 8: Acme 0, Acme 1, Acme 2, Acme 3, Acme 4",
                "Workspaces 1: Research",
            ]
        );
    }

    #[wasm_bindgen_test]
    fn the_best_group_comes_first() {
        let found = |typed: &str| shown(&groups(&some(), &["action:invite".to_owned()], &Query::new(typed)));
        assert_eq!(found("rese"), ["Workspaces 1: Research", "Settings 1: Research"]);
        assert_eq!(found("peop"), ["Recent 1: Invite members"]);
        assert_eq!(found("acme 7"), ["Organizations 1: Acme 7"]);
        assert_eq!(found("xyz"), [""; 0]);
        assert!(found("ac")[0].starts_with("Organizations 9: Acme 0, "));
        assert!(!found("ac")[0].contains("Acme 8"));
        assert!(found("a")[0].starts_with("Members 1: Ada"), "the shortest of those that begin so");
    }

    #[wasm_bindgen_test]
    fn a_failure_shows_whatever_was_typed() {
        let mut all = some();
        let does = Does::Retry(Question::Members);
        all.push(Entry {
            does,
            sure: true,
            ..entry(Kind::Member, "failed", "Members could not be searched")
        });
        let groups = groups(&all, &[], &Query::new("acme"));
        assert_eq!(shown(&groups)[1], "Members 0: Members could not be searched");
        assert_eq!(summary(&groups, "acme", false), "9 found, the best 8 shown.");
    }

    #[wasm_bindgen_test]
    fn the_sentence_counts() {
        let of = |typed: &str, asking| summary(&groups(&some(), &[], &Query::new(typed)), typed, asking);
        assert_eq!(of("research", false), "2 found.");
        assert_eq!(of("research", true), "2 found. Looking for members…");
        assert_eq!(of(" xyz ", false), "Nothing is called “xyz”.");
        assert_eq!(of("xyz", true), "Looking for members…");
        assert_eq!(of("", false), "11 to choose from. Two letters find members.");
    }
}
