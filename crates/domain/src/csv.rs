//! Tables as text: CSV as RFC 4180 has it, and what spreadsheets make of it.
//!
//! What is written opens in a spreadsheet as the text that it is: a cell that a spreadsheet would
//! take for a formula begins with an apostrophe. Reading takes that apostrophe off again, so what was
//! written comes back as it was.

/// How Excel knows that a file is UTF-8; a written file begins with it.
pub const BOM: &str = "\u{feff}";

/// Adds a line to a text: the cells between commas, quoted where they must be, and CRLF.
pub fn write_line(text: &mut String, cells: &[&str]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        let guarded = if is_formula(cell) { "'" } else { "" };
        // A semicolon and a tab separate in other dialects; a line of one empty cell is no empty line.
        let quoted = cell.contains(['"', ',', ';', '\t', '\r', '\n'])
            || cell.starts_with("sep=")
            || cell.starts_with('\u{feff}')
            || (cells.len() == 1 && cell.trim().is_empty());
        if quoted {
            text.push('"');
            text.push_str(guarded);
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(guarded);
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

/// Whether a spreadsheet might compute this instead of showing it; also what would look guarded
/// without being so.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell without the apostrophe that guards it.
fn unguarded(mut cell: String) -> String {
    if cell.starts_with('\'') && is_formula(&cell) {
        cell.remove(0);
    }
    cell
}

/// A line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the text, from 1: where it begins, since a quoted cell may go on for several.
    pub number: usize,
    /// Its cells.
    pub cells: Vec<String>,
    /// Whether a quote in it is never closed: what follows the quote, to the end of the text, is one cell.
    pub is_cut_off: bool,
}

/// The lines of a text that are not empty. The separator is a comma, a semicolon or a tab, whichever
/// the first line has most of; a first line `sep=;` names it, as Excel has it. A byte order mark is
/// passed over, and lines end as on any system.
pub fn read(text: &str) -> Vec<Line> {
    let text = text.strip_prefix(BOM).unwrap_or(text);
    let (mut rest, mut number) = (text, 1);
    let mut separator = None;
    if let Some(named) = text.strip_prefix("sep=") {
        let mut letters = named.chars();
        separator = letters.next().filter(|letter| matches!(letter, ',' | ';' | '\t' | '|'));
        let after = letters.as_str();
        let ended = ["\r\n", "\n", "\r"].into_iter().find_map(|end| after.strip_prefix(end));
        match ended.or(after.is_empty().then_some("")).filter(|_| separator.is_some()) {
            Some(after) => (rest, number) = (after, 2),
            None => separator = None,
        }
    }
    let separator = separator.unwrap_or_else(|| guess(rest));
    let mut lines = Vec::new();
    while !rest.is_empty() {
        let (line, after, ends) = line(rest, separator, number);
        let is_blank = line.cells.iter().all(|cell| cell.trim().is_empty()) && !rest.starts_with('"');
        if !is_blank {
            lines.push(line);
        }
        (rest, number) = (after, number + ends);
    }
    lines
}

/// What separates the cells of the first line.
fn guess(text: &str) -> char {
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut quoted = false;
    for letter in text.trim_start_matches(['\r', '\n']).chars() {
        match letter {
            '"' => quoted = !quoted,
            '\r' | '\n' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(own, _)| *own == letter).for_each(|one| one.1 += 1),
            _ => {}
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(',', |(letter, _)| *letter)
}

/// The first line of a text, what follows it, and how many ends of lines it takes.
fn line(text: &str, separator: char, number: usize) -> (Line, &str, usize) {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let (mut in_quotes, mut was_quoted, mut ends) = (false, false, 0);
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let pair = letters.peek().map(|(_, next)| *next);
        if in_quotes {
            match letter {
                '"' if pair == Some('"') => {
                    letters.next();
                    cell.push('"');
                }
                '"' => in_quotes = false,
                _ => {
                    ends += usize::from(letter == '\n' || (letter == '\r' && pair != Some('\n')));
                    cell.push(letter);
                }
            }
        } else if letter == separator {
            cells.push(unguarded(std::mem::take(&mut cell)));
            was_quoted = false;
        } else if letter == '\r' || letter == '\n' {
            let end = if letter == '\r' && pair == Some('\n') { at + 2 } else { at + 1 };
            cells.push(unguarded(cell));
            return (Line { number, cells, is_cut_off: false }, &text[end..], ends + 1);
        } else if letter == '"' && !was_quoted && cell.trim().is_empty() {
            // A quote inside a cell that does not begin with one is a letter like any other.
            cell.clear();
            (in_quotes, was_quoted) = (true, true);
        } else if !(was_quoted && letter == ' ') {
            cell.push(letter);
        }
    }
    cells.push(unguarded(cell));
    (Line { number, cells, is_cut_off: in_quotes }, "", ends)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text).into_iter().map(|line| line.cells).collect()
    }

    fn written(lines: &[&[&str]]) -> String {
        let mut text = BOM.to_owned();
        lines.iter().for_each(|cells| write_line(&mut text, cells));
        text
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let text = written(&[&["a", "b,c", "say \"hi\"", "two\r\nlines", "", "d;e"]]);
        assert_eq!(text, "\u{feff}a,\"b,c\",\"say \"\"hi\"\"\",\"two\r\nlines\",,\"d;e\"\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for formula in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\",\"y\")", "＝1"]
        {
            let text = written(&[&[formula]]);
            let shown = text.trim_start_matches(BOM).trim_start_matches('"');
            assert!(shown.starts_with('\''), "{text:?}");
            assert_eq!(cells(&text), [[formula]]);
        }
        assert_eq!(written(&[&["a=b", "x-y", "a@b.co"]]), "\u{feff}a=b,x-y,a@b.co\r\n");
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        let expected = [["email", "role"], ["a@b.co", "x, y"]];
        for text in [
            "email,role\r\na@b.co,\"x, y\"\r\n",
            "\u{feff}email;role\na@b.co;x, y\n",
            "email\trole\ra@b.co\tx, y",
            "sep=;\r\nemail;role\r\na@b.co;\"x, y\"",
            "\n\nemail;role\n\n  \na@b.co; \"x, y\" \n;\n",
        ] {
            assert_eq!(cells(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_know_their_number() {
        let lines = read("sep=,\r\na,b\r\n\r\n\"one\r\ntwo\",c\r\nd,e");
        let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [2, 4, 6]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told() {
        let lines = read("a,b\nc,\"d\ne,f\n");
        assert_eq!(lines.len(), 2);
        assert!(lines[1].is_cut_off && lines[1].number == 2 && !lines[0].is_cut_off);
        assert_eq!(lines[1].cells, ["c", "d\ne,f\n"]);
    }

    /// Whether the first cell of a written text begins with what a spreadsheet computes. Of the quotes
    /// before it only the first is syntax: `"""-"` is the cell `"-`, which is text.
    fn begins_as_a_formula(text: &str) -> bool {
        text.strip_prefix('"').unwrap_or(text).starts_with(['=', '+', '-', '@', '\t'])
    }

    #[test]
    fn a_quote_before_a_sign_is_text() {
        for (cell, written) in [("\"-", "\"\"\"-\"\r\n"), ("-\"", "\"'-\"\"\"\r\n"), ("'=1", "''=1\r\n")] {
            let mut text = String::new();
            write_line(&mut text, &[cell]);
            assert_eq!(text, written);
            assert!(!begins_as_a_formula(&text));
        }
        assert!(begins_as_a_formula("=1\r\n") && begins_as_a_formula("\"-1\"\r\n"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(lines in vec(vec(any::<String>(), 1..5), 0..6)) {
            // A line of several cells without anything in them is passed over, as an empty one is.
            let lines: Vec<_> = lines
                .into_iter()
                .filter(|cells| cells.len() == 1 || cells.iter().any(|cell| !cell.trim().is_empty()))
                .collect();
            let mut text = BOM.to_owned();
            for cells in &lines {
                write_line(&mut text, &cells.iter().map(String::as_str).collect::<Vec<_>>());
            }
            prop_assert_eq!(cells(&text), lines);
        }

        #[test]
        fn cells_that_look_like_syntax_come_back(cells_in in vec("[-=+@,;\t\r\n\"' a]{0,6}", 2..5)) {
            prop_assume!(cells_in.iter().any(|cell| !cell.trim().is_empty()));
            let mut text = String::new();
            write_line(&mut text, &cells_in.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(cells(&text), vec![cells_in]);
        }

        #[test]
        fn nothing_makes_it_panic(text in "[\u{feff}sep=,;\t\r\n\"' aé]{0,40}") {
            let lines = read(&text);
            prop_assert!(lines.windows(2).all(|pair| pair[0].number < pair[1].number));
        }

        #[test]
        fn no_written_cell_begins_as_a_formula(cell in any::<String>()) {
            let mut text = String::new();
            write_line(&mut text, &[&cell]);
            prop_assert!(!begins_as_a_formula(&text), "{:?}", text);
        }
    }
}
