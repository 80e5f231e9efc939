//! Mails that are nothing but commands: to the control address, and answers to transcripts. They act on the tickets that they name, and
//! every one of them is answered.

use super::listed::{self, Listed};
use super::run::{self, Answered, By, Outcome};
use super::transcript::{self, Way};
use super::{is_open, merged, quoted, settle_beside};
use crate::arrival::Prior;
use crate::decide::acting::Case;
use crate::decide::confirm::Hold;
use crate::decide::freed;
use crate::decide::place::addressees;
use crate::decide::sender::Sender;
use crate::decide::{Deliberation, Refusal};
use crate::decision::{Change, Decision, Verdict};
use crate::effects::Effects;
use crate::facts::{FactError, OwnAddress, Purpose};
use crate::letter::Fate;
use crate::script::{self, Does, Known, Line, Numbers, Script, Source, Word};
use crate::types::{Ticket, Trust};
use postern_mail::Address;
use postern_mail::token::{self, Token};
use std::ops::Range;

/// What the Message-ID of a transcript begins with.
const TRANSCRIPT: &str = "transcript.";

/// Lines that are told of, because they are quoted or hidden in one form of the mail.
const DOUBTFUL: usize = 5;

/// How old a mail may be, microseconds: three days. Mail servers try for as long.
const OLD: i64 = 3 * 86_400_000_000;

/// Message-IDs that are looked at.
const MAX_LOOKED_AT: usize = 50;

/// Carries out a mail of commands; `Err` gives the deliberation back: it is none.
pub(in crate::decide) fn carry_out<'a>(
    mut d: Deliberation<'a>,
    sender: &Sender,
) -> Result<Result<Decision, Deliberation<'a>>, Refusal> {
    let beside = is_beside_control(&d, sender);
    d.to_control = beside || is_control(&d);
    if let Some(ticket) = answered_elsewhere(&d).filter(|_| beside) {
        let reason = "the same message was taken for commands at another address: it names the control address";
        return Ok(Ok(d.end(Verdict::Joined, reason, sender.trust(false), ticket)));
    }
    let answered = answered(&d, sender)?;
    let listed = listed::of(&mut d, sender)?;
    let home = answered.as_ref().filter(|_| listed.is_none()).and_then(|answered| answered.home);
    // Words that are no commands are filed on the ticket.
    if let Some(home) = home
        && (!is_open(&d) || script(&d, Numbers::Home(home)).holds_prose())
    {
        d.note("command", format!("it answers a transcript of a mail about #{home}, and what it says is filed there"));
        d.transcript_of = Some(home);
        return Ok(Err(d));
    }
    let answers = answered.is_some() || listed.as_ref().is_some_and(Listed::is_theirs);
    if !d.to_control && !answers {
        return Ok(Err(d));
    }
    let class = d.class();
    let trust = if answers { Trust::Token } else { sender.trust(false) };
    if !Effects::of(class).commands || !is_open(&d) {
        let reason = match d.facts.site().commands.enabled {
            true => format!("mail of class {} gives no commands", class.as_str()),
            false => "commands by mail are switched off, and this address is for nothing else".to_owned(),
        };
        return Ok(Ok(d.end(Verdict::Recorded, reason, trust, None)));
    }
    if d.arrival.message.resent_from.is_some() {
        let reason = "somebody redirected it, so its commands were meant for somebody else: nothing is done".to_owned();
        return Ok(Ok(d.end(Verdict::Recorded, reason, trust, None)));
    }
    match believed(&d, sender, answers) {
        Believed::Yes if is_old(&d) && !sender.claims_staff() => {
            let reason = format!("commands by {}, written more than three days ago: nothing is done", sender.display());
            return Ok(Ok(d.end(Verdict::Recorded, reason, trust, None)));
        }
        Believed::Yes if is_old(&d) => {
            let reason = format!("{} gives commands in a mail that is more than three days old", sender.display());
            let queue = d.facts.site().queues.first().map_or(0, |queue| queue.id);
            return Ok(Ok(d.hold_for_confirmation(sender, Hold { reason, trust, ticket: None, queue, many: None })?));
        }
        Believed::Yes => {}
        Believed::Ask => {
            let reason = format!("sender not verified: says it is {} and would give commands", sender.display());
            let queue = d.facts.site().queues.first().map_or(0, |queue| queue.id);
            return Ok(Ok(d.hold_for_confirmation(sender, Hold { reason, trust, ticket: None, queue, many: None })?));
        }
        Believed::No => {
            let reason = format!("commands by {}, whom nothing verifies: nothing is done, and nobody is told", sender.display());
            return Ok(Ok(d.end(Verdict::Recorded, reason, trust, None)));
        }
    }
    let answers = Answers { any: answers, transcript: answered.as_ref(), list: listed.as_ref(), home };
    if let Some(listed) = listed.as_ref().filter(|listed| is_prose(&d, listed)) {
        transcript::instead(&mut d, sender, listed.message_id())?;
        let reason = "it answers a list of tickets and holds no commands: its sender is told what can be done";
        return Ok(Ok(d.end(Verdict::Recorded, reason, trust, None)));
    }
    let Some(outcome) = run(&mut d, sender, answers)? else {
        return Ok(Ok(d.end(Verdict::Recorded, "it holds no commands", trust, None)));
    };
    if let Some(many) = outcome.many {
        let queue = d.facts.site().queues.first().map_or(0, |queue| queue.id);
        let hold = Hold { reason: many.reason(sender.display()), trust, ticket: None, queue, many: Some(many) };
        return Ok(Ok(d.hold_for_confirmation(sender, hold)?));
    }
    let about = home.map(|home| d.facts.ticket(home)).transpose()?.flatten();
    transcript::write(&mut d, sender, &outcome, Way { wanted: true, filed: None, queue: about.map(|ticket| ticket.queue) })?;
    transcript::goes_on(&mut d, listed.as_ref().and_then(Listed::message_id));
    let ticket = outcome.beside.iter().find(|case| !case.is_untouched()).map(|case| case.ticket.number);
    let mut reason = format!("commands by {}", sender.display());
    outcome.explain(&mut reason);
    let verdict = if outcome.done { Verdict::Commanded } else { Verdict::Recorded };
    Ok(Ok(d.end(verdict, reason, trust, ticket.filter(|_| outcome.done).or(home))))
}

/// What of ours a mail answers.
#[derive(Clone, Copy)]
struct Answers<'a> {
    /// Whether it answers something that went to its sender.
    any: bool,
    transcript: Option<&'a Answered>,
    list: Option<&'a Listed>,
    /// The ticket that the mail was about whose transcript it answers.
    home: Option<u64>,
}

/// Whether an answer to a list says nothing to the program.
fn is_prose(d: &Deliberation<'_>, listed: &Listed) -> bool {
    listed.is_theirs() && script(d, listed.numbers()).is_prose()
}

/// Reads the commands and carries them out. `None`: there are none.
fn run(d: &mut Deliberation<'_>, sender: &Sender, answers: Answers<'_>) -> Result<Option<Outcome>, FactError> {
    let Some(by) = By::sender(sender, answers.any) else { return Ok(None) };
    let answered = answers.transcript;
    let numbers = answers.home.map_or(Numbers::Tickets, Numbers::Home);
    let mut script = script(d, answers.list.map_or(numbers, Listed::numbers));
    if let Some(only) = answered.and_then(|_| undone(d, &script)) {
        script = only;
    }
    // `undo` and other single words are also said in the subject, above an empty text.
    if script.lines.is_empty() && !answers.any && !d.arrival.message.answers {
        let (site, message) = (d.facts.site(), d.arrival.message);
        let source = Source { text: &message.subject, old: &[], plain: true, last: false };
        script = script::read_control(Known { site }, &source, Numbers::Tickets);
    }
    if script.lines.is_empty() {
        return Ok(None);
    }
    if !sender.claims_staff() {
        super::without_words_of_staff(&mut script);
    }
    let outcome = run::carry_out(&mut d.desk, (&script, answered), by, Case::fresh(Ticket::default()))?;
    let before = d.desk.changes.len();
    let quiet = script.says(&Word::Quiet);
    settle_beside(d, sender, &outcome, quiet)?;
    freed::tell(d, &outcome.cases().collect::<Vec<_>>(), sender.by(), quiet)?;
    // The mail's own entry is the first that it makes.
    let own = d.desk.changes.iter_mut().skip(before).find_map(|change| match change {
        Change::Entry { entry, .. } => Some(entry),
        _ => None,
    });
    own.into_iter().for_each(|entry| entry.of_event = true);
    debug_assert!(outcome.echoes.iter().all(|echo| echo.fate != Fate::NotDone || !outcome.done));
    Ok(Some(outcome))
}

/// Words that take back, in four languages.
const UNDO: &[&str] = &[
    "undo",
    "please undo",
    "undo please",
    "undo this",
    "undo it",
    "undo that",
    "undo all",
    "rückgängig",
    "bitte rückgängig",
    "bitte rückgängig machen",
    "annuler",
    "annulez",
    "deshacer",
    "deshaga",
];

/// An answer to a transcript whose first line takes back: what stands below is a signature, or whatever a mail program writes, unless
/// all of it is commands.
fn undone(d: &mut Deliberation<'_>, whole: &Script) -> Option<Script> {
    let first = whole.lines.first()?;
    let word = first.said.to_lowercase();
    let word = word.trim_matches(|c: char| !c.is_alphabetic()).replace(", ", " ");
    let others = whole.lines.iter().skip(1).filter(|line| line.does != Does::Remark);
    if !UNDO.contains(&word.as_str()) || (first.does == Does::Word(Word::Undo) && others.clone().all(is_command)) {
        return None;
    }
    let ignored = others.count();
    if ignored > 0 {
        d.note("command", format!("{ignored} lines below the word undo are not looked at"));
    }
    let line = Line { said: first.said.clone(), does: Does::Word(Word::Undo) };
    Some(Script { lines: vec![line], ..Script::default() })
}

fn is_command(line: &Line) -> bool {
    !matches!(line.does, Does::Wrong { .. })
}

/// The commands in the text of a mail that is nothing else. Lines that only one form of the mail shows are told.
pub(super) fn script(d: &Deliberation<'_>, numbers: Numbers<'_>) -> Script {
    let message = d.arrival.message;
    let text = super::own_text(message, &message.text);
    let old = merged([&message.folds, &quoted(d, text)]);
    let unseen = super::doubt::unseen_lines(message, text);
    let known = Known { site: d.facts.site() };
    let mut script =
        script::read_control(known, &Source { text, old: &merged([&old, &unseen]), plain: true, last: false }, numbers);
    let is_old = |place: &Range<usize>| old.iter().any(|fold| fold.contains(&place.start));
    let is_quoted = |place: &Range<usize>| text.get(place.clone()).is_some_and(|line| line.trim_start().starts_with('>'));
    let doubtful = unseen.into_iter().filter(|place| !is_quoted(place) && !is_old(place)).take(DOUBTFUL);
    super::doubt::tell_unseen(&mut script, text, doubtful);
    script
}

/// Whether a mail came to the control address.
fn is_control(d: &Deliberation<'_>) -> bool {
    let route = d.arrival.route;
    match &route.recipient {
        Some(recipient) => is_control_address(d, recipient),
        None => route.queue.is_none() && names_control(d),
    }
}

fn is_control_address(d: &Deliberation<'_>, address: &str) -> bool {
    let site = d.facts.site();
    let is_control = |own: &OwnAddress| own.purpose == Purpose::Control;
    site.commands.control_address.is_some() && site.own_address(address).is_some_and(is_control)
}

fn names_control(d: &Deliberation<'_>) -> bool {
    d.facts.site().commands.control_address.is_some() && addressees(d).any(|address| is_control_address(d, &address.email))
}

/// Whether a mail of one of us that may give commands names the control address in To or Cc. It is commands then, at whichever address of
/// ours it comes first: what it says to the program is never sent to a customer.
fn is_beside_control(d: &Deliberation<'_>, sender: &Sender) -> bool {
    let open = || Effects::of(d.class()).commands && is_open(d) && d.arrival.message.resent_from.is_none();
    sender.claims_staff() && names_control(d) && open()
}

/// Whether the same message, of the same author, was dealt with at another address, and which ticket it was about.
fn answered_elsewhere(d: &Deliberation<'_>) -> Option<Option<u64>> {
    let (ticket, author) = match d.arrival.prior {
        Prior::New => return None,
        Prior::Elsewhere { ticket, author, .. } => (Some(*ticket), author),
        Prior::Recorded { author } => (None, author),
    };
    (*author == d.arrival.message.author().map(Address::key)).then_some(ticket)
}

/// Whether a mail was written so long ago that somebody else may have sent it again: a signature stays good.
fn is_old(d: &Deliberation<'_>) -> bool {
    let written = d.arrival.message.date.unwrap_or(d.arrival.now);
    !d.arrival.released && d.arrival.now.saturating_sub(written) > OLD
}

/// Whether somebody's commands are believed.
enum Believed {
    Yes,
    /// Not yet: they are asked whether they wrote them.
    Ask,
    No,
}

fn believed(d: &Deliberation<'_>, sender: &Sender, answers: bool) -> Believed {
    let site = d.facts.site();
    let needed = sender.needed(site);
    let known = answers && needed <= Trust::Token;
    match sender.claims_staff() {
        true if d.arrival.released || known || sender.is_vouched_enough(site) => Believed::Yes,
        true => Believed::Ask,
        false if sender.person.as_ref().is_none_or(|person| person.disabled) => Believed::No,
        false if answers || sender.vouched => Believed::Yes,
        false => Believed::No,
    }
}

/// The transcript that a mail answers, if it went to its very sender.
fn answered(d: &Deliberation<'_>, sender: &Sender) -> Result<Option<Answered>, FactError> {
    let message = d.arrival.message;
    let mut ids = message.in_reply_to.iter().chain(message.references.iter().rev()).take(MAX_LOOKED_AT);
    let Some(token) = ids.find_map(|id| in_message_id(id)) else { return Ok(None) };
    let (Some(address), Some(sent)) = (sender.address(), d.facts.transcribed(token.number)?) else { return Ok(None) };
    let keys = &d.facts.site().keys;
    let theirs = sent.letters.iter().find(|(to, _)| to == address && token::verify(keys, &token, to));
    // Those of mails to the control address come from there.
    let of_queue = d.facts.site().own_address(&sent.from).is_some_and(|own| own.purpose != Purpose::Control);
    let home = sent.ticket.filter(|_| of_queue);
    Ok(theirs.map(|(_, at)| Answered { at: *at, done: sent.ticket.zip(sent.entry), home }))
}

/// The token in the id of a transcript: `transcript.TOKEN@example.org`.
fn in_message_id(id: &str) -> Option<Token> {
    let (local, _) = id.rsplit_once('@')?;
    let head = local.get(..TRANSCRIPT.len())?;
    let token = token::read(local.get(TRANSCRIPT.len()..)?).filter(|token| token.purpose == token::Purpose::Undo)?;
    head.eq_ignore_ascii_case(TRANSCRIPT).then_some(token)
}
