//! Email addresses: what counts as one, and how pasted text is taken apart.

use std::collections::BTreeSet;

/// Longest address, in bytes (RFC 5321, 4.5.3.1.3).
pub const MAX_ADDRESS: usize = 254;
/// Longest part before the `@`, in bytes (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// Longest label of a domain, in bytes (RFC 1035, 2.3.4).
const MAX_LABEL: usize = 63;

/// Whether this is an address that an invitation can go to: the `dot-atom` form of RFC 5322
/// with a domain of at least two labels. Quoted local parts and address literals are refused on
/// purpose; no mail provider gives them to people. Letters outside ASCII are allowed (RFC 6531).
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    if text.len() > MAX_ADDRESS || local.is_empty() || local.len() > MAX_LOCAL {
        return false;
    }
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let local_good = local.split('.').all(|part| !part.is_empty() && part.chars().all(atom));
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= MAX_LABEL
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let mut labels = domain.split('.');
    let last_good = domain.rsplit('.').next().is_some_and(|last| last.chars().any(|c| !c.is_ascii_digit()));
    local_good && domain.contains('.') && labels.all(label) && last_good
}

/// The form in which two addresses are compared: without space around it, in lower case. Mail
/// providers treat the local part so, whatever RFC 5321 allows, and a second account that differs
/// in case only is how invitations get lost.
pub fn normalize(address: &str) -> String {
    address.trim().to_lowercase()
}

/// What became of one piece of pasted text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pasted {
    /// An address, normalized.
    Address(String),
    /// Not an address, as it was typed.
    NotAnAddress(String),
}

impl Pasted {
    /// The text of either kind.
    pub fn text(&self) -> &str {
        match self {
            Self::Address(text) | Self::NotAnAddress(text) => text,
        }
    }
}

/// Takes pasted text apart: pieces between commas, semicolons, spaces and line breaks. A mail
/// program's `Ada Lovelace <ada@example.com>` gives the address alone; the name's words are
/// dropped, also where it is `"Lovelace, Ada" <ada@example.com>`. The same address twice is taken
/// once, first place kept.
pub fn parse_addresses(text: &str) -> Vec<Pasted> {
    let mut found = Found::default();
    for entry in cells(text, |c| matches!(c, ',' | ';' | '\n' | '\r' | '\t')) {
        match bracketed(entry) {
            Some(address) => push(&mut found, address),
            None => entry.split_whitespace().for_each(|piece| push(&mut found, piece)),
        }
    }
    found.list
}

/// Takes a list apart that has more than addresses in it: the lines of a text, of a CSV file or of
/// a spreadsheet. Of a line with an `@` in it, only what has one is taken; a line without any is
/// not an address, unless it is the first and so a row of headings.
pub fn parse_list(text: &str) -> Vec<Pasted> {
    let text = text.trim_start_matches('\u{feff}'); // how Excel marks UTF-8
    let mut found = Found::default();
    let lines = text.lines().map(str::trim).filter(|line| line.chars().any(char::is_alphanumeric));
    for (number, line) in lines.enumerate() {
        if !line.contains('@') {
            if number > 0 {
                found
                    .list
                    .push(Pasted::NotAnAddress(cut(line.trim_matches(|c: char| ",;\t\" ".contains(c)))));
            }
            continue;
        }
        for cell in cells(line, |c| matches!(c, ',' | ';' | '\t')) {
            match bracketed(cell) {
                Some(address) => push(&mut found, address),
                None => {
                    let pieces = cell.split_whitespace().filter(|piece| piece.contains('@'));
                    pieces.for_each(|piece| push(&mut found, piece));
                }
            }
        }
    }
    found.list
}

/// The pieces between separators. Inside double quotes that close on the same line nothing separates.
fn cells(text: &str, separates: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut pieces, mut start, mut quote_ends) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        if at < quote_ends {
            continue;
        }
        if c == '"' && text[start..at].trim().is_empty() {
            let rest = &text[at + 1..];
            let closes = rest.find(['"', '\n']).filter(|end| rest[*end..].starts_with('"'));
            quote_ends = closes.map_or(0, |end| at + 1 + end + 1);
        } else if separates(c) {
            pieces.push(&text[start..at]);
            start = at + c.len_utf8();
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// The start of a text that is too long to be an address anyway.
fn cut(text: &str) -> String {
    text.chars().take(MAX_ADDRESS).collect()
}

/// The part in angle brackets, where a whole entry is of a mail program's form.
fn bracketed(entry: &str) -> Option<&str> {
    let (_, rest) = entry.split_once('<')?;
    let (address, after) = rest.split_once('>')?;
    (after.trim().is_empty() && address.contains('@')).then_some(address)
}

/// A piece without what stands around it where addresses are quoted.
fn unquoted(piece: &str) -> &str {
    piece.trim().trim_matches(['<', '>', '"', '\'', '(', ')'])
}

/// Pieces in their order, each once.
#[derive(Default)]
struct Found {
    list: Vec<Pasted>,
    seen: BTreeSet<Pasted>,
}

fn push(found: &mut Found, piece: &str) {
    let piece = unquoted(piece);
    let piece = piece.strip_prefix("mailto:").map_or(piece, unquoted);
    if piece.is_empty() {
        return;
    }
    let address = normalize(piece);
    let pasted =
        if is_address(&address) { Pasted::Address(address) } else { Pasted::NotAnAddress(cut(piece)) };
    if found.seen.insert(pasted.clone()) {
        found.list.push(pasted);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses() {
        for good in
            ["a@b.co", "ada.lovelace+x@sub.example.com", "o'brien@example.org", "jörg@münchen.de", "1@2.com"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a b@c.de",
            "a..b@c.de",
            ".a@c.de",
            "a@-b.de",
            "a@b-.de",
            "a@b..de",
            "a@b.de.",
            "a@127.0.0.1",
            "a@b@c",
            "a,b@c.de",
            "a@b.de>",
            "a\n@b.de",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(!is_address(&format!("{}@example.com", "x".repeat(65))));
        assert!(!is_address(&format!("x@{}.com", "y".repeat(64))));
        assert!(!is_address(&format!("x@{}com", "abcdefg.".repeat(40))));
    }

    #[test]
    fn pasted_text_is_taken_apart() {
        let parsed = parse_addresses(
            "Ada Lovelace <Ada@Example.com>, bob@example.com; carol@example.com\ndan@example.com\tnot-one  BOB@example.com,,",
        );
        let expected = [
            Pasted::Address("ada@example.com".into()),
            Pasted::Address("bob@example.com".into()),
            Pasted::Address("carol@example.com".into()),
            Pasted::Address("dan@example.com".into()),
            Pasted::NotAnAddress("not-one".into()),
        ];
        assert_eq!(parsed, expected);
    }

    #[test]
    fn nothing_in_nothing_out() {
        assert!(parse_addresses(" ,;\n ").is_empty());
        assert_eq!(parse_addresses("mailto:a@b.co"), [Pasted::Address("a@b.co".into())]);
        // Found by fuzz/fuzz_targets/addresses.rs.
        assert_eq!(parse_addresses("mailto:'a@b.co'"), [Pasted::Address("a@b.co".into())]);
        assert_eq!(parse_addresses("\"a@b.co\""), [Pasted::Address("a@b.co".into())]);
    }

    fn addresses_of(parsed: &[Pasted]) -> Vec<String> {
        parsed.iter().map(|one| one.text().to_owned()).collect()
    }

    #[test]
    fn a_name_in_quotes_may_hold_a_comma() {
        let parsed = parse_addresses("\"Lovelace, Ada\" <ada@example.com>, \"Ross; Bob\" <bob@example.com>");
        assert_eq!(addresses_of(&parsed), ["ada@example.com", "bob@example.com"]);
        // A quote that does not close quotes nothing.
        assert_eq!(addresses_of(&parse_addresses("\"a@b.co, c@d.ef")), ["a@b.co", "c@d.ef"]);
    }

    #[test]
    fn of_a_table_the_addresses_are_taken() {
        let csv = "\u{feff}Name,Email,Role\r\n\"Lovelace, Ada\",Ada@Example.com,Admin\r\nBob Ross,bob@example.com,\r\n,,\r\n";
        assert_eq!(addresses_of(&parse_list(csv)), ["ada@example.com", "bob@example.com"]);
        let excel = "Ada\tLovelace\tada@example.com\nBob\tRoss\tbob@example";
        let parsed = parse_list(excel);
        assert_eq!(addresses_of(&parsed), ["ada@example.com", "bob@example"]);
        assert_eq!(parsed[1], Pasted::NotAnAddress("bob@example".into()));
    }

    #[test]
    fn of_a_text_every_line_is_accounted_for() {
        let parsed =
            parse_list("ada@example.com\nno address here\nCarol <carol@example.com>; dan@example.com");
        assert_eq!(
            addresses_of(&parsed),
            ["ada@example.com", "no address here", "carol@example.com", "dan@example.com"]
        );
        assert_eq!(parse_list("Please invite dan@example.com, thanks").len(), 1);
    }

    /// What people have before the `@`, and a domain.
    fn address() -> impl Strategy<Value = String> {
        "[a-z0-9]{1,12}(\\.[a-z0-9+_-]{1,8}){0,2}@([a-z0-9]{1,10}\\.){1,3}[a-z]{2,6}"
    }

    proptest! {
        #[test]
        fn any_text_comes_to_addresses_and_what_is_none(text in any::<String>()) {
            for parsed in [parse_addresses(&text), parse_list(&text)] {
                for (index, one) in parsed.iter().enumerate() {
                    match one {
                        Pasted::Address(address) => {
                            prop_assert!(is_address(address), "{address}");
                            prop_assert_eq!(&normalize(address), address);
                            // A second reading finds the same.
                            prop_assert_eq!(&parse_addresses(address), &vec![one.clone()]);
                        }
                        Pasted::NotAnAddress(text) => prop_assert!(text.chars().count() <= MAX_ADDRESS),
                    }
                    if let Pasted::Address(_) = one {
                        prop_assert!(!parsed[..index].contains(one), "{one:?} twice");
                    }
                }
            }
        }

        #[test]
        fn no_address_is_lost_between_any_separators(
            addresses in prop::collection::vec((address(), "[,;\n\t ]{1,3}", any::<bool>()), 1..40),
        ) {
            let mut text = String::new();
            let mut expected: Vec<String> = Vec::new();
            for (address, separator, shouted) in &addresses {
                text.push_str(&if *shouted { address.to_uppercase() } else { address.clone() });
                text.push_str(separator);
                if !expected.contains(address) {
                    expected.push(address.clone());
                }
            }
            prop_assert_eq!(addresses_of(&parse_addresses(&text)), expected.clone());
            prop_assert_eq!(addresses_of(&parse_list(&text)), expected);
        }

        #[test]
        fn the_address_of_a_mail_programs_form_is_found(
            address in address(), name in "[A-Za-z ,;.'äöü-]{0,20}",
        ) {
            let text = format!("\"{name}\" <{address}>");
            prop_assert_eq!(addresses_of(&parse_addresses(&text)), vec![address.clone()]);
            let row = format!("Name,Email,Team\n\"{name}\",{address},\"A, B\"\n");
            prop_assert_eq!(addresses_of(&parse_list(&row)), vec![address.clone()]);
        }
    }
}
