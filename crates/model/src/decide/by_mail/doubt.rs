//! Lines that read as commands, and may be somebody else's words: hidden or quoted in the HTML form of the mail, or below something that
//! looks like the head of another mail. They do nothing, and whoever sent the mail is told.

use super::merged;
use crate::script::{self, Does, Known, Line, Script, Source, Word, shown};
use postern_mail::quote;
use postern_mail::{Message, is_blank};
use std::collections::HashSet;
use std::ops::Range;

/// Why a line is not looked at that no reader sees as its author's own.
const UNSEEN: &str = "it is quoted or hidden in the mail's HTML form";

/// How often a text is read, each time without the lines that nobody sees.
const READINGS: usize = 4;

/// Lines that are looked for in vain.
const MISSING: usize = 20;

/// Characters of a line that may be a field of a header: `Kuldve`, `Feladó (e-mail)`.
const FIELD: usize = 30;

/// Reads a text as [`script::read`] does, without the lines that may be somebody else's.
pub(super) fn read(known: Known<'_>, message: &Message, source: &Source<'_>) -> Script {
    let mut old = source.old.to_vec();
    let mut doubtful: Vec<(Range<usize>, &str)> = Vec::new();
    for _ in 0..READINGS {
        let script = script::read(known, &Source { old: &old, ..*source });
        let unseen = unseen(message, source.text, &script.places);
        if unseen.is_empty() {
            let now = Source { old: &old, ..*source };
            return told(last_line(known, message, &now, script), source, &doubtful);
        }
        old = merged([&old, &unseen]);
        doubtful.extend(unseen.into_iter().map(|place| (place, UNSEEN)));
    }
    // What is left was not read: it may say anything.
    let wrong = "more lines are quoted or hidden in the mail's HTML form than are looked through".to_owned();
    let refused = Line { said: String::new(), does: Does::Wrong { wrong, cure: IN_FIRST_LINE.to_owned() } };
    let unread = Script { hushes: true, refused: Some(refused), ..Script::default() };
    told(if source.plain { unread } else { Script::default() }, source, &doubtful)
}

/// Drops the command in the last line where something above it is in doubt.
fn last_line(known: Known<'_>, message: &Message, source: &Source<'_>, script: Script) -> Script {
    if !source.last || !message.answers {
        return script;
    }
    let without = script::read(known, &Source { last: false, ..*source });
    let last = script.places.iter().max_by_key(|place| place.start).cloned();
    // Other commands are no head of a mail.
    let others: Vec<Range<usize>> = script.places.iter().filter(|place| Some(*place) != last.as_ref()).cloned().collect();
    let old = merged([source.old, &others]);
    let source = &Source { old: &old, ..*source };
    let Some(place) = last.filter(|place| script.lines != without.lines && is_doubtful(source, place)) else { return script };
    // What is told of it already is told once.
    if without.refused.is_some() {
        return without;
    }
    told(without, source, &[(place, "what stands above it may be the head of another mail")])
}

/// Adds that lines were not looked at. They are taken out of what others are shown, as commands are. Whoever wrote a comment that does not
/// count may have meant it: the text stays among staff.
fn told(mut script: Script, source: &Source<'_>, doubtful: &[(Range<usize>, &str)]) -> Script {
    let mut known: HashSet<Range<usize>> = script.places.iter().cloned().collect();
    for (place, why) in doubtful {
        let said = shown(source.text.get(place.clone()).unwrap_or_default());
        let why = format!("not looked at: {why}");
        let does = if source.plain && script::is_comment(&said) {
            script.hushes = true;
            Does::Wrong { wrong: why, cure: IN_FIRST_LINE.to_owned() }
        } else {
            Does::Ignored(format!("{why}; in the first line of the text it counts"))
        };
        script.lines.push(Line { said, does });
        if known.insert(place.clone()) {
            script.places.push(place.clone());
        }
    }
    script
}

/// Lines at the top that are looked at for one that says anything.
const TOP: usize = 20;

/// A line that makes the text one for staff alone where no command counts: the first line of all, quoted or in a list; one in a text that
/// stands beside the mail's own; one that the HTML form has, and the text has not.
pub(super) fn comment(known: Known<'_>, message: &Message, own: &str, folds: &[Range<usize>]) -> Option<Line> {
    let written = message.added_from.and_then(|at| message.text.get(..at)).unwrap_or(&message.text);
    let first = written.lines().take(TOP).find(|line| line.contains(char::is_alphanumeric));
    let wrong = |said: &str, wrong: &str| {
        let does = Does::Wrong { wrong: wrong.to_owned(), cure: IN_FIRST_LINE.to_owned() };
        Line { said: shown(said), does }
    };
    if let Some(first) = first.filter(|line| script::is_comment(line)) {
        return Some(wrong(first, "it does not count where it stands"));
    }
    let old = merged([folds, std::slice::from_ref(&(0..own.len()))]);
    let source = Source { text: written, old: &old, plain: true, last: message.forwarded.is_none() };
    if let Some(Line { said, .. }) = Some(written).filter(|written| written.len() > own.len()).and(script::beside(known, &source))
    {
        return Some(wrong(&said, "it stands in another part of the mail than its own text"));
    }
    let seen = message.seen.as_deref().filter(|seen| seen.contains('!'))?;
    let more = script::comments_in(seen) > script::comments_in(&quote::letters(written));
    more.then(|| wrong("!comment", "the mail's HTML form says so, and its text does not"))
}

/// Where a comment counts.
const IN_FIRST_LINE: &str = "write !comment alone in the first line of the text";

/// Keeps a text here of which a line says that it is for staff alone, though that line may be quoted: it is among what would go out.
/// `old`: what may be quoted.
pub(super) fn hush_quoted(script: &mut Script, source: &Source<'_>, old: &[Range<usize>]) {
    if !source.plain || script.hushes || script.says(&Word::Stop) {
        return;
    }
    let is_old = |place: &Range<usize>| {
        let at = old.partition_point(|fold| fold.end <= place.start);
        old.get(at).is_some_and(|fold| fold.start <= place.start)
    };
    let comment = script::new_lines_of(source)
        .find(|(place, line)| is_old(place) && script::is_comment(line) && !script.places.contains(place));
    if let Some((place, line)) = comment {
        let does = Does::Wrong { wrong: "not looked at: it looks quoted".to_owned(), cure: IN_FIRST_LINE.to_owned() };
        script.lines.push(Line { said: shown(line), does });
        script.hushes = true;
        script.places.push(place);
    }
}

/// Those of some lines that are not among what a reader of the HTML form sees as its author's own.
fn unseen(message: &Message, text: &str, places: &[Range<usize>]) -> Vec<Range<usize>> {
    let Some(seen) = &message.seen else { return Vec::new() };
    let (mut rest, mut missing) = (seen.as_str(), 0);
    let is_unseen = |place: &&Range<usize>| {
        let letters = quote::seen_letters(text.get((*place).clone()).unwrap_or_default());
        // Where much is missing, all that follows is in doubt: each line that is not there costs a look at all of the document.
        let found = if missing < MISSING { rest.find(&letters) } else { None };
        missing += usize::from(found.is_none());
        rest = found.and_then(|at| rest.get(at + letters.len()..)).unwrap_or(rest);
        found.is_none()
    };
    places.iter().filter(is_unseen).cloned().collect()
}

/// The lines of a text that are not among what a reader of the HTML form sees as its author's own.
pub(super) fn unseen_lines(message: &Message, text: &str) -> Vec<Range<usize>> {
    if message.seen.is_none() {
        return Vec::new();
    }
    let lines: Vec<Range<usize>> = places(text).filter(|(line, _)| !line.trim().is_empty()).map(|(_, place)| place).collect();
    unseen(message, text, &lines)
}

/// Adds to a mail of commands that lines were not looked at.
pub(super) fn tell_unseen(script: &mut Script, text: &str, places: impl Iterator<Item = Range<usize>>) {
    for place in places {
        let said = shown(text.get(place).unwrap_or_default());
        script.lines.push(Line { said, does: Does::Ignored(format!("not looked at: {UNSEEN}")) });
    }
}

/// Adds to the script of a mail that passes another one on that commands in its last lines were not looked at: whose they are is not
/// known. They stay in the text, for they may be a part of what is passed on.
pub(super) fn tell_below(known: Known<'_>, source: &Source<'_>, script: &mut Script) {
    if script.refused.is_some() {
        return;
    }
    // What is passed on counts as quoted, down to the end.
    let with = script::read(known, &Source { old: &[], last: true, ..*source });
    let told: Vec<Range<usize>> = with.places.into_iter().filter(|place| !script.places.contains(place)).collect();
    for place in told.iter().filter(|_| with.refused.is_none()) {
        let said = shown(source.text.get(place.clone()).unwrap_or_default());
        let why =
            "not looked at: the mail passes another one on, whose line this may be; in the first line of the text it counts";
        script.lines.push(Line { said, does: Does::Ignored(why.to_owned()) });
    }
}

/// Lines with their places.
fn places(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (line, start..at)
    })
}

/// Whether a line, or something new above it, looks as if another mail began there: what says who wrote, a ruler, an indent, fields.
fn is_doubtful(source: &Source<'_>, last: &Range<usize>) -> bool {
    let mut old = source.old.iter().peekable();
    let mut fields = 0;
    for (line, place) in places(source.text).take_while(|(_, place)| place.start <= last.start) {
        while old.next_if(|fold| fold.end <= place.start).is_some() {}
        if old.peek().is_some_and(|fold| fold.contains(&place.start)) || line.trim().is_empty() {
            fields = 0;
            continue;
        }
        let above = place.start < last.start;
        let field = if above { field(line) } else { None };
        fields = if field.is_some() { fields + 1 } else { 0 };
        if is_indented(line)
            || line.trim_start().starts_with(['>', '|'])
            || above && (is_ruler(line) || is_lead(line))
            || fields > 1
            || field.is_some_and(|value| value.contains('@'))
        {
            return true;
        }
    }
    false
}

/// Three spaces or a tab: what mail programs put in front of a quote, and people in front of nothing that they type to a program.
fn is_indented(line: &str) -> bool {
    let space = |c: char| c == '\u{a0}' || c == ' ';
    line.starts_with('\t') || line.chars().take(3).filter(|c| space(*c)).count() == 3
}

/// Signs of a colon.
const COLONS: [char; 6] = [':', '：', '﹕', '︰', '∶', 'ː'];

/// Words of a line that names who wrote what follows, at most.
const WORDS: usize = 12;

/// `____`, `-------- Forwarded --------`, `* * *`.
fn is_ruler(line: &str) -> bool {
    let mut signs = line.trim_matches(is_blank).chars();
    let first = signs.next().unwrap_or(' ');
    let drawn = matches!(first, '\u{2010}'..='\u{2015}' | '\u{2500}'..='\u{257f}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}');
    if drawn || matches!(first, '-' | '_' | '=' | '*' | '~' | '#') {
        let alone = drawn && signs.clone().all(is_blank);
        return alone || signs.clone().take(2).filter(|sign| *sign == first).count() == 2 || is_repeated(first, signs);
    }
    !first.is_alphanumeric() && !matches!(first, '!' | '?') && is_repeated(first, signs)
}

/// Whether nothing but the same sign follows, twice or more.
fn is_repeated(first: char, signs: std::str::Chars<'_>) -> bool {
    let mut signs = signs.filter(|sign| !is_blank(*sign));
    signs.clone().all(|sign| sign == first) && signs.nth(1).is_some()
}

/// Whether a line leads to somebody else's words: it ends with a colon, names an address and is no sentence, says "original message" or who
/// wrote when, or is the signature of a telephone, below which most mail programs quote.
fn is_lead(line: &str) -> bool {
    let dress = |c: char| is_blank(c) || matches!(c, '*' | '_' | '"' | '“' | '”' | '`' | '[' | ']' | '|');
    let bare = line.trim_matches(dress);
    let address = |word: &str| word.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'));
    let names = || bare.split_whitespace().take(WORDS + 1).count() <= WORDS && bare.split_whitespace().any(address);
    bare.ends_with(COLONS)
        || names() && !bare.ends_with(['.', '!', '?'])
        || quote::says_original(bare)
        || bare.eq_ignore_ascii_case("quote")
        || script::is_of_telephone(bare)
}

/// The value of what may be a field of a header, in whatever language.
fn field(line: &str) -> Option<&str> {
    let (name, value) = line.trim().split_once([':', '：'])?;
    let few = name.chars().count() <= FIELD && name.split_whitespace().count() <= 3 && !name.starts_with('!');
    (few && !value.starts_with("//")).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubtful(text: &str) -> bool {
        let last = places(text).last().unwrap().1;
        is_doubtful(&Source { text, old: &[], plain: true, last: true }, &last)
    }

    #[test]
    fn b1_what_may_be_the_head_of_another_mail() {
        for above in [
            "Carla wrote:\n    other",
            "________________________________\nCarla, 3 pm:\n\nother",
            "-------- ఫార్వార్డ్ --------\nfrom Carla\n\nother",
            "Feladó: Carla\nKüldve: hétfő\n\nother",
            "Absender: carla@customer.example\n\nother",
            "\tother",
            "| other",
            "— — —\n———\nother",
            "* * *\nother",
            "—\nother",
            "⸻\nother",
            "＿＿＿＿\nother",
            ".....\nother",
            "Carla wrote:\u{200f}\nother",
            "כתב/ה:\u{202c}\u{200f}\nother",
            "*Carla wrote:*\nother",
            "[Carla wrote:]\nother",
            "Carla wrote: |\nother",
            "Carla wrote﹕\nother",
            "Carla Customer <carla@example.net>\nother",
            "Nov 22, 2026, 10:58 by carla@example.net\nother",
            "From carla@example.net Sun Nov 22 10:58:00 2026\nother",
            "Original Appointment\nother",
            "Ursprüngliche Nachricht\nother",
            "原始邮件\nother",
            "[quote]\nother",
            "Carla Customer schrieb am 22.11.2026\nother",
            "On 22 Nov Carla wrote\nother",
            "Sent from my iPhone\n\nother",
        ] {
            assert!(doubtful(&format!("I look.\n\n{above}\n!resolve\n")), "{above}");
        }
        assert!(doubtful("I look.\n\n    !resolve\n"));
        for above in [
            "I look.",
            "It is 12:30 now.",
            "Note: the toner is empty.\nI order it.",
            "-- it --",
            " - one\n - two",
            "see https://x.example",
            "I wrote to carla@example.net and to her firm.",
            ":-)",
            "👍",
            "Done!!!",
            "She wrote 3 mails.",
            "Best regards\nAnna",
        ] {
            assert!(!doubtful(&format!("{above}\n\n!resolve\n")), "{above}");
        }
    }
}
