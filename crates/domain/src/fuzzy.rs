//! Finding things by some of their letters, as in the command palette.
//!
//! Every word of what was typed has to be found, in any order: its letters in this order, with others
//! between them. Small and capital letters are the same, and letters with and without accents. What is
//! found gets a score, which is the higher the more of the letters begin words and stand together, and
//! the places of the letters, to mark them.
//!
//! Folding is a small table of the Latin, Greek and Cyrillic scripts: the tables of the standard library
//! would be larger than all of this, and know nothing of accents.

/// A letter that was asked for.
const LETTER: i32 = 4;
/// It begins a word.
const WORD: i32 = 8;
/// It begins the text.
const FIRST: i32 = 4;
/// It stands right behind the one before it.
const TOGETHER: i32 = 7;
/// There are others between it and the one before it.
const APART: i32 = -3;
/// Each of these.
const BETWEEN: i32 = -1;
/// The most that letters before the first one, and all that are not asked for, take away.
const MOST_AROUND: usize = 6;
/// What a text counts less than the one before it.
const LATER_TEXT: i32 = 8;

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    words: Vec<Vec<char>>,
}

/// How something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether some letters stand alone in the middle of a word: a thing found so may well be another one
    /// than was meant.
    pub scattered: bool,
    /// How well it fits: the more the better. Scores of the same query can be compared.
    pub score: i32,
    /// For each text the places of the letters that were found there, counted in characters and rising.
    pub places: Vec<Vec<usize>>,
}

/// A letter of a text.
struct Letter {
    folded: char,
    /// Which character of the text it comes from.
    place: usize,
    begins_word: bool,
}

impl Query {
    /// Reads what was typed.
    pub fn new(text: &str) -> Self {
        let folded: String = letters(text).into_iter().map(|letter| letter.folded).collect();
        let words = folded.split_whitespace().map(|word| word.chars().collect()).collect();
        Self { words }
    }

    /// Whether nothing was typed: everything is found then.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Looks for every word in the texts of one thing, of which the first counts most.
    pub fn find(&self, texts: &[&str]) -> Option<Found> {
        let texts: Vec<Vec<Letter>> = texts.iter().map(|text| letters(text)).collect();
        let mut found = Found { places: vec![Vec::new(); texts.len()], ..Found::default() };
        for word in &self.words {
            let fits = texts.iter().enumerate().filter_map(|(index, text)| {
                let (score, at) = best(word, text)?;
                let later = i32::try_from(index).unwrap_or(i32::MAX).saturating_mul(LATER_TEXT);
                Some((is_scattered(&at, text), score.saturating_sub(later), index, at))
            });
            // The first of those that fit equally well.
            let (scattered, score, index, at) = fits.min_by_key(|fit| (fit.0, -fit.1))?;
            found.scattered |= scattered;
            found.score = found.score.saturating_add(score);
            let places = &mut found.places[index];
            places.extend(at.iter().map(|at| texts[index][*at].place));
        }
        for places in &mut found.places {
            places.sort_unstable();
            places.dedup();
        }
        Some(found)
    }
}

/// The parts of a text, in turn outside and inside of what was found in it: `(text, whether found)`.
pub fn parts(text: &str, places: &[usize]) -> Vec<(String, bool)> {
    let mut parts: Vec<(String, bool)> = Vec::new();
    for (place, letter) in text.chars().enumerate() {
        let found = places.binary_search(&place).is_ok();
        match parts.last_mut() {
            Some((part, same)) if *same == found => part.push(letter),
            _ => parts.push((letter.to_string(), found)),
        }
    }
    parts
}

/// Where the letters of a word stand best in a text, and how well.
fn best(word: &[char], text: &[Letter]) -> Option<(i32, Vec<usize>)> {
    if !is_within(word, text) {
        return None;
    }
    // For each letter of the word and each place in the text: the best score with this letter at this
    // place, and where the letter before it stands then.
    let width = text.len();
    let mut before: Vec<Option<i32>> = Vec::new();
    let mut from = vec![0; word.len() * width];
    for (row, wanted) in word.iter().enumerate() {
        let mut now = vec![None; width];
        // The best of the places farther back than the neighbour, less what lies between.
        let mut apart: Option<(i32, usize)> = None;
        for (at, letter) in text.iter().enumerate() {
            if let Some((score, _)) = &mut apart {
                *score += BETWEEN;
            }
            if at >= 2
                && let Some(score) = before.get(at - 2).copied().flatten()
            {
                let score = score + APART + BETWEEN;
                if apart.is_none_or(|(known, _)| score > known) {
                    apart = Some((score, at - 2));
                }
            }
            if letter.folded != *wanted {
                continue;
            }
            let own = LETTER + if letter.begins_word { WORD } else { 0 } + if at == 0 { FIRST } else { 0 };
            if row == 0 {
                now[at] = Some(own - less(at));
                continue;
            }
            let neighbour = at.checked_sub(1).and_then(|left| Some((before[left]? + TOGETHER, left)));
            let reached = match (neighbour, apart) {
                (Some(one), Some(other)) => Some(if other.0 > one.0 { other } else { one }),
                (one, other) => one.or(other),
            };
            if let Some((score, left)) = reached {
                now[at] = Some(score + own);
                from[row * width + at] = left;
            }
        }
        before = now;
    }
    let ends = before.iter().enumerate().filter_map(|(at, score)| Some(((*score)?, at)));
    // The first of those that are equally good.
    let (score, mut at) = ends.min_by_key(|(score, at)| (-score, *at))?;
    let mut places = vec![at; word.len()];
    for row in (1..word.len()).rev() {
        at = from[row * width + at];
        places[row - 1] = at;
    }
    Some((score - less(text.len() - word.len()), places))
}

/// What letters that nobody asked for take away.
fn less(letters: usize) -> i32 {
    i32::try_from(letters.min(MOST_AROUND)).unwrap_or_default()
}

fn is_within(word: &[char], text: &[Letter]) -> bool {
    let mut text = text.iter();
    word.iter().all(|wanted| text.any(|letter| letter.folded == *wanted))
}

/// Whether some letter stands neither at the beginning of a word nor beside another one.
fn is_scattered(at: &[usize], text: &[Letter]) -> bool {
    at.iter().enumerate().any(|(index, here)| {
        let beside = |other: Option<&usize>| other.is_some_and(|other| other.abs_diff(*here) == 1);
        let left = index.checked_sub(1).and_then(|left| at.get(left));
        !text[*here].begins_word && !beside(left) && !beside(at.get(index + 1))
    })
}

/// The letters of a text, folded. A character may be no letter of its own (an accent) or two (`ß`).
fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    let mut before = ' ';
    for (place, character) in text.chars().enumerate() {
        if is_accent(character) {
            continue;
        }
        let hump = before.is_ascii_lowercase() && character.is_ascii_uppercase();
        let begins_word = !is_between(character) && (is_between(before) || hump);
        let (first, second) = fold(character);
        letters.push(Letter { folded: first, place, begins_word });
        if let Some(second) = second {
            letters.push(Letter { folded: second, place, begins_word: false });
        }
        before = character;
    }
    letters
}

/// Whether it stands between words.
fn is_between(character: char) -> bool {
    match character {
        _ if character.is_ascii() => !character.is_ascii_alphanumeric(),
        '\u{a0}' | '¡' | '«' | '·' | '»' | '¿' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3003}' => {
            true
        }
        '\u{3008}'..='\u{3011}' | '\u{30fb}' => true,
        _ => false,
    }
}

/// A mark above or below the letter before it.
fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// The base letters of U+00C0 to U+017F, one each; a space where the character is folded otherwise, or
/// is no letter.
const LATIN: &str = "aaaaaa ceeeeiiiidnooooo ouuuuy  aaaaaa ceeeeiiiidnooooo ouuuuy y\
    aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkklllllll\
    lllnnnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// What a character counts as: a small letter without an accent, or two.
fn fold(character: char) -> (char, Option<char>) {
    let code = character as u32;
    let shifted = |by: i64| u32::try_from(i64::from(code) + by).ok().and_then(char::from_u32);
    let one = match character {
        _ if character.is_ascii() => Some(character.to_ascii_lowercase()),
        'Æ' | 'æ' => return ('a', Some('e')),
        'Œ' | 'œ' => return ('o', Some('e')),
        'Ĳ' | 'ĳ' => return ('i', Some('j')),
        'Þ' | 'þ' => return ('t', Some('h')),
        'ß' | 'ẞ' => return ('s', Some('s')),
        '\u{c0}'..='\u{17f}' => {
            let place = usize::try_from(code - 0xc0).unwrap_or_default();
            LATIN.as_bytes().get(place).map(|byte| char::from(*byte)).filter(|letter| *letter != ' ')
        }
        // Vietnamese.
        'Ơ' | 'ơ' | '\u{1ecc}'..='\u{1ee3}' => Some('o'),
        'Ư' | 'ư' | '\u{1ee4}'..='\u{1ef1}' => Some('u'),
        '\u{1ea0}'..='\u{1eb7}' => Some('a'),
        '\u{1eb8}'..='\u{1ec7}' => Some('e'),
        '\u{1ec8}'..='\u{1ecb}' => Some('i'),
        '\u{1ef2}'..='\u{1ef9}' => Some('y'),
        // Romanian and Azerbaijani.
        'Ș' | 'ș' => Some('s'),
        'Ț' | 'ț' => Some('t'),
        'Ə' => Some('ə'),
        // Greek.
        'Ά' | 'ά' => Some('α'),
        'Έ' | 'έ' => Some('ε'),
        'Ή' | 'ή' => Some('η'),
        'Ί' | 'ί' | 'ϊ' | 'Ϊ' | 'ΐ' => Some('ι'),
        'Ό' | 'ό' => Some('ο'),
        'Ύ' | 'ύ' | 'ϋ' | 'Ϋ' | 'ΰ' => Some('υ'),
        'Ώ' | 'ώ' => Some('ω'),
        'ς' => Some('σ'),
        'Α'..='Ω' => shifted(32),
        // Cyrillic.
        'Ё' | 'ё' | 'Ѐ' | 'ѐ' => Some('е'),
        'Й' | 'й' | 'Ѝ' | 'ѝ' => Some('и'),
        'Ї' | 'ї' => Some('і'),
        'А'..='Я' => shifted(32),
        'Ђ'..='Џ' => shifted(80),
        'Ґ' => Some('ґ'),
        // Wide letters, as Japanese and Chinese keyboards write them.
        '\u{ff21}'..='\u{ff3a}' => shifted(i64::from(u32::from('a')) - 0xff21),
        '\u{ff01}'..='\u{ff5e}' => shifted(0x21 - 0xff01),
        '\u{3000}' | '\u{a0}' => Some(' '),
        _ => None,
    };
    (one.unwrap_or(character), None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(typed: &str, text: &str) -> Option<Found> {
        Query::new(typed).find(&[text])
    }

    fn score(typed: &str, text: &str) -> i32 {
        find(typed, text).unwrap_or_else(|| panic!("{typed} in {text}")).score
    }

    /// The text with what was found in brackets.
    fn marked(typed: &str, text: &str) -> String {
        let found = find(typed, text).unwrap_or_else(|| panic!("{typed} in {text}"));
        let mark = |(part, found): (String, bool)| if found { format!("[{part}]") } else { part };
        parts(text, &found.places[0]).into_iter().map(mark).collect()
    }

    fn folded(text: &str) -> Vec<char> {
        letters(text).into_iter().map(|letter| letter.folded).collect()
    }

    #[test]
    fn the_table_has_a_letter_for_each_place() {
        assert_eq!(LATIN.len(), 0x180 - 0xc0);
        for (character, base) in [
            ('À', 'a'),
            ('Ç', 'c'),
            ('Ö', 'o'),
            ('Ø', 'o'),
            ('Ý', 'y'),
            ('à', 'a'),
            ('ÿ', 'y'),
            ('Ą', 'a'),
            ('č', 'c'),
            ('Đ', 'd'),
            ('ě', 'e'),
            ('Ğ', 'g'),
            ('ħ', 'h'),
            ('ı', 'i'),
            ('Ĵ', 'j'),
            ('ĸ', 'k'),
            ('Ł', 'l'),
            ('ń', 'n'),
            ('ŋ', 'n'),
            ('Ő', 'o'),
            ('ř', 'r'),
            ('Š', 's'),
            ('ť', 't'),
            ('ű', 'u'),
            ('Ŵ', 'w'),
            ('Ŷ', 'y'),
            ('Ž', 'z'),
            ('ſ', 's'),
            ('ế', 'e'),
            ('Ω', 'ω'),
            ('Я', 'я'),
            ('Ј', 'ј'),
            ('Ｑ', 'q'),
            ('×', '×'),
            ('山', '山'),
        ] {
            assert_eq!(fold(character), (base, None), "{character}");
        }
    }

    #[test]
    fn case_and_accents_count_for_nothing() {
        assert_eq!(marked("muller", "Jörg MÜLLER"), "Jörg [MÜLLER]");
        assert_eq!(marked("MÜLLER", "Muller"), "[Muller]");
        assert_eq!(marked("strasse", "Große Straße"), "Große [Straße]");
        assert_eq!(marked("zoe", "Zoe\u{308} Ann"), "[Zoe]\u{308} Ann");
        assert_eq!(marked("афина", "Проект Афина"), "Проект [Афина]");
        assert_eq!(marked("αθηνα", "Αθήνα"), "[Αθήνα]");
        assert_eq!(marked("部門", "第一部門"), "第一[部門]");
        assert_eq!(marked("ａｃｍｅ", "Acme"), "[Acme]");
    }

    #[test]
    fn letters_may_be_left_out_and_words_come_in_any_order() {
        assert_eq!(marked("inv", "Invite members"), "[Inv]ite members");
        assert_eq!(marked("im", "Invite members"), "[I]nvite [m]embers");
        assert_eq!(marked("mem inv", "Invite members"), "[Inv]ite [mem]bers");
        assert_eq!(marked("rd", "research-dev"), "[r]esearch-[d]ev");
        assert_eq!(marked("ws", "newWorkSpace"), "new[W]ork[S]pace");
        assert_eq!(find("xyz", "Invite members"), None);
        assert_eq!(find("members x", "Invite members"), None);
        assert!(find("  ", "anything").is_some_and(|found| found.score == 0 && !found.scattered));
    }

    #[test]
    fn what_begins_and_stands_together_comes_first() {
        let order = ["Research", "Old Research", "Preresearch", "Read several charts"];
        for (better, worse) in order.iter().zip(&order[1..]) {
            assert!(score("resea", better) > score("resea", worse), "{better} before {worse}");
        }
        assert!(score("acme", "Acme") > score("acme", "Acme and sons"));
        assert!(score("ac", "Acme Corp") > score("ac", "Pacific"));
        assert!(find("ada", "Add workspace").is_some_and(|found| found.scattered));
        assert!(find("ada", "Ada Lovelace").is_some_and(|found| !found.scattered));
    }

    #[test]
    fn the_first_text_counts_most_and_the_others_help() {
        let query = Query::new("create work");
        let found = query.find(&["Add workspace", "create new"]).unwrap();
        assert_eq!(found.places, [vec![4, 5, 6, 7], vec![0, 1, 2, 3, 4, 5]]);
        let ada = Query::new("ada");
        let by_name = ada.find(&["Ada", "x@example.com"]).unwrap();
        let by_address = ada.find(&["Xen", "ada@example.com"]).unwrap();
        assert!(by_name.score > by_address.score);
    }

    /// The score of letters at these places, by the rules and nothing clever.
    fn by_hand(at: &[usize], text: &[Letter]) -> i32 {
        let mut sum = -less(at[0]) - less(text.len() - at.len());
        for (index, here) in at.iter().enumerate() {
            sum += LETTER;
            sum += if text[*here].begins_word { WORD } else { 0 };
            sum += if *here == 0 { FIRST } else { 0 };
            if let Some(left) = index.checked_sub(1).map(|left| at[left]) {
                let between = i32::try_from(here - left - 1).unwrap();
                sum += if between == 0 { TOGETHER } else { APART + between * BETWEEN };
            }
        }
        sum
    }

    /// All ways to place a word in a text.
    fn ways(word: &[char], text: &[Letter], from: usize) -> Vec<Vec<usize>> {
        let Some((first, rest)) = word.split_first() else { return vec![Vec::new()] };
        let here = (from..text.len()).filter(|at| text[*at].folded == *first);
        here.flat_map(|at| {
            ways(rest, text, at + 1).into_iter().map(move |mut way| {
                way.insert(0, at);
                way
            })
        })
        .collect()
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(typed in "\\PC{0,12}", text in "\\PC{0,24}") {
            if let Some(found) = find(&typed, &text) {
                let count = text.chars().count();
                prop_assert!(found.places[0].windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(found.places[0].iter().all(|place| *place < count));
                let whole: String = parts(&text, &found.places[0]).into_iter().map(|(part, _)| part).collect();
                prop_assert_eq!(whole, text);
            }
        }

        #[test]
        fn it_is_found_where_its_letters_are(word in "[a-cA-C]{1,4}", text in "[a-cA-C -]{0,9}") {
            let mut rest = folded(&text).into_iter();
            let is_there = folded(&word).into_iter().all(|letter| rest.any(|other| other == letter));
            prop_assert_eq!(find(&word, &text).is_some(), is_there);
        }

        #[test]
        fn the_best_of_all_ways_is_found(word in "[ab]{1,4}", text in "[abAB -]{0,10}") {
            let (pattern, letters) = (folded(&word), letters(&text));
            let expected = ways(&pattern, &letters, 0).iter().map(|at| by_hand(at, &letters)).max();
            let found = best(&pattern, &letters);
            prop_assert_eq!(found.as_ref().map(|found| found.0), expected);
            if let Some((score, at)) = found {
                prop_assert_eq!(by_hand(&at, &letters), score);
                prop_assert!(at.iter().zip(&pattern).all(|(at, letter)| letters[*at].folded == *letter));
            }
        }

        #[test]
        fn every_part_of_a_text_finds_it(text in "[a-zéüñ]{2,8}( [a-zéüñ]{2,8}){0,3}", from in 0_usize..30, length in 2_usize..9) {
            let letters: Vec<char> = text.chars().collect();
            let from = from % (letters.len() - 1);
            let part: String = letters[from..(from + length).min(letters.len())].iter().collect();
            prop_assert!(find(&part, &text).is_some(), "{} in {}", part, text);
        }

        #[test]
        fn a_longer_query_never_finds_more(typed in "[a-d ]{1,6}", more in "[a-d ]", text in "[a-d ]{0,12}") {
            if find(&format!("{typed}{more}"), &text).is_some() {
                prop_assert!(find(&typed, &text).is_some());
            }
        }

        #[test]
        fn capitals_and_accents_change_nothing(typed in "[a-z ]{1,6}", text in "[a-z -]{0,20}") {
            let loud = |text: &str| text.to_uppercase();
            let accented = |text: &str| text.replace('a', "ä").replace('e', "é").replace('n', "ñ").replace('o', "ø");
            let plain = find(&typed, &text);
            prop_assert_eq!(&find(&loud(&typed), &text), &plain);
            prop_assert_eq!(&find(&accented(&typed), &text), &plain);
            prop_assert_eq!(&find(&typed, &accented(&text)), &plain);
        }

        #[test]
        fn the_order_of_words_does_not_matter(one in "[a-c]{1,3}", other in "[a-c]{1,3}", text in "[a-c -]{0,12}") {
            prop_assert_eq!(find(&format!("{one} {other}"), &text), find(&format!("{other}  {one} "), &text));
        }

        #[test]
        fn at_the_beginning_is_best(word in "[a-z]{2,6}", rest in "[A-Z]{1,6}") {
            let rest = rest.to_lowercase();
            prop_assume!(!rest.contains(&word));
            let (first, last) = (format!("{word} {rest}"), format!("{rest} {word}"));
            prop_assert!(score(&word, &first) >= score(&word, &last));
        }
    }
}
