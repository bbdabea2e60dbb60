//! LangSmith's filter language: `and(eq(name, "nightly"), gt(start_time, "2026-01-01T00:00:00Z"))`.
//! What its words mean is said where they are looked up, in [`super::filter`].

use std::iter::Peekable;
use std::str::CharIndices;

/// Most calls within each other; a database refuses an expression that is much deeper.
pub const MAX_DEPTH: usize = 20;

/// A part of a filter.
#[derive(Debug, PartialEq)]
pub enum Term {
    /// `eq(name, "x")`
    Call(String, Vec<Term>),
    /// `name`
    Word(String),
    /// `"x"` or `'x'`
    Text(String),
    /// `7`, `-0.5`
    Number(f64),
}

/// Reads a filter.
///
/// # Errors
/// A sentence with the place where it cannot be read.
pub fn parse(text: &str) -> Result<Term, String> {
    let mut reader = Reader { text, rest: text.char_indices().peekable() };
    let term = reader.term(0)?;
    match (&term, reader.next()) {
        (Term::Call(..), None) => Ok(term),
        (Term::Call(..), Some((at, _))) => Err(reader.unread(at)),
        _ => Err("A filter is a comparison, such as eq(name, \"nightly\").".to_owned()),
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
}

impl Reader<'_> {
    fn unread(&self, at: usize) -> String {
        let number = self.text[..at].chars().count() + 1;
        format!("This filter cannot be read from character {number} on.")
    }

    /// The next character that is no space, taken.
    fn next(&mut self) -> Option<(usize, char)> {
        while self.rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        self.rest.next()
    }

    /// Takes the next character that is no space where it is this one.
    fn takes(&mut self, wanted: char) -> bool {
        while self.rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        self.rest.next_if(|(_, c)| *c == wanted).is_some()
    }

    fn term(&mut self, depth: usize) -> Result<Term, String> {
        match self.next() {
            Some((at, quote @ ('"' | '\''))) => self.quoted(at, quote).map(Term::Text),
            Some((at, c)) if c.is_ascii_digit() || c == '-' => {
                let digits = self.while_in(at, |c| c.is_ascii_alphanumeric() || ".+-".contains(c));
                let number = digits.parse().ok().filter(|number: &f64| number.is_finite());
                number.map(Term::Number).ok_or_else(|| self.unread(at))
            }
            Some((at, c)) if c.is_ascii_alphabetic() => {
                let word = self.while_in(at, |c| c.is_ascii_alphanumeric() || c == '_').to_owned();
                if self.takes('(') { self.call(word, depth + 1) } else { Ok(Term::Word(word)) }
            }
            Some((at, _)) => Err(self.unread(at)),
            None => Err("This filter ends too early.".to_owned()),
        }
    }

    fn call(&mut self, word: String, depth: usize) -> Result<Term, String> {
        if depth > MAX_DEPTH {
            return Err(format!("Use at most {MAX_DEPTH} comparisons within each other."));
        }
        let mut terms = vec![self.term(depth)?];
        while self.takes(',') {
            terms.push(self.term(depth)?);
        }
        match self.next() {
            Some((_, ')')) => Ok(Term::Call(word, terms)),
            Some((at, _)) => Err(self.unread(at)),
            None => Err("This filter ends too early.".to_owned()),
        }
    }

    /// What begins at `at` and goes on for as long as the characters belong to it.
    fn while_in(&mut self, at: usize, belongs: impl Fn(char) -> bool) -> &str {
        while self.rest.next_if(|(_, c)| belongs(*c)).is_some() {}
        let end = self.rest.peek().map_or(self.text.len(), |(end, _)| *end);
        &self.text[at..end]
    }

    /// A text up to its closing quote; a backslash takes the next character as it stands.
    fn quoted(&mut self, at: usize, quote: char) -> Result<String, String> {
        let mut text = String::new();
        loop {
            match self.rest.next() {
                Some((_, c)) if c == quote => return Ok(text),
                Some((_, '\\')) => match self.rest.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, c)) => text.push(c),
                    None => return Err(self.unread(at)),
                },
                Some((_, c)) => text.push(c),
                None => return Err(self.unread(at)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        let text = r#" and( eq(name, "a \"b\" é"), has(metadata, '{"k": 1}') , gt(run_count,-2.5) ) "#;
        let call = |word: &str, terms| Term::Call(word.to_owned(), terms);
        let (word, text_of) = (|w: &str| Term::Word(w.to_owned()), |t: &str| Term::Text(t.to_owned()));
        let wanted = call(
            "and",
            vec![
                call("eq", vec![word("name"), text_of("a \"b\" é")]),
                call("has", vec![word("metadata"), text_of("{\"k\": 1}")]),
                call("gt", vec![word("run_count"), Term::Number(-2.5)]),
            ],
        );
        assert_eq!(parse(text), Ok(wanted));
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_place() {
        for (text, sentence) in [
            ("", "ends too early"),
            ("eq(name", "ends too early"),
            ("eq(é, 1)", "from character 4 on"),
            ("eq(name, \"é", "from character 10 on"),
            ("eq(name, 1) x", "from character 13 on"),
            ("eq(name, 1 2)", "from character 12 on"),
            ("eq(name, 1e999)", "from character 10 on"),
            ("eq()", "from character 4 on"),
            ("name", "is a comparison"),
            ("\"name\"", "is a comparison"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(sentence), "{text}: {error}");
        }
        let nested = |depth| format!("{}eq(a,1){}", "not(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH - 1)).is_ok());
        assert!(parse(&nested(MAX_DEPTH)).unwrap_err().contains("at most 20"));
    }
}
