//! The head that a mail program puts above an older message without marks: a block of header fields, a title between dashes
//! with fields below it, an attribution with all that belongs to one.
//!
//! Travellers, forms, memos and people who ask about a mail write such lines too. So a block is only one when all its names
//! are of one language, nothing strange is among them, and the sender and the date look as mail programs write them; and a
//! mail which does not say that it answers needs more of it.

use super::attribution::{Grade, grade, has_time};
use super::page::{Page, is_group_wise, is_ruler, is_strange_field};
use super::phrases::{self, Field, bare};
use crate::lookup::list;

/// Lines of a block, with those that long lists of recipients are folded over.
const LINES: usize = 16;

/// Octets of an attribution between dashes.
const OCTETS: usize = 300;

/// Names of dates that stand in any form; of the others mail programs alone say that something was sent.
const PLAIN_DATES: &[&str] = list!(
    "date|datum|data|fecha|dato|päiväys|pvm|päivä|dagsetning|dátum|kuupäev|datums|дата|ημερομηνία|ημ/νία|tarih|תאריך|تاريخ|التاريخ|تاریخ|दिनांक|日時|日付|日期|时间|날짜|일시|วันที่|ngày|tanggal|thời gian|dată"
);

/// Fields that may stand among the others, lower case.
const ASIDE: &[&str] = list!(
    "reply-to|reply to|importance|priority|attachments|categories|bcc|cc|user-agent|wichtigkeit|anlagen|antwort an|priorität|importance|pièces jointes|datos adjuntos|importancia|allegati|priorità|bijlagen|urgentie|вложения|важность|添付ファイル|附件|重要性"
);

/// The same of appointments, lower case.
const APPOINTMENT: &[&str] = list!(
    "when|where|time|location|zeit|ort|wann|wo|quand|où|date et heure|emplacement|cuándo|dónde|ubicación|hora|quando|dove|luogo|ora|onde|local|localização|wanneer|waar|tijd|locatie|tid|plats|sted|hvornår|hvor|paikka|aika|kiedy|gdzie|czas|lokalizacja|kdy|kde|místo|mikor|hol|hely|когда|где|время|место|ne zaman|nerede|konum|zaman|日時|場所|时间|地点|時間|地點|시간|장소|위치"
);

/// A block of header fields.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    /// The line behind it.
    end: usize,
    /// How many it has of sender, date, recipient and subject.
    count: usize,
    /// The sender has an address.
    addressed: bool,
    /// The date has a time, or a day of the week.
    dated: bool,
    /// The date says that something was sent.
    sent: bool,
    /// Which of the fields is the sender's.
    sender: usize,
}

impl Block {
    /// Nothing else looks like that, even without a title: an address with a date, or all that Outlook writes.
    fn is_whole(&self) -> bool {
        let near = self.sender < 2;
        near && (self.count >= 3 && self.addressed && (self.dated || self.sent) || self.count == 4 && self.sent)
    }

    /// What a title or a ruler above it makes sure.
    fn is_titled(&self, answers: bool) -> bool {
        self.count >= 3 && (self.addressed || self.dated || self.sent) || answers && self.count >= 2
    }
}

/// The end of the head of an older message that begins at a line.
pub(super) fn cut(page: &Page<'_>, at: usize) -> Option<usize> {
    if !page.may_head(at) {
        return None;
    }
    if let Some(end) = titled(page, at) {
        return Some(end);
    }
    if !page.answers {
        return None;
    }
    let whole = block(page, at, false).filter(Block::is_whole).map(|block| block.end);
    whole.or_else(|| page.notes_end(at))
}

/// A title, and what has to follow it.
fn titled(page: &Page<'_>, at: usize) -> Option<usize> {
    let line = bare(page.line(at));
    let dashed = phrases::is_dashed(line);
    let known = phrases::is_original_message(line) || crate::forward::is_marker(line);
    let (ruler, strange) = (is_ruler(line), phrases::is_titled_ruler(line));
    if page.answers && (is_group_wise(line) && line.contains('@') || dashed && is_dashed_attribution(line)) {
        return Some(at + 1);
    }
    if !known && !ruler && !strange {
        return None;
    }
    // Samsung's line has all fields behind the title.
    if known && dashed && page.answers && line.contains('@') && has_time(line) {
        return Some(at + 1);
    }
    let next = page.next_text(at + 1)?;
    if known && page.is_marked(next) && (dashed || phrases::field(page.line(next).trim_start_matches(['>', ' '])).is_some()) {
        return Some(at + 1);
    }
    if known
        && dashed
        && page.answers
        && let Some(end) = open_block(page, next)
    {
        return Some(end);
    }
    if known && let Some(attribution) = page.attribution(next) {
        let end = next + attribution.length;
        let marked = page.next_text(end).is_some_and(|n| page.is_marked(n));
        return (marked || attribution.grade == Grade::Complete).then_some(end);
    }
    let block = block(page, next, known && dashed && page.answers)?;
    let marked = page.next_text(block.end).is_some_and(|n| page.is_marked(n));
    let counts = match (known, ruler) {
        (true, _) => marked || block.is_titled(page.answers),
        (_, true) => block.is_whole(),
        _ => block.is_titled(false),
    };
    counts.then_some(block.end)
}

/// `-----Anna Berg <anna@example.net> wrote: -----`, as Notes has it; `---- On Mon, ... wrote ----` of Zoho.
fn is_dashed_attribution(line: &str) -> bool {
    let inner = line.trim_matches(|c: char| matches!(c, '-' | '─' | '—' | '=' | '_') || phrases::is_space(c));
    line.len() <= OCTETS && phrases::is_titled_ruler(line) && line.contains('@') && grade(inner).is_some()
}

/// Fields whose names have no colon, as eM Client writes them below its title.
fn open_block(page: &Page<'_>, at: usize) -> Option<usize> {
    let named = |n: &usize| {
        let (name, value) = bare(page.line(*n)).split_once(char::is_whitespace)?;
        Some((phrases::named(&name.to_lowercase()).first()?.1, value))
    };
    let fields: Vec<_> = (at..page.lines.len().min(at + LINES)).map_while(|n| named(&n)).collect();
    let sender = fields.iter().take(2).any(|(field, value)| *field == Field::From && value.contains('@'));
    (sender && fields.len() >= 3).then_some(at + fields.len())
}

/// `From: ... Sent: ... To: ... Subject: ...` in any of the clients' languages.
/// Below a title, where a mail program may have fields that no table knows, strange names do no harm.
fn block(page: &Page<'_>, at: usize, below_title: bool) -> Option<Block> {
    if !page.is_field(at) || at > 0 && is_listed(page.line(at - 1)) {
        return None;
    }
    let mut block = Block { end: at, ..Block::default() };
    let (mut found, mut languages, mut blanks, mut last): (Vec<Field>, _, _, _) = (Vec::new(), u64::MAX, 0, Field::From);
    for n in at..page.lines.len().min(at + LINES) {
        let line = bare(page.line(n));
        if page.is_blank(n) {
            blanks += 1;
            if blanks > 1 {
                break;
            }
            continue;
        }
        let (name, value) = split(line);
        let named: Vec<_> = phrases::named(&name).iter().filter(|(_, field, _)| !found.contains(field)).collect();
        if page.is_field(n) && named.is_empty() {
            break;
        }
        if let Some((_, field, _)) = named.first() {
            let field = *field;
            let spoken = named.iter().fold(0, |all, (.., languages)| all | languages);
            languages &= if field == Field::Cc { u64::MAX } else { spoken };
            block.note(field, &name, value);
            (last, block.end, blanks) = (field, n + 1, 0);
            found.push(field);
        } else if blanks > 0 {
            break;
        } else if goes_on(page.line(n - 1), line, &name, last) || below_title && is_strange_field(line) {
            block.end = n + 1;
        } else if is_strange_field(line) || line.starts_with("- ") {
            return None;
        } else {
            break;
        }
    }
    block.sender = found.iter().take(3).position(|f| *f == Field::From)?;
    block.count = found.iter().filter(|f| **f != Field::Cc).count();
    (languages != 0).then_some(block)
}

/// Whether a line belongs to a block though the table does not know its name: other fields, and what long lists of
/// recipients are folded over.
fn goes_on(above: &str, line: &str, name: &str, last: Field) -> bool {
    let list = line.contains(['@', ';']) || bare(above).ends_with([';', ',']);
    list && matches!(last, Field::To | Field::Cc) || [ASIDE, APPOINTMENT].iter().any(|names| names.contains(&name))
}

impl Block {
    fn note(&mut self, field: Field, name: &str, value: &str) {
        match field {
            Field::From => self.addressed = value.contains('@'),
            Field::Date => {
                self.dated = is_dated(value);
                self.sent = !PLAIN_DATES.contains(&name);
            }
            // A patch that was pasted.
            Field::Subject if value.starts_with("[PATCH") => (self.addressed, self.sent, self.dated) = (false, false, false),
            _ => {}
        }
    }
}

/// A field of a whole header, or the line that begins a mail in a mailbox: it was pasted, and goes on with the next line.
fn is_listed(line: &str) -> bool {
    let line = bare(line);
    let (name, _) = split(line);
    let header = name.is_ascii() && !name.contains(' ') && (name.contains('-') || name == "received");
    line.starts_with("From ") || header && !phrases::is_dashed(line)
}

/// The name of a field, lower case, and its value.
fn split(line: &str) -> (String, &str) {
    let Some((name, value)) = line.split_once([':', '：']) else { return (String::new(), line) };
    let name = bare(name.trim_matches(['*', '_', '|', ' '])).to_lowercase();
    (name, bare(value.trim_start_matches('*')))
}

/// A time of the day, or a day of the week before a date.
fn is_dated(value: &str) -> bool {
    let first = value.split_whitespace().next().unwrap_or_default();
    let weekday = first.ends_with([',', '.', '،']) && first.starts_with(char::is_alphabetic);
    has_time(value) || weekday && super::page::digits(value) >= 5
}
