//! From text to tree (RFC 8259).

use super::Json;

/// How deep lists and objects may stand in each other. The API's go four deep; the stack ends somewhere.
const DEPTH: usize = 64;

/// The value that the whole text is.
pub(super) fn value(text: &str) -> Option<Json> {
    let mut rest = Rest { text, at: 0 };
    let value = rest.value(DEPTH)?;
    rest.space();
    (rest.at == text.len()).then_some(value)
}

/// What of a text has not been read yet. `at` always stands between two characters.
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl Rest<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Whether these characters come next; then they are read.
    fn takes(&mut self, word: &str) -> bool {
        let found = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.space();
        match self.peek()? {
            b'"' => self.string().map(Json::Text),
            b'[' => {
                let mut items = Vec::new();
                self.items(depth, "]", |rest, depth| {
                    items.push(rest.value(depth)?);
                    Some(())
                })?;
                Some(Json::List(items))
            }
            b'{' => {
                let mut fields = Vec::new();
                self.items(depth, "}", |rest, depth| {
                    let name = rest.string()?;
                    rest.space();
                    if !rest.takes(":") {
                        return None;
                    }
                    fields.push((name, rest.value(depth)?));
                    Some(())
                })?;
                Some(Json::Object(fields))
            }
            b'-' | b'0'..=b'9' => Some(self.number()),
            _ if self.takes("null") => Some(Json::Null),
            _ if self.takes("true") => Some(Json::Bool(true)),
            _ if self.takes("false") => Some(Json::Bool(false)),
            _ => None,
        }
    }

    /// What stands between brackets, separated by commas.
    fn items(
        &mut self,
        depth: usize,
        end: &str,
        mut item: impl FnMut(&mut Self, usize) -> Option<()>,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.at += 1;
        self.space();
        if self.takes(end) {
            return Some(());
        }
        loop {
            self.space();
            item(self, depth)?;
            self.space();
            if self.takes(end) {
                return Some(());
            }
            if !self.takes(",") {
                return None;
            }
        }
    }

    fn number(&mut self) -> Json {
        let from = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        Json::Number(self.text.get(from..self.at).and_then(|digits| digits.parse().ok()))
    }

    fn string(&mut self) -> Option<String> {
        if !self.takes("\"") {
            return None;
        }
        let mut read = String::new();
        loop {
            let from = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            read.push_str(self.text.get(from..self.at)?);
            let stop = self.peek()?;
            self.at += 1;
            match stop {
                b'"' => return Some(read),
                b'\\' => read.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                // Characters beyond the first plane come as two units.
                let code = if (0xd800..0xdc00).contains(&unit) && self.takes("\\u") {
                    let low = self.unit()?.checked_sub(0xdc00)?;
                    0x10000 + ((unit - 0xd800) << 10) + low
                } else {
                    unit
                };
                // Half a pair is a mistake of the sender, and no reason to show nothing.
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_kind() {
        let text =
            " { \"a\" : [ 1 , -2, 1.5e3, true, false, null ] , \"b\" : { } , \"c\" : [ ] , \"d\" : \"x\" } ";
        let read = value(text).unwrap();
        let number = |value| Json::Number(value);
        assert_eq!(
            *read.get("a"),
            Json::List(vec![
                number(Some(1)),
                number(None),
                number(None),
                Json::Bool(true),
                Json::Bool(false),
                Json::Null
            ])
        );
        assert_eq!(*read.get("b"), Json::Object(vec![]));
        assert_eq!(*read.get("c"), Json::List(vec![]));
        assert_eq!(*read.get("d"), Json::Text("x".into()));
        assert_eq!(*read.get("e"), Json::Null);
        assert_eq!(value(&u64::MAX.to_string()), Some(number(Some(u64::MAX))));
    }

    #[test]
    fn reads_texts_as_serde_does() {
        for text in [
            r#""""#,
            r#""plain""#,
            r#""ä – 😀""#,
            r#""a\"b\\c\/d\b\f\n\r\t""#,
            r#""\u00e4\u2013\ud83d\ude00 end""#,
            r#"["a","b"]"#,
        ] {
            let by_serde: serde_json::Value = serde_json::from_str(text).unwrap();
            let ours = match value(text) {
                Some(Json::Text(text)) => serde_json::Value::from(text),
                Some(Json::List(items)) => items
                    .into_iter()
                    .map(|item| if let Json::Text(text) = item { text } else { String::new() })
                    .collect(),
                other => panic!("{other:?}"),
            };
            assert_eq!(ours, by_serde, "{text}");
        }
        assert_eq!(value(r#""\ud83d""#), Some(Json::Text("\u{fffd}".into())));
    }

    #[test]
    fn refuses_what_is_no_json() {
        for text in [
            "",
            " ",
            "<html>",
            "{",
            "[1",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "\"open",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud83d\\u0000\"",
            "\"a\nb\"",
            "nul",
            "1 2",
            "]",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
        assert_eq!(value(&"[".repeat(100_000)), None);
        assert!(value(&format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH))).is_some());
    }
}
