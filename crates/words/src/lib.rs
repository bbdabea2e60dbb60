//! Words: every sentence that people read goes through here, in the language that they read it in.
//!
//! The English text is what a sentence is called: `t!("Add members")` is "Add members", or what the
//! language in use has for it. The languages are in `words/` at the top of the repository, a file each
//! with the same sentences; `words/en.json` is the list of them, with where each is said.
//! `scripts/words.mjs` keeps the files in step with the code, and finds sentences that do not come
//! from there.
//!
//! Nothing is loaded for English, and on the server, which always speaks it.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

use std::borrow::Cow;
use std::fmt::{Display, Write as _};
use std::sync::OnceLock;

/// A form of a sentence that counts, as Unicode's plural rules call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// Arabic has a form for none.
    Zero,
    /// One.
    One,
    /// Two, in Arabic.
    Two,
    /// A few: 3 to 10 in Arabic.
    Few,
    /// Many: 11 to 99 in Arabic, millions in Spanish.
    Many,
    /// Every other number.
    Other,
}

impl Plural {
    /// The form that Unicode gives this name; `Other` for one that it does not have.
    pub fn named(name: &str) -> Self {
        match name {
            "zero" => Self::Zero,
            "one" => Self::One,
            "two" => Self::Two,
            "few" => Self::Few,
            "many" => Self::Many,
            _ => Self::Other,
        }
    }
}

/// What a language has for a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// One text.
    Text(&'static str),
    /// A text for each form that a number asks for; the last is used where one is missing.
    Counted(Vec<(Plural, &'static str)>),
}

impl Message {
    fn text(&self, form: Plural) -> Option<&'static str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Counted(forms) => {
                forms.iter().find(|(own, _)| *own == form).or(forms.last()).map(|(_, text)| *text)
            }
        }
    }
}

/// A language: its sentences, and how it writes what is put into them.
pub struct Language {
    sentences: Vec<(&'static str, Message)>,
    plural: fn(u64) -> Plural,
    number: fn(u64) -> String,
    list: fn(&[String]) -> String,
    comma: &'static str,
    is_right_to_left: bool,
}

impl Language {
    /// A language of these sentences by their English text (none for English), with the form that a
    /// number asks for, and how a number and a list ("A, B and C") are written.
    pub fn new(
        mut sentences: Vec<(&'static str, Message)>,
        plural: fn(u64) -> Plural,
        number: fn(u64) -> String,
        list: fn(&[String]) -> String,
    ) -> Self {
        sentences.sort_unstable_by_key(|(english, _)| *english);
        Self { sentences, plural, number, list, comma: ", ", is_right_to_left: false }
    }

    /// The same, with what this language writes between the items of a list that is no sentence.
    pub fn comma(self, comma: &'static str) -> Self {
        Self { comma, ..self }
    }

    /// The same, written from right to left: what fills a gap keeps the direction of its own script.
    pub fn right_to_left(self) -> Self {
        Self { is_right_to_left: true, ..self }
    }

    fn find(&self, english: &str) -> Option<&Message> {
        let at = self.sentences.binary_search_by(|(own, _)| (*own).cmp(english)).ok()?;
        self.sentences.get(at).map(|(_, message)| message)
    }
}

impl Language {
    /// A sentence whose gaps are filled in, by the sentence with gaps that has at least so many bytes of
    /// words in common with it.
    fn retell(&self, english: &str, least: usize) -> Option<String> {
        let fits = |(key, message): &'_ (&'static str, Message)| {
            let gaps = key.contains('{').then(|| gaps_of(key, english)).flatten()?;
            let filled: usize = gaps.iter().map(|(_, value)| value.len()).sum();
            let common = english.len() - filled;
            (common >= least).then(|| (common, message.clone(), gaps))
        };
        let (_, message, gaps) = self.sentences.iter().filter_map(fits).max_by_key(|(common, ..)| *common)?;
        let count = gaps.iter().find(|(name, _)| *name == "count");
        let count = count.and_then(|(_, value)| value.replace(',', "").parse().ok());
        let text = message.text(count.map_or(Plural::Other, |count| (self.plural)(count)))?;
        let told = gaps.iter().map(|(name, value)| {
            let counts = value.starts_with(|first: char| first.is_ascii_digit());
            let told = match (*name, count) {
                ("count", Some(count)) => (self.number)(count),
                // What letters a name may have; a phrase of ours.
                ("allowed", _) => translated(value).into_owned(),
                // "9 seats": a sentence within the sentence.
                _ if counts => self.retell(value, 4).unwrap_or_else(|| (*value).to_owned()),
                _ => (*value).to_owned(),
            };
            (*name, told)
        });
        let told: Vec<(&str, String)> = told.collect();
        let gaps: Vec<_> = told.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        Some(fill_with(text, &gaps, self.is_right_to_left))
    }
}

/// What fills the gaps of a sentence in a text that is this sentence; nothing where it is another one.
fn gaps_of<'a>(sentence: &'static str, text: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let mut found = Vec::new();
    let (mut rest, mut open) = (text, None);
    for piece in pieces(sentence) {
        match (piece, open.take()) {
            (Piece::Gap(name), None) => open = Some(name),
            (Piece::Gap(_), Some(_)) => return None,
            (Piece::Words(words), None) => rest = rest.strip_prefix(words)?,
            (Piece::Words(words), Some(name)) => {
                // The last words end the text.
                let at = if sentence.ends_with(words) {
                    rest.len().checked_sub(words.len())?
                } else {
                    rest.find(words)?
                };
                found.push((name, filling(name, rest.get(..at)?)?));
                rest = rest.get(at..)?.strip_prefix(words)?;
            }
        }
    }
    match open {
        Some(name) => found.push((name, filling(name, rest)?)),
        None if !rest.is_empty() => return None,
        None => {}
    }
    Some(found)
}

/// What fills a gap, if it can: something, no further sentence, and where it is counted a number.
fn filling<'a>(gap: &str, value: &'a str) -> Option<&'a str> {
    let counts = |one: char| one.is_ascii_digit() || one == ',';
    let fits = !value.is_empty() && !value.contains(". ") && (gap != "count" || value.chars().all(counts));
    fits.then_some(value)
}

static IN_USE: OnceLock<Language> = OnceLock::new();

/// Puts a language into use, once and before the first sentence is said; later ones are ignored.
pub fn speak(language: Language) {
    let _ = IN_USE.set(language);
}

/// What the language in use has for an English sentence; the sentence itself where it has none. For
/// texts that come from elsewhere (the API's names and refusals) or were marked with [`mark!`]; what
/// stands in the code says [`t!`].
pub fn translated(english: &str) -> Cow<'_, str> {
    match known(english) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Borrowed(english),
    }
}

/// As [`translated`], also where the gaps of the sentence are filled in already: what the server
/// answers, `bob@example.com is in this list twice.` The English is held against every sentence with
/// gaps, and the one with the most words in common tells what fills them.
pub fn retold(english: &str) -> Cow<'_, str> {
    let Some(language) = IN_USE.get() else { return Cow::Borrowed(english) };
    let told = |one: &str| known(one).map(str::to_owned).or_else(|| language.retell(one, 10));
    by_sentences(english, told).map_or(Cow::Borrowed(english), Cow::Owned)
}

/// A text whose sentences are told one by one, or several at once where they are one of the words': all of
/// them or none, so that nobody reads two languages in one breath.
fn by_sentences(text: &str, told: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut all = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let ends: Vec<usize> = rest.match_indices(". ").map(|(at, _)| at + 1).chain([rest.len()]).collect();
        let (sentence, end) = ends.into_iter().rev().find_map(|end| Some((told(rest.get(..end)?)?, end)))?;
        all.push(sentence);
        rest = rest.get(end..)?.trim_start();
    }
    Some(all.join(" "))
}

/// As [`translated`], for what lives as long as the program.
pub fn look(english: &'static str) -> &'static str {
    known(english).unwrap_or(english)
}

fn known(english: &str) -> Option<&'static str> {
    IN_USE.get()?.find(english)?.text(Plural::Other)
}

/// A text with something in its gaps: `{name}`. A gap that nothing is given for stays as it is.
pub fn fill(text: &str, gaps: &[(&str, &dyn Display)]) -> String {
    fill_with(text, gaps, IN_USE.get().is_some_and(|language| language.is_right_to_left))
}

/// Around a text whose direction is its own (Unicode's FSI and PDI).
const ISOLATED: [&str; 2] = ["\u{2068}", "\u{2069}"];

/// A text without what [`fill`] puts around the names in a language that is written from right to left:
/// for a text that leaves the page, where somebody may copy an address out of it.
pub fn plain(text: &str) -> String {
    text.replace(ISOLATED[0], "").replace(ISOLATED[1], "")
}

fn fill_with(text: &str, gaps: &[(&str, &dyn Display)], isolate: bool) -> String {
    let mut filled = String::with_capacity(text.len() + 16 * gaps.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let close = rest.find('}').map_or(rest.len(), |close| close + 1);
        let gap = rest[..close].trim_matches(['{', '}']);
        match gaps.iter().find(|(name, _)| *name == gap) {
            Some((_, value)) => {
                let (before, after) = if isolate { ISOLATED.into() } else { ("", "") };
                let _ = write!(filled, "{before}{value}{after}"); // writing to a string does not fail
            }
            None => filled.push_str(&rest[..close]),
        }
        rest = &rest[close..];
    }
    filled.push_str(rest);
    filled
}

/// A text cut at its gaps: words, and the names of the gaps between them.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let Some((gap, after)) = after.split_once('}') else { break };
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        pieces.push(Piece::Gap(gap));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// A gap, by its name.
    Gap(&'a str),
}

/// What can be counted.
pub trait Count {
    /// The number.
    fn count(self) -> u64;
}

macro_rules! count {
    ($($number:ty)+) => { $(
        impl Count for $number {
            fn count(self) -> u64 {
                u64::try_from(self).unwrap_or(u64::MAX)
            }
        }
    )+ };
}
count!(u8 u16 u32 u64 usize i32);

impl<T: Count + Copy> Count for &T {
    fn count(self) -> u64 {
        (*self).count()
    }
}

/// What [`tn!`] stands for: the form of a sentence that a number asks for, with `{count}` filled in.
pub fn counted(
    one: &'static str,
    several: &'static str,
    count: impl Count,
    gaps: &[(&str, &dyn Display)],
) -> String {
    let count = count.count();
    let language = IN_USE.get();
    let form =
        language.map_or(if count == 1 { Plural::One } else { Plural::Other }, |own| (own.plural)(count));
    let text = language.and_then(|own| own.find(several)).and_then(|message| message.text(form));
    let text = text.unwrap_or(if count == 1 { one } else { several });
    let number = language.map_or_else(|| count.to_string(), |own| (own.number)(count));
    let mut all: Vec<(&str, &dyn Display)> = vec![("count", &number)];
    all.extend_from_slice(gaps);
    fill(text, &all)
}

/// Some names as part of a sentence: "A, B and C".
pub fn list(names: &[String]) -> String {
    match (names, IN_USE.get()) {
        ([], _) => String::new(),
        ([one], _) => one.clone(),
        (names, Some(language)) => (language.list)(names),
        ([first @ .., last], None) => format!("{} and {last}", first.join(", ")),
    }
}

/// Some items one after the other: "A, B, C".
pub fn commas<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let comma = IN_USE.get().map_or(", ", |language| language.comma);
    let mut all = String::new();
    for item in items {
        if !all.is_empty() {
            all.push_str(comma);
        }
        all.push_str(item.as_ref());
    }
    all
}

/// A sentence in the language in use, by its English text.
///
/// `t!("Add members")` is a `&'static str`. With gaps it is a `String`: `t!("{name} joined {place}",
/// name, place = &organization.name)`; each gap of the English text is given, as a variable of its name
/// or as an expression. A text with gaps and nothing given comes with its gaps, for [`pieces`].
#[macro_export]
macro_rules! t {
    ($english:literal) => { $crate::look($english) };
    ($english:literal, $($gap:ident $(= $value:expr)?),+ $(,)?) => {{
        // Every gap is given, and nothing else.
        const _: fn() = || drop(::std::format!($english, $($gap = ""),+));
        $crate::fill($crate::look($english), &[$((stringify!($gap), &$crate::t!(@ $gap $(= $value)?))),+])
    }};
    (@ $gap:ident) => { $gap };
    (@ $gap:ident = $value:expr) => { $value };
}

/// A sentence that counts: `tn!(members.len(), "{count} member", "{count} members")`, with more gaps
/// after it as [`t!`] has them. The number is written as the language writes it; the text of several is
/// what the sentence is called in `words/`.
#[macro_export]
macro_rules! tn {
    ($count:expr, $one:literal, $several:literal $(, $gap:ident $(= $value:expr)?)* $(,)?) => {{
        // Both forms have only gaps that are given; a form may leave one out.
        const _: fn() = || drop(::std::format!(concat!($one, "{count:.0}" $(, "{", stringify!($gap), ":.0}")*), count = "" $(, $gap = "")*));
        const _: fn() = || drop(::std::format!(concat!($several, "{count:.0}" $(, "{", stringify!($gap), ":.0}")*), count = "" $(, $gap = "")*));
        $crate::counted($one, $several, $count, &[$((stringify!($gap), &$crate::t!(@ $gap $(= $value)?))),*])
    }};
}

/// Marks an English sentence that is kept, where nothing can be looked up (in a constant, in what the
/// server answers), and said with [`translated`] or [`look`] later.
#[macro_export]
macro_rules! mark {
    ($english:literal) => {
        $english
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_needs_nothing() {
        let name = "Ada";
        assert_eq!(t!("Add members"), "Add members");
        assert_eq!(t!("{name} joined {place}", name, place = "Acme"), "Ada joined Acme");
        assert_eq!(tn!(1_u32, "{count} member", "{count} members"), "1 member");
        assert_eq!(tn!(0_usize, "{count} member", "{count} members"), "0 members");
        assert_eq!(tn!(1_u64, "Nobody but {name}", "{count} with {name}", name), "Nobody but Ada");
        assert_eq!(translated("As the API says it"), "As the API says it");
        assert_eq!(list(&["A".to_owned(), "B".to_owned(), "C".to_owned()]), "A, B and C");
        assert_eq!(
            (commas(["A", "B", "C"]).as_str(), commas(Vec::<String>::new()).as_str()),
            ("A, B, C", "")
        );
    }

    #[test]
    fn gaps_are_filled_in_any_order() {
        let gaps: [(&str, &dyn Display); 2] = [("a", &1), ("b", &"{a}")];
        assert_eq!(fill("{b} before {a}, {c}", &gaps), "{a} before 1, {c}");
        assert_eq!(fill("open { and {a", &gaps), "open { and {a");
        assert_eq!(fill("", &gaps), "");
        let isolated = fill_with("{a}!", &gaps, true);
        assert_eq!((isolated.as_str(), plain(&isolated).as_str()), ("\u{2068}1\u{2069}!", "1!"));
    }

    #[test]
    fn a_text_is_cut_at_its_gaps() {
        let cut = pieces("{name} leaves {place}.");
        assert_eq!(
            cut,
            [Piece::Gap("name"), Piece::Words(" leaves "), Piece::Gap("place"), Piece::Words(".")]
        );
        assert_eq!(pieces("open {"), [Piece::Words("open {")]);
    }

    #[test]
    fn a_sentence_is_told_by_what_fills_its_gaps() {
        let text = |english: &'static str, text| (english, Message::Text(text));
        let counted = |english: &'static str, one, other| {
            (english, Message::Counted(vec![(Plural::One, one), (Plural::Other, other)]))
        };
        let own = Language::new(
            vec![
                text("{address} is already a member of {name}.", "{name} hat {address} schon."),
                text("{address} is already {what}.", "falsch"),
                text("{email}: {reason}", "falsch"),
                text("There is a role named {name} already.", "Es gibt die Rolle {name} schon."),
                counted("{count} seats", "{count} Platz", "{count} Plätze"),
                counted(
                    "This needs {needed}; {count} are free.",
                    "Nötig: {needed}; {count} ist frei.",
                    "Nötig: {needed}; {count} sind frei.",
                ),
            ],
            |count| if count == 1 { Plural::One } else { Plural::Other },
            |count| count.to_string(),
            |names| names.join("、"),
        );
        let told = |english: &str| own.retell(english, 10);
        assert_eq!(
            told("bob@x.org is already a member of Acme, Inc..").as_deref(),
            Some("Acme, Inc. hat bob@x.org schon.")
        );
        assert_eq!(
            told("There is a role named {name} already already.").as_deref(),
            Some("Es gibt die Rolle {name} already schon.")
        );
        assert_eq!(told("This needs 9 seats; 2 are free.").as_deref(), Some("Nötig: 9 Plätze; 2 sind frei."));
        assert_eq!(told("This needs 9 seats; 1 are free.").as_deref(), Some("Nötig: 9 Plätze; 1 ist frei."));
        for other in [
            "",
            "Something else.",
            "There is a role named  already.",
            "bob: no",
            "is already a member of Acme.",
        ] {
            assert_eq!(told(other), None, "{other}");
        }
        assert_eq!(told("This needs 9 seats; 2 of them are free."), None, "a count is a number");
        let all = |english: &str| by_sentences(english, told);
        assert_eq!(
            all("There is a role named A already. This needs 9 seats; 2 are free. There is a role named B already.").as_deref(),
            Some("Es gibt die Rolle A schon. Nötig: 9 Plätze; 2 sind frei. Es gibt die Rolle B schon."),
        );
        assert_eq!(all("There is a role named A already. Something else."), None);
        assert_eq!(retold("As the server says it."), "As the server says it.");
    }

    #[test]
    fn a_language_is_looked_up() {
        let own = Language::new(
            vec![
                (
                    "{count} members",
                    Message::Counted(vec![(Plural::Two, "zwei"), (Plural::Other, "{count}")]),
                ),
                ("Add", Message::Text("Hinzufügen")),
            ],
            |_| Plural::Other,
            |count| count.to_string(),
            |names| names.join("、"),
        );
        assert_eq!(own.retell("1,200 members", 4).as_deref(), Some("1200"));
        let text = |english, form| own.find(english).and_then(|message| message.text(form));
        assert_eq!(text("Add", Plural::One), Some("Hinzufügen"));
        assert_eq!(text("{count} members", Plural::Two), Some("zwei"));
        assert_eq!(text("{count} members", Plural::Few), Some("{count}"), "the last one stands in");
        assert_eq!(text("Gone", Plural::Other), None);
        assert_eq!((own.plural)(1), Plural::Other);
        assert_eq!((own.number)(7), "7");
        assert_eq!((own.list)(&["A".to_owned(), "B".to_owned()]), "A、B");
        assert_eq!(
            ["zero", "one", "two", "few", "many", "other", "new"].map(Plural::named)[5..],
            [Plural::Other; 2]
        );
    }
}
