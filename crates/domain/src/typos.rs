//! Addresses that are perhaps mistyped: a domain that is nearly one that many people have.

/// Domains of mail providers, where anybody can have an address. They say nothing about where
/// somebody works.
const PROVIDERS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "mail.com",
    "email.com",
    "proton.me",
    "protonmail.com",
    "fastmail.com",
    "zoho.com",
    "mail.ru",
    "yandex.com",
    "yandex.ru",
    "qq.com",
    "163.com",
    "126.com",
    "naver.com",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "libero.it",
    "comcast.net",
    "verizon.net",
    "att.net",
];

/// Providers with a domain in most countries.
const WORLDWIDE: &[&str] = &["hotmail", "live", "outlook", "yahoo"];

/// A provider's domain shorter than this is too near to the domains of companies: `aol.com` to `aon.com`.
const PROVIDER_LENGTH: usize = 9;
/// The same for the organization's own domains, which are likelier to be meant.
const OWN_LENGTH: usize = 6;
/// From this length on, two slips are still no coincidence.
const TWO_SLIPS: usize = 9;

/// Whether anybody can have an address at this domain.
pub fn is_provider(domain: &str) -> bool {
    let national = || {
        let country = domain.rsplit('.').next().unwrap_or_default();
        let first = domain.split('.').next().unwrap_or_default();
        // These are what is left of "com" after a slip.
        country.len() == 2 && !matches!(country, "cm" | "co" | "om") && WORLDWIDE.contains(&first)
    };
    PROVIDERS.contains(&domain) || national()
}

/// The domain of an address; empty where there is none.
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// Whether a domain is another one, or lies within it.
pub fn is_within(domain: &str, other: &str) -> bool {
    domain.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The domain that was perhaps meant: one of `own` (those that the organization's members have) or
/// of a large provider, a slip away. `None` for a domain that is known, or near to none.
pub fn meant<'a>(domain: &str, own: &'a [String]) -> Option<&'a str> {
    if is_provider(domain) || own.iter().any(|known| is_within(domain, known)) {
        return None;
    }
    let own = own.iter().map(String::as_str).filter(|known| known.len() >= OWN_LENGTH);
    let providers = PROVIDERS.iter().copied().filter(|known| known.len() >= PROVIDER_LENGTH);
    let near = own.chain(providers).filter_map(|known| {
        let slips = distance(domain, known);
        (slips <= allowed(domain, known)).then_some((slips, known))
    });
    near.min_by_key(|(slips, _)| *slips).map(|(_, known)| known)
}

/// How many slips may lie between what was typed and what was meant. Two only where the beginning
/// and the last label are right: `hotmail.fr` is not a slip for `hotmail.com`.
fn allowed(typed: &str, known: &str) -> usize {
    let last = |domain: &str| domain.rsplit('.').next().unwrap_or_default().to_owned();
    let alike = typed.chars().next() == known.chars().next() && last(typed) == last(known);
    if known.len() >= TWO_SLIPS && alike { 2 } else { 1 }
}

/// How many slips lead from one text to the other: a letter more, a letter less, another letter,
/// or two neighbours swapped (optimal string alignment).
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // Three rows of the table are enough: the two before the one that is being filled.
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let other = last[j] + usize::from(x != y);
            let mut least = other.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// An address with another domain.
pub fn with_domain(address: &str, domain: &str) -> String {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    format!("{local}@{domain}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slips_of_the_finger() {
        for (typed, expected) in [
            ("gmial.com", "gmail.com"),
            ("gmai.com", "gmail.com"),
            ("gmaill.com", "gmail.com"),
            ("gnail.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("hotmial.com", "hotmail.com"),
            ("hotmaill.cm", "hotmail.com"),
            ("outlok.com", "outlook.com"),
            ("yahooo.com", "yahoo.com"),
            ("iclould.com", "icloud.com"),
        ] {
            let found = meant(typed, &[]);
            // Two slips with another end are not enough.
            if typed == "hotmaill.cm" {
                assert_eq!(found, None);
            } else {
                assert_eq!(found, Some(expected), "{typed}");
            }
        }
    }

    #[test]
    fn what_is_known_or_far_is_left_alone() {
        for domain in [
            "gmail.com",
            "ymail.com",
            "mail.com",
            "email.com",
            "hotmail.fr",
            "hotmail.be",
            "yahoo.co.jp",
            "aon.com",
            "msc.com",
            "example.org",
        ] {
            assert_eq!(meant(domain, &[]), None, "{domain}");
        }
    }

    #[test]
    fn the_organizations_own_domains_count() {
        let own = ["acme.com".to_owned(), "research.acme.com".to_owned()];
        assert_eq!(meant("acne.com", &own), Some("acme.com"));
        assert_eq!(meant("amce.com", &own), Some("acme.com"));
        assert_eq!(meant("eu.acme.com", &own), None);
        assert_eq!(meant("acme.org", &own), None);
        assert_eq!(meant("reserch.acme.com", &own), None, "it lies within acme.com");
        assert_eq!(meant("acne.com", &[]), None);
    }

    #[test]
    fn domains() {
        assert_eq!((domain_of("a@b.co"), domain_of("nothing")), ("b.co", ""));
        assert!(is_within("eu.acme.com", "acme.com") && is_within("acme.com", "acme.com"));
        assert!(!is_within("notacme.com", "acme.com"));
        assert_eq!(with_domain("bob@gmial.com", "gmail.com"), "bob@gmail.com");
    }

    /// A text with one slip in it.
    fn slip(text: &str, kind: u8, at: usize, letter: char) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let at = at % letters.len();
        match kind % 4 {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letter),
            2 => letters[at] = letter,
            _ => letters.swap(at, (at + 1).min(text.len() - 1)),
        }
        letters.into_iter().collect()
    }

    fn provider() -> impl Strategy<Value = &'static str> {
        let long: Vec<_> = PROVIDERS.iter().copied().filter(|known| known.len() >= PROVIDER_LENGTH).collect();
        prop::sample::select(long)
    }

    proptest! {
        #[test]
        fn every_single_slip_in_a_large_domain_is_noticed(
            known in provider(), kind in 0_u8..4, at in 0_usize..20, letter in prop::char::range('a', 'z'),
        ) {
            let typed = slip(known, kind, at, letter);
            prop_assume!(!is_provider(&typed));
            let found = meant(&typed, &[]);
            prop_assert!(found.is_some(), "{typed} for {known}");
            // Another known domain may be as near, but never a farther one.
            prop_assert!(found.is_some_and(|found| distance(&typed, found) <= 1), "{typed}: {found:?}");
        }

        #[test]
        fn every_single_slip_in_an_own_domain_is_noticed(
            own in "[a-z]{4,12}\\.(com|org|io|dev)", kind in 0_u8..4, at in 0_usize..20, letter in prop::char::range('a', 'z'),
        ) {
            let typed = slip(&own, kind, at, letter);
            let own = [own];
            prop_assume!(!is_provider(&typed) && !is_within(&typed, &own[0]));
            prop_assert!(meant(&typed, &own).is_some_and(|found| distance(&typed, found) <= 1));
        }

        #[test]
        fn a_known_domain_is_never_doubted(own in prop::collection::vec("[a-z]{1,9}\\.[a-z]{2,3}", 1..5), at in 0_usize..5) {
            let known = own[at % own.len()].clone();
            prop_assert_eq!(meant(&known, &own), None);
            prop_assert_eq!(meant(&format!("eu.{known}"), &own), None);
        }

        #[test]
        fn a_distance_is_one(a in "[a-d.]{0,9}", b in "[a-d.]{0,9}") {
            let lengths = (a.chars().count(), b.chars().count());
            let slips = distance(&a, &b);
            prop_assert_eq!(slips == 0, a == b);
            prop_assert_eq!(slips, distance(&b, &a));
            prop_assert!(slips >= lengths.0.abs_diff(lengths.1) && slips <= lengths.0.max(lengths.1));
        }

        #[test]
        fn a_suggestion_is_never_the_same_and_never_far(domain in "[a-z]{1,12}\\.[a-z]{2,4}", own in prop::collection::vec("[a-z]{1,9}\\.[a-z]{2,3}", 0..4)) {
            if let Some(found) = meant(&domain, &own) {
                prop_assert!((1..=2).contains(&distance(&domain, found)));
                prop_assert!(is_provider(found) || own.iter().any(|known| known == found));
            }
        }
    }
}
