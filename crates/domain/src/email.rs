//! Email addresses: what counts as one, and how pasted text is taken apart.

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
/// dropped. The same address twice is taken once, first place kept.
pub fn parse_addresses(text: &str) -> Vec<Pasted> {
    let mut found = Vec::new();
    for entry in text.split([',', ';', '\n', '\r', '\t']) {
        match bracketed(entry) {
            Some(address) => push(&mut found, address),
            None => entry.split_whitespace().for_each(|piece| push(&mut found, piece)),
        }
    }
    found
}

/// The part in angle brackets, where a whole entry is of a mail program's form.
fn bracketed(entry: &str) -> Option<&str> {
    let (_, rest) = entry.split_once('<')?;
    let (address, after) = rest.split_once('>')?;
    (after.trim().is_empty() && address.contains('@')).then_some(address)
}

/// A piece without what stands around it where addresses are quoted.
fn unquoted(piece: &str) -> &str {
    piece.trim().trim_matches(['<', '>', '"', '\''])
}

fn push(found: &mut Vec<Pasted>, piece: &str) {
    let piece = unquoted(piece);
    let piece = piece.strip_prefix("mailto:").map_or(piece, unquoted);
    if piece.is_empty() {
        return;
    }
    let address = normalize(piece);
    let pasted =
        if is_address(&address) { Pasted::Address(address) } else { Pasted::NotAnAddress(piece.to_owned()) };
    if !found.contains(&pasted) {
        found.push(pasted);
    }
}

#[cfg(test)]
mod tests {
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
}
