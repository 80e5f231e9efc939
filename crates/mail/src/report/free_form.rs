//! Bounces that are no multipart/report: qmail's, old Exchange's, Lotus Domino's, and those of everybody who writes what he
//! likes (A127). The words differ; the shape is that of an address on a line of its own, with the reason beside it or
//! below, above a copy of what came back.

use super::{Action, Report, ReportRecipient, original, status};
use crate::address;
use crate::parse::{identity, limits};
use std::collections::HashMap;

/// Fields that begin the copy of a message: what stands below is no longer the daemon's.
const COPY: [&str; 9] = [
    "return-path:",
    "received:",
    "message-id:",
    "dkim-signature:",
    "mime-version:",
    "x-mailer:",
    "from:",
    "delivered-to:",
    "arc-seal:",
];

/// Fills a report from the words of a bounce. `overall` is what its subject or its text says befell the mail; `own` are
/// addresses that it was sent to, which are ours.
pub(super) fn read(text: &str, failed: Option<&str>, overall: Option<Action>, own: &[String], report: &mut Report) {
    let text = &text[..text.floor_char_boundary(limits::BOUNCE_TEXT_OCTETS)];
    let lines: Vec<&str> = text.lines().collect();
    let copy = lines.iter().position(|l| is_copy(l)).unwrap_or(lines.len());
    let daemon = lines.get(..copy).unwrap_or_default();
    if report.recipients.is_empty() {
        let told = recipients(daemon, own);
        report.recipients = match failed {
            Some(failed) => named(failed, told),
            None => told,
        };
        for recipient in &mut report.recipients {
            recipient.status = status::status_in(&recipient.diagnostic).unwrap_or_default();
            // Servers that give up after days quote the temporary error that they met last.
            recipient.action = overall.or_else(|| status::by_status(&recipient.status)).or(code(&recipient.diagnostic));
        }
    }
    let below = lines.get(copy..).unwrap_or_default();
    if report.original.is_none() && !below.is_empty() {
        let unquoted: Vec<&str> = below.iter().map(|l| l.trim_start_matches(['>', '|'])).collect();
        report.original = original::read(unquoted.join("\n").as_bytes());
    }
    if report.original_message_id.is_none() {
        report.original_message_id = report.original.as_ref().and_then(|o| o.message_id.clone()).or_else(|| message_id(&lines));
    }
}

/// Where the words of a daemon end and the copy of a mail begins, with the ruler above it; else the end of the text.
pub(super) fn own_words(text: &str) -> usize {
    let (mut end, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if is_copy(line) {
            return end;
        }
        at += line.len();
        // Rulers and empty lines belong to what follows them.
        let ruler = line.trim_start().starts_with("--") || line.trim_start().starts_with("==");
        if !ruler && !line.trim().is_empty() {
            end = at;
        }
    }
    text.len()
}

fn is_copy(line: &str) -> bool {
    let line = line.trim_start_matches(['>', '|', ' ', '\t']);
    COPY.iter().any(|field| line.get(..field.len()).is_some_and(|head| head.eq_ignore_ascii_case(field)))
}

/// A Message-ID field anywhere in a text, with its value on the next line where it was folded.
fn message_id(lines: &[&str]) -> Option<String> {
    lines.iter().enumerate().find_map(|(at, line)| {
        let (name, value) = line.trim_start_matches(['>', '|', ' ', '\t']).split_once(':')?;
        if !name.trim_end().eq_ignore_ascii_case("message-id") {
            return None;
        }
        let next = lines.get(at + 1).copied().unwrap_or_default();
        identity::message_id(if value.trim().is_empty() { next } else { value })
    })
}

/// The recipients that X-Failed-Recipients names, with what the text says of them.
fn named(failed: &str, told: Vec<ReportRecipient>) -> Vec<ReportRecipient> {
    let mut reasons: HashMap<String, ReportRecipient> = told.into_iter().map(|r| (address::address_key(&r.address), r)).collect();
    let all = address::parse_list(failed).into_iter().take(limits::REPORT_RECIPIENTS);
    let told = |a: address::Address| {
        let reason = reasons.remove(&a.key()).unwrap_or_default();
        ReportRecipient { address: a.email, ..reason }
    };
    all.map(told).collect()
}

/// Addresses that begin a line, each with its reason.
fn recipients(lines: &[&str], own: &[String]) -> Vec<ReportRecipient> {
    let mut found: Vec<ReportRecipient> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        let Some((email, rest)) = leading(line).or_else(|| transcript(line)) else { continue };
        let key = address::address_key(&email);
        // "If this is wrong, write to postmaster@".
        if own.contains(&key) || key.starts_with("postmaster@") {
            continue;
        }
        let (reason, used) = reason(rest, lines.get(at..).unwrap_or_default());
        at += used;
        if let Some(&place) = places.get(&key) {
            // Told twice, as sendmail does: once in the list, once in the transcript. The one with a code counts.
            if let Some(known) = found.get_mut(place)
                && (known.diagnostic.is_empty() || code(&known.diagnostic).is_none() && code(&reason).is_some())
            {
                known.diagnostic = reason;
            }
            continue;
        }
        if found.len() >= limits::REPORT_RECIPIENTS {
            break;
        }
        places.insert(key, found.len());
        found.push(ReportRecipient { address: email, diagnostic: reason, ..ReportRecipient::default() });
    }
    if found.is_empty() {
        found.extend(mentioned(lines, own));
    }
    found
}

/// An address at the beginning of a line, and what follows it: nothing, or what may be a reason.
fn leading(line: &str) -> Option<(String, &str)> {
    let line = line.trim().trim_start_matches(['*', '•', '-', ' ', '\t']);
    let open = line.trim_start_matches(['<', '"', '\'', '(', '[']);
    let open = open.strip_prefix("mailto:").unwrap_or(open);
    let end = open.find(|c: char| c.is_whitespace() || "<>()[]\"':;,".contains(c)).unwrap_or(open.len());
    let (email, rest) = open.split_at(end);
    let email = usable(email)?;
    let rest = rest.trim_start_matches(['>', '"', '\'', ']', ',', '.', ' ', '\t']);
    let bare = rest.trim_matches([':', ')', '>', ';']).trim().is_empty();
    let reason = rest.starts_with([':', '(', '<', '-', '#', '/']) || rest.starts_with("on ") || code(rest).is_some();
    (bare || reason).then_some((email, rest))
}

/// `--> RCPT TO:<a@b>`, or `Failed address: a@b`, as a line of its own.
fn transcript(line: &str) -> Option<(String, &str)> {
    let lower = line.to_ascii_lowercase();
    let after = lower.find("rcpt to:").map(|at| at + "rcpt to:".len());
    let after =
        after.or_else(|| lower.trim_start().starts_with("failed address:").then(|| lower.find(':').map_or(0, |at| at + 1)))?;
    let email = line.get(after..)?.trim().trim_matches(['<', '>']);
    let email = email.split(['>', ' ']).next().unwrap_or(email);
    Some((usable(email)?, ""))
}

/// What is said of a recipient: the rest of its line and the lines below it, up to an empty one or the next address. The
/// paragraph behind one empty line too, when it quotes a server. Also tells how many lines that were.
fn reason(rest: &str, below: &[&str]) -> (String, usize) {
    let rest = rest.trim_matches([':', '>', ' ', '\t']);
    let mut words = vec![rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')).unwrap_or(rest)];
    let mut used = 0;
    let mut gap = false;
    for line in below.iter().take(limits::BOUNCE_LINES) {
        let text = line.trim();
        if text.is_empty() {
            let next: Vec<&str> = below.iter().skip(used + 1).take(6).take_while(|l| !l.trim().is_empty()).copied().collect();
            let said = words.iter().any(|w| !w.is_empty());
            if gap || said || !next.iter().any(|l| code(l).is_some()) {
                break;
            }
            gap = true;
        } else if leading(line).is_some() || is_ruler(text) {
            break;
        }
        used += 1;
        words.push(text);
    }
    (super::fields::bounded(&words.join(" ")), used)
}

fn is_ruler(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("===") || line.starts_with("___")
}

/// The first address that a text mentions anywhere and that is not ours.
fn mentioned(lines: &[&str], own: &[String]) -> Option<ReportRecipient> {
    let ends = |c: char| c.is_whitespace() || "<>()[]\"',;:“”‘’".contains(c);
    let mut words = lines.iter().flat_map(|l| l.split(ends)).filter(|w| w.contains('@'));
    let email =
        words.find_map(|w| usable(w.trim_matches(['.', '!', '?', '*'])).filter(|a| !own.contains(&address::address_key(a))))?;
    let reason = lines.iter().find(|l| code(l).is_some()).copied().unwrap_or_default();
    Some(ReportRecipient { address: email, diagnostic: super::fields::bounded(reason), ..ReportRecipient::default() })
}

/// A whole address and nothing else.
fn usable(word: &str) -> Option<String> {
    let (local, domain) = word.rsplit_once('@')?;
    let plain = !local.is_empty() && word.len() <= limits::ADDRESS_OCTETS && domain.contains('.') && !domain.contains('=');
    let email = address::parse_list(word).into_iter().next().filter(|_| plain)?.email;
    email.eq_ignore_ascii_case(word).then_some(email)
}

/// What an SMTP reply in a text means: a number of three digits that begins with 4 or 5, or an enhanced code.
pub(super) fn code(text: &str) -> Option<Action> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let basic = words.filter(|w| w.len() == 3 && w.bytes().all(|b| b.is_ascii_digit()) && w.starts_with(['4', '5']));
    let basic = basic.map(status::by_status).next().flatten();
    basic.or_else(|| status::by_status(&status::status_in(text).unwrap_or_default()))
}
