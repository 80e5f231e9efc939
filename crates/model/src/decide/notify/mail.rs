//! The mails themselves: words, files and header fields, for those who were chosen.

use super::{Candidate, Event, Telling};
use super::{leak, secret, thread};
use crate::decide::desk::Desk;
use crate::decide::freed::Done;
use crate::decide::holder::{self, At, Whose};
use crate::decide::token::{DELIMITERS, bound};
use crate::decision::{Notice, NoticeFile, NoticeKind};
use crate::facts::{FactError, Piece, Queue};
use crate::rights::Right;
use crate::telling::Teller;
use crate::template::{self, FreedScene, PersonScene, QueueScene, QuoteScene, Scene, TicketScene};
use crate::types::{Party, Person, Ticket};
use jiff::Timestamp;
use postern_mail::address::address_key;
use postern_mail::classify::LOOP_FIELD;
use postern_mail::ident::Audience;
use postern_mail::token::{self, Purpose};
use postern_mail::{quote, subject};
use std::borrow::Cow;

/// Loop marks of others that are passed on.
const MAX_MARKS: usize = 20;
/// People that a mail shows in To and Cc; of more, each sees only themselves.
const MAX_SHOWN: usize = 50;
/// Lines of earlier words that a mail quotes.
const MAX_QUOTED: usize = 200;
/// Lines of each text on a ticket of which approval is asked.
const MAX_ABOUT: usize = 40;

/// What the mails of one event share: looked up or worked out once.
struct Shared<'t> {
    telling: &'t Telling<'t>,
    /// What was written, without tokens: what one person may do is nobody else's business.
    text: Cow<'t, str>,
    /// The same for customers, where it quotes what was for staff alone.
    open_text: Option<String>,
    /// Words of internal comments that outsiders' mails would repeat.
    repeats: Vec<String>,
    /// Files that fit, and how the others are named.
    files: (Vec<NoticeFile>, Vec<String>),
    quote: Option<QuoteScene>,
    /// What was written before on a ticket of which approval is asked.
    about: Vec<QuoteScene>,
    /// The site's own templates, by name and language.
    templates: Vec<(String, String, Option<String>)>,
    /// Who stands in To and Cc of mails to customers (A146).
    shown: (Vec<Party>, Vec<Party>),
    /// Addresses whose last mail did not arrive, once a template asks for them.
    undelivered: Option<Vec<String>>,
}

/// Writes the mails of an event.
pub(super) fn write(desk: &mut Desk<'_>, telling: &Telling<'_>, chosen: &[Candidate<'_>]) -> Result<(), FactError> {
    let quotes = telling.queue.quote && chosen.iter().any(|c| c.rule.audience == "customers" && c.rule.on == "correspond");
    let mut shared = Shared {
        telling,
        text: token::strip(&telling.event.content.text, &DELIMITERS),
        open_text: None,
        repeats: Vec::new(),
        files: fitting(telling.event, desk.facts.site().attachments),
        quote: if quotes { quote_of(desk, telling)? } else { None },
        about: if chosen.iter().any(|c| c.rule.on == "approval") { about(desk, telling)? } else { Vec::new() },
        templates: Vec::new(),
        shown: shown(desk, chosen)?,
        undelivered: None,
    };
    if chosen.iter().any(|candidate| audience(candidate) == Audience::Customers) {
        shared.open_text = secret::for_customers(desk, telling, &shared.text)?;
    }
    if chosen.iter().any(leaves) {
        // What looks quoted and was for staff alone goes in silence; what looks typed is asked about, and then it is all there.
        let typed = secret::without_marked(desk, telling, &shared.text)?;
        shared.repeats = leak::find(desk, telling, typed.as_deref().unwrap_or(&shared.text))?;
        if !shared.repeats.is_empty() {
            shared.open_text = typed;
        }
    }
    for candidate in chosen {
        let when = candidate.digest.map(|digest| format!(", {}", digest.as_str())).unwrap_or_default();
        desk.note("mail", format!("{}: to {}{when}", candidate.rule.name, candidate.to.address));
        let notice = notice(desk, &mut shared, candidate)?;
        desk.notices.push(notice);
    }
    Ok(())
}

/// Whether somebody outside reads what a mail tells of the event.
fn leaves(candidate: &Candidate<'_>) -> bool {
    candidate.kind == NoticeKind::Forward || audience(candidate) == Audience::Customers
}

/// For whom a mail is, as its Message-ID says. An id that makes its answer a technician's goes to technicians alone.
fn audience(candidate: &Candidate<'_>) -> Audience {
    let staff = candidate.person.as_ref().is_some_and(Person::is_staff);
    match (candidate.rule.audience.as_str(), staff) {
        ("customers", _) | ("staff", false) => Audience::Customers,
        ("staff", true) => Audience::Staff,
        (_, true) => Audience::Comments,
        (_, false) => Audience::Readers,
    }
}

/// To and Cc as customers see them: requestors and Ccs. Whoever watches for us is in neither, as in a Bcc (A146).
fn shown(desk: &Desk<'_>, chosen: &[Candidate<'_>]) -> Result<(Vec<Party>, Vec<Party>), FactError> {
    let open = |c: &&Candidate<'_>| c.rule.audience == "customers" && c.kind == NoticeKind::Notification;
    let parties = |wanted: fn(&Candidate<'_>) -> bool| {
        chosen.iter().filter(open).filter(|c| wanted(c)).map(|c| c.to.clone()).collect::<Vec<_>>()
    };
    let mut to = parties(|c| c.recipient.roles.requestor);
    let mut cc = parties(|c| !c.recipient.roles.requestor && c.recipient.roles.cc);
    cc.retain(|party| desk.facts.site().own_address(&party.address).is_none());
    if to.is_empty() {
        std::mem::swap(&mut to, &mut cc);
    }
    // A crowd is not shown: each copy would carry all of it.
    if to.len() + cc.len() > MAX_SHOWN {
        return Ok((Vec::new(), Vec::new()));
    }
    Ok((to, cc))
}

/// The files that can be passed on together, and the names and sizes of the others.
fn fitting(event: &Event<'_>, most: u64) -> (Vec<NoticeFile>, Vec<String>) {
    let mut room = most;
    let (mut fit, mut left) = (Vec::new(), Vec::new());
    for file in &event.content.files {
        if file.size <= room {
            room -= file.size;
            fit.push(file.source);
        } else {
            left.push(format!("{} ({})", file.name, size(file.size)));
        }
    }
    (fit, left)
}

fn size(octets: u64) -> String {
    match octets {
        0..1_024 => format!("{octets} bytes"),
        1_024..1_048_576 => format!("{} kB", octets / 1_024),
        _ => format!("{}.{} MB", octets >> 20, ((octets & 0xf_ffff) * 10) >> 20),
    }
}

/// What customers last saw, for the end of an answer.
fn quote_of(desk: &Desk<'_>, telling: &Telling<'_>) -> Result<Option<QuoteScene>, FactError> {
    let Some(words) = desk.facts.last_words(telling.event.ticket.number)? else { return Ok(None) };
    let new = quote::new_text_of(&words.text, words.folds.as_deref());
    let new = token::strip(&new, &DELIMITERS);
    let new = secret::without(desk, telling.event.ticket.number, &new)?.map_or(new, Cow::Owned);
    let (text, date) = (quoted(&new, MAX_QUOTED), dated(words.at));
    let author = if telling.queue.show_names || is_customer(telling, &words.author) { words.author } else { String::new() };
    Ok(Some(QuoteScene { author, date, text }))
}

/// What was written on the ticket first and last, for those whose approval is asked, who may see all of it: they say yes to that.
fn about(desk: &Desk<'_>, telling: &Telling<'_>) -> Result<Vec<QuoteScene>, FactError> {
    let ends = |oldest| -> Result<_, FactError> {
        let piece = Piece { oldest, comments: true, texts: true, before: None };
        let written = desk.facts.conversation(telling.event.ticket.number, piece)?;
        Ok(written.into_iter().find(|entry| !entry.text.trim().is_empty()))
    };
    let (first, last) = (ends(true)?, ends(false)?);
    let last = last.filter(|last| first.as_ref() != Some(last));
    Ok(first
        .into_iter()
        .chain(last)
        .map(|entry| {
            let text = token::strip(&entry.text, &DELIMITERS);
            QuoteScene { author: entry.by.unwrap_or_default(), date: dated(entry.at), text: quoted(&text, MAX_ABOUT) }
        })
        .collect())
}

fn dated(at: i64) -> String {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A text as a quote of so many lines.
fn quoted(text: &str, most: usize) -> String {
    let lines: Vec<&str> = text.trim().lines().collect();
    let mut quoted: Vec<String> = lines.iter().take(most).map(|l| format!("> {l}").trim_end().to_owned()).collect();
    if lines.len() > most {
        quoted.push("> ...".to_owned());
    }
    quoted.join("\n")
}

/// Whether an author, by name or address, is a requestor or Cc: their names are no secret where those of staff are.
fn is_customer(telling: &Telling<'_>, author: &str) -> bool {
    let customers = telling.event.requestors.iter().chain(&telling.ccs);
    customers.into_iter().any(|party| party.name == author || party.address == author)
}

fn notice(desk: &mut Desk<'_>, shared: &mut Shared<'_>, candidate: &Candidate<'_>) -> Result<Notice, FactError> {
    let telling = shared.telling;
    let (queue, event, rule) = (telling.queue, telling.event, candidate.rule);
    let audience = audience(candidate);
    let site = desk.facts.site();
    let tag = queue.tag.as_deref().unwrap_or(&site.name);
    // Customers see no tag that somebody else's subject named: it would tell which numbers exist (A97).
    let title = match rule.audience.as_str() {
        "customers" => subject::bare(&event.ticket.subject, &site.tag_names()),
        _ => event.ticket.subject.clone(),
    };
    let person = candidate.person.as_ref();
    let language = person.and_then(|p| p.language.as_deref()).or(queue.language.as_deref()).unwrap_or("en");
    let body = body(desk, shared, &rule.template, language)?;
    if shared.undelivered.is_none() && body.contains("ticket.undelivered") {
        shared.undelivered = Some(super::undelivered(desk, event)?);
    }
    let carries = carries(candidate, event, audience);
    let text =
        shared.open_text.as_ref().filter(|_| audience == Audience::Customers).map_or(&*shared.text, String::as_str).to_owned();
    let (folded, remarks) = match audience {
        Audience::Staff | Audience::Comments => (event.content.folded, [desk.marks.clone(), desk.remarks.clone()].concat()),
        _ => (0, Vec::new()),
    };
    let commands = site.commands.enabled;
    let teller = Teller::of(language);
    let freed = freed(desk, event, candidate)?;
    let words =
        Words { site: &site.name, tag, title: &title, remarks: &remarks, carries, text: &text, commands, folded, teller, freed };
    let scene = scene(shared, candidate, words);
    let (rendered, fault) = match desk.renderer.get_or_insert_default().render(body, &scene) {
        Ok(rendered) => (rendered, None),
        Err(error) => (template::fallback(&scene), Some(error)),
    };
    let place = thread::place(desk, telling, &candidate.to, audience)?;
    let number = event.ticket.number;
    let visible = |party: &Party| shared.shown.0.contains(party) || shared.shown.1.contains(party);
    let open = candidate.kind == NoticeKind::Notification && rule.audience == "customers" && visible(&candidate.to);
    let notice = Notice {
        rule: rule.name.clone(),
        kind: candidate.kind,
        audience,
        ticket: number,
        to: candidate.to.clone(),
        shown_to: if open { shared.shown.0.clone() } else { vec![candidate.to.clone()] },
        shown_cc: if open { shared.shown.1.clone() } else { Vec::new() },
        from_name: from_name(queue, event, candidate.kind),
        from_address: queue.address.clone(),
        reply_to: reply_to(desk, queue, number, &candidate.to, audience),
        subject: subject::tagged(&rendered.subject, tag, number),
        in_reply_to: place.parent,
        references: place.references,
        headers: headers(desk, telling, candidate, audience),
        text: rendered.text,
        html: queue.html,
        files: if carries { shared.files.0.clone() } else { Vec::new() },
        digest: candidate.digest,
        repeats: if carries && leaves(candidate) { shared.repeats.clone() } else { Vec::new() },
    };
    if let Some(fault) = fault {
        desk.note("rule", format!("{}: template {} fails, so the plain text is sent: {fault}", rule.name, rule.template));
    }
    Ok(notice)
}

/// Whether a mail carries what was written: it tells of words, and its reader may see them. An acknowledgement never sends back
/// what a mail said, whose From may lie; what one of us wrote for a requestor is for them.
fn carries(candidate: &Candidate<'_>, event: &Event<'_>, audience: Audience) -> bool {
    let of_words = matches!(candidate.rule.on.as_str(), "create" | "correspond" | "comment");
    let may_see = audience != Audience::Customers || !event.content.internal;
    (of_words || candidate.rule.audience != "customers")
        && may_see
        && !(candidate.kind == NoticeKind::Acknowledgement && event.message.is_some())
}

/// The text of a template: the site's own, else the one that comes with the program; looked up once an event.
fn body(desk: &Desk<'_>, shared: &mut Shared<'_>, name: &str, language: &str) -> Result<Cow<'static, str>, FactError> {
    let known = shared.templates.iter().find(|(n, l, _)| n == name && l == language).map(|(.., body)| body.clone());
    let own = match known {
        Some(own) => own,
        None => {
            let own = desk.facts.template(name, shared.telling.queue.id, language)?;
            shared.templates.push((name.to_owned(), language.to_owned(), own.clone()));
            own
        }
    };
    Ok(own.map(Cow::Owned).or_else(|| template::default_template(name, language).map(Cow::Borrowed)).unwrap_or_default())
}

/// Words of a scene that are made for it.
struct Words<'s> {
    site: &'s str,
    tag: &'s str,
    title: &'s str,
    remarks: &'s [String],
    carries: bool,
    text: &'s str,
    commands: bool,
    /// Lines that the text leaves out unexplained, for readers who can look.
    folded: usize,
    /// Tells what changed in the language of the template.
    teller: Teller,
    /// What is done that the ticket waited for, or was made of.
    freed: FreedScene,
}

/// What is done that the ticket waited for, or was made of, as somebody may know it: what they may not see is not named.
fn freed(desk: &Desk<'_>, event: &Event<'_>, candidate: &Candidate<'_>) -> Result<FreedScene, FactError> {
    let whose = Whose { person: candidate.person.as_ref(), address: Some(&candidate.to.address) };
    let names = |tickets: &[Ticket]| -> Result<Vec<String>, FactError> {
        let mut names = Vec::new();
        for ticket in tickets {
            if holder::may(desk.facts, whose, Right::See, At::ticket(ticket))?.allowed {
                names.push(format!("#{} \"{}\"", ticket.number, ticket.subject));
            }
        }
        Ok(names)
    };
    let Done { waited_for, parts } = &event.done;
    Ok(FreedScene {
        whole: !parts.is_empty(),
        parts: names(parts)?,
        free: !waited_for.is_empty(),
        waited_for: names(waited_for)?,
    })
}

fn scene<'s>(shared: &'s Shared<'_>, candidate: &'s Candidate<'_>, words: Words<'s>) -> Scene<'s> {
    let (queue, event) = (shared.telling.queue, shared.telling.event);
    let content = &event.content;
    let passed = |file: &&super::File<'_>| shared.files.0.contains(&file.source);
    let (carries, teller) = (words.carries, words.teller);
    Scene {
        site: words.site,
        tag: words.tag,
        ticket: TicketScene {
            number: event.ticket.number,
            subject: words.title,
            status: event.ticket.status.as_str(),
            owner: event.ticket.owner.as_ref().map_or("", |o| o.name.as_str()),
            priority: event.ticket.priority,
            requestors: event.requestors.iter().map(named).collect(),
            cc: shared.telling.ccs.iter().map(named).collect(),
            undelivered: shared.undelivered.clone().unwrap_or_default(),
        },
        queue: QueueScene {
            name: &queue.name,
            display: queue.display(),
            address: &queue.address,
            comment_address: queue.comment_address.as_deref().unwrap_or_default(),
            signature: queue.signature.as_deref().unwrap_or_default(),
        },
        actor: PersonScene {
            name: event.by.party.map_or("", Party::display),
            address: event.by.party.map_or("", |p| p.address.as_str()),
        },
        by_staff: event.by.staff,
        recipient: PersonScene { name: candidate.to.display(), address: &candidate.to.address },
        text: match words.text.trim_end() {
            _ if !carries => "",
            text => text,
        },
        folded: if carries { words.folded } else { 0 },
        attachments: if carries { content.files.iter().filter(passed).map(|f| f.name).collect() } else { Vec::new() },
        left_out: if carries { shared.files.1.iter().map(String::as_str).collect() } else { Vec::new() },
        changes: event.changes.iter().map(|c| teller.change(&c.field, c.from.as_deref(), c.to.as_deref())).collect(),
        resolved: event.names.contains(&"resolve"),
        commands: words.commands,
        notes: words.remarks.iter().map(String::as_str).collect(),
        quote: shared.quote.clone().unwrap_or_default(),
        about: if candidate.rule.on == "approval" && candidate.rule.audience != "customers" {
            shared.about.clone()
        } else {
            Vec::new()
        },
        freed: words.freed,
    }
}

fn named(party: &Party) -> String {
    if party.name.is_empty() { party.address.clone() } else { format!("{} <{}>", party.name, party.address) }
}

/// "Anna via Support": a person's words under our address, so that our domain vouches for them (A169).
fn from_name(queue: &Queue, event: &Event<'_>, kind: NoticeKind) -> String {
    match event.by.party {
        Some(party) if matches!(kind, NoticeKind::Notification | NoticeKind::Forward) && queue.show_names => {
            // Another tracker's "Anna via Support" does not grow at every hop.
            let name = party.display().split(" via ").next().unwrap_or_default();
            format!("{name} via {}", queue.display())
        }
        _ => queue.display().to_owned(),
    }
}

/// Where answers go: the queue, or its comment address for what is internal; with a token that lets this person's answer in
/// where the site's mail server delivers such addresses (A48).
fn reply_to(desk: &Desk<'_>, queue: &Queue, ticket: u64, to: &Party, audience: Audience) -> String {
    let internal = matches!(audience, Audience::Comments | Audience::Readers);
    let address = match (&queue.comment_address, internal) {
        (Some(comment), true) => comment,
        _ => &queue.address,
    };
    let site = desk.facts.site();
    let extended = site.keys.first().and_then(|key| {
        site.extend(address, || token::make(key, Purpose::Reply, ticket, &bound(&to.address, &address_key(address))))
    });
    extended.unwrap_or_else(|| address.clone())
}

/// Fields that say what kind of mail it is (A113, A118, A170, A171).
fn headers(desk: &Desk<'_>, telling: &Telling<'_>, candidate: &Candidate<'_>, audience: Audience) -> Vec<(String, String)> {
    let (queue, event) = (telling.queue, telling.event);
    let site = &desk.facts.site().name;
    let field = |name: &str, value: String| (name.to_owned(), value);
    let mut fields = vec![field(LOOP_FIELD, site.clone())];
    if let (Some(message), false) = (event.message, candidate.kind == NoticeKind::Acknowledgement) {
        // The marks of others go on with what we pass on, so that a circle of several trackers ends where it began.
        // An acknowledgement is no passing on: its receiver may well be the one who left the mark.
        let marks = message.header_all(LOOP_FIELD).filter(|mark| !mark.trim().eq_ignore_ascii_case(site));
        fields.extend(marks.take(MAX_MARKS).map(|mark| field(LOOP_FIELD, mark.trim().to_owned())));
    }
    fields.push(field("X-Postern-Ticket", format!("{site} #{}", event.ticket.number)));
    fields.push(field("X-Auto-Response-Suppress", "OOF, AutoReply".to_owned()));
    // What a person wrote carries no mark of a machine: a person wrote it.
    let of_words = matches!(candidate.rule.on.as_str(), "create" | "correspond" | "comment" | "forward");
    if candidate.kind == NoticeKind::Acknowledgement {
        fields.push(field("Auto-Submitted", "auto-replied".to_owned()));
    } else if event.automatic || !of_words {
        fields.push(field("Auto-Submitted", "auto-generated".to_owned()));
    }
    if audience != Audience::Customers && candidate.kind != NoticeKind::Forward {
        fields.push(field("List-Id", format!("{} <{}>", queue.name, queue.address.replacen('@', ".", 1))));
    }
    fields.extend(unsubscribe(desk, telling, candidate).map(|value| field("List-Unsubscribe", value)));
    fields
}

/// A mail that whoever only watches can send to hear no more of this ticket (RFC 2369). Requestor and owner cannot: the
/// ticket is theirs.
fn unsubscribe(desk: &Desk<'_>, telling: &Telling<'_>, candidate: &Candidate<'_>) -> Option<String> {
    let roles = candidate.recipient.roles;
    if roles.requestor || roles.owner || candidate.kind != NoticeKind::Notification {
        return None;
    }
    let key = desk.facts.site().keys.first()?;
    let token = token::make(key, Purpose::Unsubscribe, telling.event.ticket.number, &candidate.to.address);
    Some(format!("<mailto:{}?subject=unsubscribe%20{token}>", telling.queue.address))
}
