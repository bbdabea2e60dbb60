//! What becomes of an address that somebody wants to invite.

use std::collections::{BTreeMap, BTreeSet};

use atrium_words::{t, tn};

use crate::email::Pasted;
use crate::typos::{domain_of, is_provider, is_within, meant};

/// Most invitations in one call (the contract's limit).
pub const MOST: usize = 500;

/// What an address is, before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can be invited.
    ToInvite,
    /// It can be invited, and is outside the usual domain: a hint.
    Outside,
    /// It can be invited, and has perhaps another domain: a hint.
    Mistyped(String),
    /// It is invited already.
    Invited,
    /// It is a member already.
    Member,
    /// It is none.
    NotAnAddress,
}

impl Standing {
    /// Whether an invitation can go there.
    pub fn is_invitable(&self) -> bool {
        matches!(self, Self::ToInvite | Self::Outside | Self::Mistyped(_))
    }
}

/// Who is behind an address in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A member.
    Member,
    /// Somebody who is invited.
    Invited,
}

/// The domains that addresses are held against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The usual domain, where there is one.
    pub usual: Option<String>,
    /// All domains of the organization's members, but for those of mail providers.
    pub own: Vec<String>,
}

impl Surroundings {
    /// What the addresses of some members, and of the person who invites, say. The usual domain is
    /// the one that more than half of the members have, else the inviter's; never one where anybody
    /// can have an address.
    pub fn of<'a>(members: impl IntoIterator<Item = &'a str>, inviter: &str) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut all = 0;
        for domain in members.into_iter().map(domain_of).filter(|domain| !domain.is_empty()) {
            *counts.entry(domain).or_default() += 1;
            all += 1;
        }
        let most = counts.iter().find(|(_, count)| **count * 2 > all).map(|(domain, _)| *domain);
        let usual = most.unwrap_or_else(|| domain_of(inviter));
        let own = counts.keys().copied().chain(Some(domain_of(inviter)));
        let own: BTreeSet<&str> = own.filter(|domain| !domain.is_empty() && !is_provider(domain)).collect();
        let own: Vec<String> = own.into_iter().map(str::to_owned).collect();
        Self { usual: Some(usual.to_owned()).filter(|usual| own.contains(usual)), own }
    }

    /// What an address is.
    pub fn standing(&self, pasted: &Pasted, found: Option<Found>) -> Standing {
        let Pasted::Address(address) = pasted else { return Standing::NotAnAddress };
        match found {
            Some(Found::Member) => return Standing::Member,
            Some(Found::Invited) => return Standing::Invited,
            None => {}
        }
        let domain = domain_of(address);
        if let Some(other) = meant(domain, &self.own) {
            return Standing::Mistyped(other.to_owned());
        }
        match &self.usual {
            Some(usual) if !is_within(domain, usual) && !is_within(usual, domain) => Standing::Outside,
            _ => Standing::ToInvite,
        }
    }
}

/// How long ago something was sent, in words.
pub fn age(days: u64) -> String {
    match days {
        0 => t!("today").to_owned(),
        1 => t!("yesterday").to_owned(),
        2..60 => tn!(days, "{count} day ago", "{count} days ago"),
        60..730 => tn!(days / 30, "{count} month ago", "{count} months ago"),
        _ => tn!(days / 365, "{count} year ago", "{count} years ago"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::email::parse_addresses;

    fn standing(around: &Surroundings, text: &str, found: Option<Found>) -> Standing {
        around.standing(&parse_addresses(text)[0], found)
    }

    #[test]
    fn addresses_are_sorted() {
        let around = Surroundings::of(["ada@acme.com", "bob@acme.com", "eve@partner.org"], "ada@acme.com");
        assert_eq!(around.usual.as_deref(), Some("acme.com"));
        let of = |text| standing(&around, text, None);
        assert_eq!(of("carol@acme.com"), Standing::ToInvite);
        assert_eq!(of("carol@eu.acme.com"), Standing::ToInvite);
        assert_eq!(of("carol@partner.org"), Standing::Outside);
        assert_eq!(of("carol@gmail.com"), Standing::Outside);
        assert_eq!(of("carol@gmial.com"), Standing::Mistyped("gmail.com".into()));
        assert_eq!(of("carol@acne.com"), Standing::Mistyped("acme.com".into()));
        assert_eq!(of("carol"), Standing::NotAnAddress);
        // Somebody who is there already is no mistake.
        assert_eq!(standing(&around, "eve@acne.com", Some(Found::Member)), Standing::Member);
        assert_eq!(standing(&around, "eve@acne.com", Some(Found::Invited)), Standing::Invited);
    }

    #[test]
    fn a_usual_domain_is_most_members_or_the_inviters_and_no_providers() {
        let usual = |members: &[&str], inviter| Surroundings::of(members.iter().copied(), inviter).usual;
        assert_eq!(usual(&[], "ada@acme.com").as_deref(), Some("acme.com"));
        assert_eq!(usual(&["a@x.com", "b@y.com"], "ada@acme.com").as_deref(), Some("acme.com"));
        assert_eq!(usual(&["a@x.com", "b@x.com", "c@y.com"], "c@y.com").as_deref(), Some("x.com"));
        assert_eq!(usual(&["a@gmail.com", "b@gmail.com"], "ada@acme.com"), None);
        assert_eq!(usual(&["a@gmail.com"], "ada@gmail.com"), None);
        assert_eq!(usual(&[], ""), None);
    }

    #[test]
    fn ages() {
        let words = [0, 1, 2, 59, 60, 400, 800].map(age);
        let expected = [
            "today",
            "yesterday",
            "2 days ago",
            "59 days ago",
            "2 months ago",
            "13 months ago",
            "2 years ago",
        ];
        assert_eq!(words, expected);
    }

    proptest! {
        #[test]
        fn the_usual_domain_is_never_outside_and_hints_refuse_nobody(
            members in prop::collection::vec("[a-z]{1,5}@(acme\\.com|x\\.org|gmail\\.com)", 0..12),
            address in "[a-z]{1,8}@[a-z]{2,9}\\.(com|org|de)",
        ) {
            let around = Surroundings::of(members.iter().map(String::as_str), "ada@acme.com");
            if let Some(usual) = &around.usual {
                prop_assert_eq!(standing(&around, &format!("new@{usual}"), None), Standing::ToInvite);
            }
            for own in &around.own {
                let of_own = standing(&around, &format!("new@{own}"), None);
                prop_assert!(!matches!(of_own, Standing::Mistyped(_)), "{own}");
            }
            prop_assert!(standing(&around, &address, None).is_invitable());
            prop_assert!(!standing(&around, &address, Some(Found::Member)).is_invitable());
        }
    }
}
