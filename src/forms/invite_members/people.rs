//! The people who are about to be invited, and what is known of each address.

use std::collections::{BTreeMap, BTreeSet};

use atrium_domain::email::{Pasted, normalize, parse_addresses, parse_list};
use atrium_domain::invitees::{Found, MOST, Standing, Surroundings};
use atrium_domain::wire::Invitation;
use atrium_ui::{memo, spawn};
use atrium_words::{t, tn};
use leptos::prelude::*;

use crate::api::{self, query};
use crate::session::Place;

/// What an invitation opens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Access {
    /// The organization role, by its id.
    pub role: String,
    /// The workspaces, by their ids.
    pub workspaces: BTreeSet<String>,
    /// The role in them, by its id.
    pub workspace_role: String,
}

/// One who was typed, pasted or dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The address, or what is none.
    pub pasted: Pasted,
    /// What this person gets where it differs from the others.
    pub own: Option<Access>,
    /// Why the server refused it.
    pub refused: Option<String>,
}

/// An entry and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// What it is.
    pub standing: Standing,
}

impl Line {
    /// The text of the entry.
    pub fn text(&self) -> &str {
        self.entry.pasted.text()
    }

    /// Whether an invitation can go there, as far as is known.
    pub fn is_invitable(&self) -> bool {
        self.standing.is_invitable() && self.entry.refused.is_none()
    }
}

/// Who has an address already.
#[derive(Clone, Debug, PartialEq)]
enum There {
    Member,
    Invited(Invitation),
}

/// Everybody in the dialog.
#[derive(Clone, Copy)]
pub struct Invitees {
    place: Place,
    entered: RwSignal<Vec<Entry>>,
    there: RwSignal<BTreeMap<String, There>>,
    /// The addresses that the server was asked about.
    asked: StoredValue<BTreeSet<String>>,
    asking: StoredValue<bool>,
    /// Grows when all is asked anew; answers to older questions are dropped.
    generation: StoredValue<u32>,
    around: Memo<Surroundings>,
    /// Everybody, in the order in which they were entered.
    pub lines: Memo<Vec<Line>>,
}

impl Invitees {
    /// Nobody yet. Asks which domains are usual.
    pub fn new(place: Place) -> Self {
        let entered = RwSignal::new(Vec::<Entry>::new());
        let there = RwSignal::new(BTreeMap::<String, There>::new());
        let some = query(
            move || place.organization.get(),
            move || Some(api::some_members(place.organization.get())),
        );
        let around = memo(move || {
            let inviter = own_address(place);
            some.data.with(|some| {
                let addresses = some.iter().flatten().filter_map(|member| member.email.as_deref());
                let addresses: Vec<String> = addresses.map(normalize).collect();
                Surroundings::of(addresses.iter().map(String::as_str), &inviter)
            })
        });
        let lines = memo(move || {
            let line = |entry: &Entry| {
                let found = there.with(|there| match there.get(entry.pasted.text()) {
                    Some(There::Member) => Some(Found::Member),
                    Some(There::Invited(_)) => Some(Found::Invited),
                    None => None,
                });
                let standing = around.with(|around| around.standing(&entry.pasted, found));
                Line { entry: entry.clone(), standing }
            };
            entered.with(|entered| entered.iter().map(line).collect::<Vec<_>>())
        });
        Self {
            place,
            entered,
            there,
            asked: StoredValue::new(BTreeSet::new()),
            asking: StoredValue::new(false),
            generation: StoredValue::new(0),
            around,
            lines,
        }
    }

    /// The usual domain. Reads signals.
    pub fn usual_domain(self) -> Option<String> {
        self.around.with(|around| around.usual.clone())
    }

    /// The invitation that an address has already. Reads signals.
    pub fn invitation(self, address: &str) -> Option<Invitation> {
        self.there.with(|there| match there.get(address) {
            Some(There::Invited(invitation)) => Some(invitation.clone()),
            _ => None,
        })
    }

    /// How many seats they take: those who can be invited. Reads signals.
    pub fn wanted(self) -> u32 {
        let count = self.lines.with(|lines| lines.iter().filter(|line| line.is_invitable()).count());
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Takes in what was typed or pasted. What comes out of a spreadsheet has tabs in it.
    pub fn enter(self, raw: &str) {
        self.add(if raw.contains('\t') { parse_list(raw) } else { parse_addresses(raw) });
    }

    /// Takes in addresses.
    pub fn add(self, list: Vec<Pasted>) {
        self.entered.update(|entered| {
            let mut there: BTreeSet<Pasted> = entered.iter().map(|entry| entry.pasted.clone()).collect();
            let new = list.into_iter().filter(|pasted| there.insert(pasted.clone()));
            entered.extend(new.map(|pasted| Entry { pasted, own: None, refused: None }));
        });
        self.ask();
    }

    /// Takes in addresses, each with what it gets where that differs from the others. Whoever was
    /// entered already gets that too.
    pub fn add_with_access(self, list: Vec<(String, Option<Access>)>) {
        self.entered.update(|entered| {
            for (address, own) in list {
                match entered.iter_mut().find(|entry| entry.pasted.text() == address) {
                    Some(entry) => entry.own = own,
                    None => entered.push(Entry { pasted: Pasted::Address(address), own, refused: None }),
                }
            }
        });
        self.ask();
    }

    /// Takes somebody out.
    pub fn remove(self, text: &str) {
        self.entered.update(|entered| entered.retain(|entry| entry.pasted.text() != text));
    }

    /// Takes out who was entered last.
    pub fn remove_last(self) {
        self.entered.update(|entered| _ = entered.pop());
    }

    /// Takes all of these out.
    pub fn remove_all(self, texts: &[String]) {
        self.entered.update(|entered| {
            entered.retain(|entry| !texts.iter().any(|text| text == entry.pasted.text()));
        });
    }

    /// Puts what somebody corrected in the place of what it was.
    pub fn correct(self, old: &str, raw: &str) {
        let parsed = parse_addresses(raw);
        self.entered.update(|entered| {
            let Some(at) = entered.iter().position(|entry| entry.pasted.text() == old) else { return };
            let own = entered.remove(at).own;
            for pasted in parsed.into_iter().rev() {
                if !entered.iter().any(|entry| entry.pasted == pasted) {
                    entered.insert(at, Entry { pasted, own: own.clone(), refused: None });
                }
            }
        });
        self.ask();
    }

    /// Gives somebody other access than the others have; `None` takes that back.
    pub fn set_own(self, text: &str, own: Option<Access>) {
        self.entered.update(|entered| {
            if let Some(entry) = entered.iter_mut().find(|entry| entry.pasted.text() == text) {
                entry.own = own;
            }
        });
    }

    /// Marks those whom the server refused, each with its sentence, and asks anew who is there:
    /// somebody else may have been faster.
    pub fn refuse(self, rows: &[(String, String)]) {
        self.entered.update(|entered| {
            for (address, sentence) in rows {
                if let Some(entry) = entered.iter_mut().find(|entry| entry.pasted.text() == address) {
                    entry.refused = Some(sentence.clone());
                }
            }
        });
        self.ask_again();
    }

    /// Asks anew about everybody.
    pub fn ask_again(self) {
        self.generation.update_value(|generation| *generation += 1);
        self.asking.set_value(false);
        self.asked.update_value(BTreeSet::clear);
        self.ask();
    }

    /// Asks the server who of the new addresses is there already: at once for the first, then for
    /// all that came while the answer was on its way. Where it does not answer, the next address
    /// asks again, and in the end the server decides anyway.
    fn ask(self) {
        // A file may be read when the dialog is gone.
        if self.asking.try_get_value().unwrap_or(true) {
            return;
        }
        let is_new = |text: &str| !self.asked.with_value(|asked| asked.contains(text));
        let wanted: Vec<String> = self.entered.with_untracked(|entered| {
            let addresses = entered.iter().filter_map(|entry| match &entry.pasted {
                Pasted::Address(address) if is_new(address) => Some(address.clone()),
                _ => None,
            });
            addresses.take(api::MOST_ADDRESSES).collect()
        });
        if wanted.is_empty() || self.asked.with_value(BTreeSet::len) > 2 * MOST {
            return;
        }
        self.asking.set_value(true);
        self.asked.update_value(|asked| asked.extend(wanted.iter().cloned()));
        let generation = self.generation.get_value();
        let organization = self.place.organization_id();
        spawn(async move {
            let answer = api::who_is_there(organization, &wanted).await;
            // The dialog may be gone, or may have asked anew.
            if self.generation.try_get_value() != Some(generation) {
                return;
            }
            self.asking.set_value(false);
            let Ok((members, invited)) = answer else {
                self.asked.update_value(|asked| asked.retain(|one| !wanted.contains(one)));
                return;
            };
            self.there.update(|there| {
                there.retain(|address, _| !wanted.contains(address));
                let members = members.into_iter().filter_map(|member| member.email);
                there.extend(members.map(|address| (normalize(&address), There::Member)));
                let invited = invited.into_iter().map(|one| (normalize(&one.email), There::Invited(one)));
                there.extend(invited);
            });
            self.ask();
        });
    }

    /// Why these people cannot be invited as they stand, by what is known here. Does not listen.
    pub fn refusal(self) -> Option<String> {
        self.lines.with_untracked(|lines| {
            if lines.is_empty() {
                return Some(t!("Enter at least one email address.").to_owned());
            }
            if lines.len() > MOST {
                return Some(too_many(lines.len()));
            }
            lines.iter().find_map(|line| {
                let text = line.text();
                match (&line.standing, &line.entry.refused) {
                    (Standing::NotAnAddress, _) => {
                        Some(t!("“{text}” is not an email address. Correct it, or remove it.", text))
                    }
                    (Standing::Member, _) => Some(t!(
                        "{email} is already a member. Remove this address to invite the others.",
                        email = text
                    )),
                    (Standing::Invited, _) => Some(t!(
                        "{email} is already invited. Remove this address to invite the others.",
                        email = text
                    )),
                    (_, Some(refused)) => Some(t!("{email} was refused: {refused}", email = text, refused)),
                    _ => None,
                }
            })
        })
    }
}

/// The sentence for more people than one call can have.
pub fn too_many(count: usize) -> String {
    tn!(
        count,
        "This is {count} address. Invite at most {most} at once.",
        "These are {count} addresses. Invite at most {most} at once.",
        most = MOST,
    )
}

/// The address of the person who invites; empty where it is not known. Reads signals.
pub fn own_address(place: Place) -> String {
    place.own.data.with(|own| {
        let member = own.as_ref().and_then(|own| own.first());
        member.and_then(|member| member.email.clone()).unwrap_or_default()
    })
}
