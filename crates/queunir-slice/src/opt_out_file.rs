//! Files of numbers that do not want to be written to: read line by line, and written so that no spreadsheet takes a cell
//! for a formula. Pure.

use jiff::Timestamp;
use queunir_core::{
    chat::{OptOut, OptOutReason},
    phone::{NoPhoneNumber, PhoneNumber},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest file in bytes. More, and a request with it is larger than one may be.
pub const MOST_BYTES: usize = 512 * 1024;
/// Most lines of a file. More, and nothing else is stored for seconds while it is taken in.
pub const MOST_LINES: usize = 10_000;
/// Longest part of a refused cell that is said again, in characters.
const SAID: usize = 60;

/// What a column of numbers may be called.
const PHONE: [&str; 17] = [
    "phone",
    "phone number",
    "number",
    "mobile",
    "whatsapp",
    "telefone",
    "número",
    "numero",
    "número de telefone",
    "numero de telefone",
    "celular",
    "fone",
    "teléfono",
    "telefono",
    "número de teléfono",
    "móvil",
    "movil",
];
const SINCE: &str = "since";
const REASON: &str = "reason";

/// One line that says a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number.
    pub phone: PhoneNumber,
    /// Since when, where the line says so.
    pub since: Option<Timestamp>,
    /// Why; what is no word of ours is *other*.
    pub reason: OptOutReason,
}

/// Why a line is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It does not begin with `+` and a country's code, or holds something that is neither digit nor separator.
    NotInternational,
    /// No country has that code.
    UnknownCountry,
    /// Too few or too many digits.
    WrongLength,
    /// There is no number in it.
    NoNumber,
    /// The moment since when is none.
    NoMoment,
}

impl From<NoPhoneNumber> for Refusal {
    fn from(error: NoPhoneNumber) -> Self {
        match error {
            NoPhoneNumber::Form => Self::NotInternational,
            NoPhoneNumber::Country => Self::UnknownCountry,
            NoPhoneNumber::Length => Self::WrongLength,
        }
    }
}

/// A line that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusedLine {
    /// Its number in the file, from 1.
    pub line: u64,
    /// The cell that is no number, as far as it is short.
    pub text: String,
    /// Why.
    pub reason: Refusal,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Its numbers, in its order.
    pub lines: Vec<Line>,
    /// What is not taken.
    pub refused: Vec<RefusedLine>,
}

/// Why nothing of a file is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no text in UTF-8, or a quote that begins in it has no end.
    #[error("the file is no list in UTF-8")]
    NoList,
    /// It says nothing.
    #[error("the file is empty")]
    Empty,
    /// It has too many lines.
    #[error("the file has too many lines")]
    TooLong,
}

/// Reads a CSV file with commas, semicolons or tabs, with or without a line of names above, or a plain list of numbers.
///
/// # Errors
/// [`Unreadable`], when it cannot be read as a whole.
pub fn read(bytes: &[u8]) -> Result<Contents, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NoList)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n')) {
        return Err(Unreadable::NoList);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut contents = Contents::default();
    let mut counted = Counted { text: text.as_bytes(), at: 0, line: 1 };
    let mut columns: Option<Columns> = None;
    let mut count = 0;
    for record in reader.records() {
        let record = record.map_err(|_| Unreadable::NoList)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        count += 1;
        if count > MOST_LINES {
            return Err(Unreadable::TooLong);
        }
        if count == 1 {
            columns = Columns::named_by(&record);
            if columns.is_some() {
                continue;
            }
        }
        let cell = cell(&record, columns.as_ref());
        // Only a quote without its end puts what comes after it into one cell.
        if cell.contains('\n') {
            return Err(Unreadable::NoList);
        }
        match line(&record, cell, columns.as_ref()) {
            Ok(line) => contents.lines.push(line),
            Err(reason) => contents.refused.push(RefusedLine {
                line: counted.line_of(record.position().map_or(0, csv::Position::byte)),
                text: cell.chars().take(SAID).collect(),
                reason,
            }),
        }
    }
    if contents == Contents::default() { Err(Unreadable::Empty) } else { Ok(contents) }
}

/// Counts lines from record to record: what the library says of a record is where the empty lines above it begin.
struct Counted<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Counted<'_> {
    /// The line of what begins at or behind a byte, which must not lie before an earlier one.
    fn line_of(&mut self, byte: u64) -> u64 {
        let begin = usize::try_from(byte).unwrap_or(usize::MAX).clamp(self.at, self.text.len());
        let blank = self.text[begin..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let lines = self.text[self.at..begin + blank].iter().filter(|byte| **byte == b'\n').count();
        self.at = begin + blank;
        self.line += u64::try_from(lines).unwrap_or(0);
        self.line
    }
}

/// The one of the usual separators that the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|byte| *byte == mark).count();
    // Of equally many the last, so the comma where there is none.
    [b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

struct Columns {
    phone: usize,
    since: Option<usize>,
    reason: Option<usize>,
}

impl Columns {
    fn named_by(record: &csv::StringRecord) -> Option<Self> {
        let names: Vec<String> = record.iter().map(str::to_lowercase).collect();
        let place = |wanted: &str| names.iter().position(|name| name == wanted);
        let phone = names.iter().position(|name| PHONE.contains(&name.as_str()))?;
        Some(Self { phone, since: place(SINCE), reason: place(REASON) })
    }
}

/// The cell of a record that is its number: by its column's name, else the first that is one, else the first that says
/// something.
fn cell<'a>(record: &'a csv::StringRecord, columns: Option<&Columns>) -> &'a str {
    match columns {
        Some(columns) => record.get(columns.phone).unwrap_or_default(),
        None => {
            let said = || record.iter().filter(|cell| !cell.is_empty());
            said()
                .find(|cell| PhoneNumber::parse(undefused(cell)).is_ok())
                .or_else(|| said().next())
                .unwrap_or_default()
        }
    }
}

fn line(record: &csv::StringRecord, cell: &str, columns: Option<&Columns>) -> Result<Line, Refusal> {
    if cell.is_empty() {
        return Err(Refusal::NoNumber);
    }
    let phone = PhoneNumber::parse(undefused(cell))?;
    let of = |column: Option<usize>| column.and_then(|at| record.get(at)).filter(|cell| !cell.is_empty());
    let since = of(columns.and_then(|columns| columns.since)).map(str::parse).transpose();
    let reason = of(columns.and_then(|columns| columns.reason))
        .and_then(|word| serde_json::from_value(serde_json::Value::String(word.to_lowercase())).ok());
    Ok(Line { phone, since: since.map_err(|_| Refusal::NoMoment)?, reason: reason.unwrap_or(OptOutReason::Other) })
}

/// One line of a file that is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The number, where it is known.
    pub phone: Option<String>,
    /// The chat's name, if there is one.
    pub name: Option<String>,
    /// Since when, and why.
    pub opt_out: OptOut,
}

/// Writes a file that [`read`] reads, and that a spreadsheet opens with its accents and without running anything.
///
/// # Errors
/// When the library refuses a record.
pub fn write(lines: &[Written]) -> anyhow::Result<String> {
    let begun = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(begun);
    writer.write_record(["phone", "name", SINCE, REASON])?;
    for Written { phone, name, opt_out } in lines {
        let reason = serde_json::to_value(opt_out.reason)?;
        writer.write_record([
            defused(phone.as_deref().unwrap_or_default()),
            defused(name.as_deref().unwrap_or_default()),
            opt_out.at.to_string(),
            reason.as_str().unwrap_or_default().to_owned(),
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// Whether a spreadsheet may take a cell that begins so for a formula.
fn is_armed(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'])
}

/// With the mark before it that spreadsheets know for "this is text".
fn defused(cell: &str) -> String {
    if is_armed(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// Without that mark.
fn undefused(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_armed(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phones(contents: &Contents) -> Vec<&str> {
        contents.lines.iter().map(|line| line.phone.as_str()).collect()
    }

    fn refused(contents: &Contents) -> Vec<(u64, &str, Refusal)> {
        contents.refused.iter().map(|refused| (refused.line, refused.text.as_str(), refused.reason)).collect()
    }

    #[test]
    fn a_plain_list_is_read_and_each_refused_line_says_why() {
        let list = "+55 11 98765-4321\n\n11 98765-4321\n'+1 202 555 0123\r\n+999 12345678\n+55 11\nBia\n";
        let read = read(list.as_bytes()).unwrap();
        assert_eq!(phones(&read), ["+5511987654321", "+12025550123"]);
        assert_eq!(
            refused(&read),
            [
                (3, "11 98765-4321", Refusal::NotInternational),
                (5, "+999 12345678", Refusal::UnknownCountry),
                (6, "+55 11", Refusal::WrongLength),
                (7, "Bia", Refusal::NotInternational),
            ]
        );
    }

    #[test]
    fn columns_are_known_by_their_names_whatever_stands_between_them() {
        for mark in [",", ";", "\t"] {
            let file = "\u{feff}Nome;Telefone;since;reason\n\"Silva; Ana\";+5511987654321;2026-11-01T10:00:00Z;asked\n\
                +5511900000000;;;\nBia;+5521987654321;yesterday;asked\nCid;+5531987654321;;because\n"
                .replace(';', mark);
            let read = read(file.as_bytes()).unwrap();
            assert_eq!(phones(&read), ["+5511987654321", "+5531987654321"], "{mark:?}");
            assert_eq!(read.lines[0].since, Some("2026-11-01T10:00:00Z".parse().unwrap()));
            assert_eq!((read.lines[0].reason, read.lines[1].reason), (OptOutReason::Asked, OptOutReason::Other));
            let said = [(3, "", Refusal::NoNumber), (4, "+5521987654321", Refusal::NoMoment)];
            assert_eq!(refused(&read), said, "a number in another column is none of this one");
        }
    }

    #[test]
    fn without_names_the_first_cell_that_is_a_number_counts() {
        let read = read(b"Ana,12,+5511987654321\nBia,+5521987654321,+5531987654321\n").unwrap();
        assert_eq!(phones(&read), ["+5511987654321", "+5521987654321"]);
    }

    #[test]
    fn what_is_no_list_is_refused_as_a_whole() {
        for (file, why) in [
            (&b""[..], Unreadable::Empty),
            (b"\n , \n", Unreadable::Empty),
            (b"phone\n", Unreadable::Empty),
            (b"+5511987654321\n\xff\xfe", Unreadable::NoList),
            (b"\x89PNG\r\n\x1a\n", Unreadable::NoList),
            (b"+5511987654321\n\0", Unreadable::NoList),
            (b"+5511987654321\n\"+5521987654321\n+5531987654321\n", Unreadable::NoList),
        ] {
            assert_eq!(read(file), Err(why), "{file:?}");
        }
        let lines = |count| read("+5511987654321\n".repeat(count).as_bytes()).map(|read| read.lines.len());
        assert_eq!((lines(MOST_LINES), lines(MOST_LINES + 1)), (Ok(MOST_LINES), Err(Unreadable::TooLong)));
    }

    #[test]
    fn what_is_written_is_no_formula_and_is_read_again() {
        let opt_out = OptOut { at: "2026-11-01T10:00:00Z".parse().unwrap(), reason: OptOutReason::Keyword };
        let line = |phone: &str, name: &str| Written { phone: Some(phone.into()), name: Some(name.into()), opt_out };
        let names = ["=1+1", "+x", "-x", "@SUM(A1)", "\tx", "＝1", "João \"J\", o só"];
        let lines: Vec<Written> = names.iter().map(|name| line("+5511987654321", name)).collect();
        let file = write(&lines).unwrap();
        assert!(file.starts_with("\u{feff}phone,name,since,reason\r\n"));
        let mut cells = csv::Reader::from_reader(file.as_bytes());
        for record in cells.records() {
            for cell in record.unwrap().iter() {
                assert!(!is_armed(cell), "{cell:?}");
            }
        }
        let again = read(file.as_bytes()).unwrap();
        let line = Line {
            phone: PhoneNumber::parse("+5511987654321").unwrap(),
            since: Some(opt_out.at),
            reason: OptOutReason::Keyword,
        };
        assert_eq!(again, Contents { lines: vec![line; names.len()], refused: Vec::new() });
    }
}
