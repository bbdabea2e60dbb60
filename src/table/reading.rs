//! Reading everybody of a list, page by page, and who of them is selected.

use std::collections::BTreeSet;

use atrium_words::t;
use leptos::prelude::*;

use super::selection::Chosen;
use crate::api::{self, ApiError, Failure, MOST_ADDRESSES, MOST_PEOPLE, Pace, PeopleQuery, Person};
use crate::components::Progress;

/// So often a list is read that moves while it is read.
const TRIES: u32 = 3;

/// What reading brings.
pub enum Step {
    /// It begins, perhaps anew: what was brought before does not count.
    Begin,
    /// The next people, none of whom was brought before.
    People(Vec<Person>),
}

fn stopped() -> ApiError {
    ApiError::new(Failure::Other, t!("It was stopped."))
}

/// Reads everybody of a question: whether the list stood still meanwhile. Where it did not, which
/// shows by its length or by somebody at two places, it is read anew, three times at most; then
/// somebody may be missing.
///
/// # Errors
/// Where a page got no answer, or it was stopped.
pub async fn read_all(
    organization: &str,
    asked: &PeopleQuery,
    pace: Pace,
    progress: Progress,
    take: &mut dyn FnMut(Step),
) -> Result<bool, ApiError> {
    let mut tried = 0;
    loop {
        tried += 1;
        take(Step::Begin);
        let mut seen = BTreeSet::new();
        let (mut offset, mut total, mut still) = (0, None, true);
        loop {
            if pace.is_stopped() {
                return Err(stopped());
            }
            let page = pace.run(|| api::people(organization.to_owned(), asked, offset, MOST_PEOPLE)).await?;
            let got = page.rows.len();
            let new: Vec<Person> =
                page.rows.into_iter().filter(|person| seen.insert(person.id.clone())).collect();
            still &= new.len() == got && (offset == 0 || page.total == total);
            total = page.total;
            offset += got;
            take(Step::People(new));
            let known = total.and_then(|total| usize::try_from(total).ok());
            let _ = progress.try_set((offset, known));
            let is_last = got == 0 || known.map_or(got < MOST_PEOPLE, |known| offset >= known);
            if is_last || (!still && tried < TRIES) {
                still &= known.is_none_or(|known| known == seen.len());
                break;
            }
        }
        if still || tried >= TRIES {
            return Ok(still);
        }
    }
}

/// The people who are selected, as they are now, and whether the list stood still while they were
/// looked for in it. Whoever is gone is not among them.
///
/// # Errors
/// Where a call got no answer, or it was stopped.
pub async fn read_chosen(
    organization: &str,
    chosen: &Chosen,
    asked: &PeopleQuery,
    pace: Pace,
    progress: Progress,
) -> Result<(Vec<Person>, bool), ApiError> {
    let mut people = Vec::new();
    let mut still = true;
    match chosen {
        Chosen::Some(ids) => {
            let mut addresses: Vec<String> = ids.values().cloned().collect();
            addresses.sort();
            for some in addresses.chunks(MOST_ADDRESSES) {
                if pace.is_stopped() {
                    return Err(stopped());
                }
                let mut found = pace.run(|| api::people_among(organization.to_owned(), some)).await?;
                found.retain(|person| ids.contains_key(&person.id));
                found.sort_by(|one, other| one.email.cmp(&other.email));
                people.append(&mut found);
                let done = progress.try_get_untracked().map_or(0, |(done, _)| done) + some.len();
                let _ = progress.try_set((done, Some(ids.len())));
            }
        }
        Chosen::AllBut(_) => {
            let mut take = |step: Step| match step {
                Step::Begin => people.clear(),
                Step::People(new) => people.extend(new.into_iter().filter(|one| chosen.holds(&one.id))),
            };
            still = read_all(organization, asked, pace, progress, &mut take).await?;
        }
    }
    Ok((people, still))
}
