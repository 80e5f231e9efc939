//! Commands by mail: what of a mail is for the program, who may say it, and what comes of it (B4).
//!
//! Commands act with their sender's rights and by the same table as everywhere else. All of a mail's commands are carried out, or none;
//! its text is filed in any case. What stands in a mail for the program is shown to nobody else: it counts as folded away.

pub(super) mod approval;
pub(super) mod control;
mod doubt;
mod limit;
mod listed;
mod run;
mod subject;
mod transcript;

use super::acting::Case;
use super::place::addressees;
use super::sender::Sender;
use super::thread::Found;
use super::{ActRefusal, Deliberation, act, commands, token};
use crate::act::{Act, Actor, Deed};
use crate::arrival::Action;
use crate::effects::Effects;
use crate::facts::{FactError, SameFile, Site, WrittenEntry};
use crate::letter::Filed;
use crate::script::{self, Does, Extension, Known, Line, Script, Source, Verb, Word};
use crate::types::{Ticket, Trust};
use postern_mail::quote::{self, Clues, Folded};
use postern_mail::{Attachment, Message, Picture};
pub(super) use run::{By, Many, Outcome, carry_out, changes_told};
use std::borrow::Cow;
use std::ops::Range;
use subject::Said;
pub(super) use transcript::Way;

/// What a mail says to the program.
#[derive(Default)]
pub(super) struct Given {
    /// Its commands.
    pub(super) script: Script,
    /// The subject without those at its end, where there are some.
    pub(super) subject: Option<String>,
    /// Whether nothing is left of its text without them.
    pub(super) alone: bool,
    /// Whether it answers a question for approval, so that whoever answered sees what counted.
    pub(super) answers: bool,
}

/// Who a sender is to commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Giver {
    /// One of our people, and we may believe it.
    Staff,
    /// Somebody else of whom we know a little more than what From says.
    Customer,
    /// Nobody who may say anything to the program.
    Nobody,
}

impl Giver {
    /// What a customer is: who is only claimed gives no commands, and learns nothing of them.
    pub(super) fn customer(d: &Deliberation<'_>, sender: &Sender, found: &Found) -> Giver {
        let sure = sender.trust(found.answers_us()) > Trust::Claimed && sender.person.is_some();
        if sure && !d.arrival.released && !sender.claims_staff() { Giver::Customer } else { Giver::Nobody }
    }
}

impl Giver {
    /// What somebody is to commands in a mail that belongs to no ticket.
    pub(super) fn of_new_ticket(d: &Deliberation<'_>, sender: &Sender) -> Giver {
        let believed = d.arrival.released || sender.is_vouched_enough(d.facts.site());
        match sender.claims_staff() {
            true if believed => Giver::Staff,
            true => Giver::Nobody,
            false => Giver::customer(d, sender, &Found::default()),
        }
    }
}

/// Whether a mail about a ticket, or one that opens one, would say anything to the program, were its sender one of our people.
pub(super) fn says_anything(d: &Deliberation<'_>, ticket: Option<&Ticket>) -> Result<bool, FactError> {
    let keeps = || {
        let script = of_text(d, Known { site: d.facts.site() }, true);
        script.refused.is_some() || script.lines.is_empty() && !script.is_empty()
    };
    Ok(!lines_to(d, ticket)?.is_empty() || is_open(d) && keeps())
}

/// The lines of a mail that would say something to the program, as they are written, were its sender one of our people.
pub(super) fn lines(d: &Deliberation<'_>, ticket: Option<u64>) -> Result<Vec<String>, FactError> {
    let ticket = ticket.map_or(Ok(None), |number| d.facts.ticket(number))?;
    let control = is_open(d) && (d.to_control || listed::is_there(d));
    let lines = if control { control::script(d, script::Numbers::Tickets).lines } else { lines_to(d, ticket.as_ref())? };
    Ok(lines.into_iter().filter(|line| !matches!(line.does, Does::Remark | Does::Ignored(_))).map(|line| line.said).collect())
}

fn lines_to(d: &Deliberation<'_>, ticket: Option<&Ticket>) -> Result<Vec<Line>, FactError> {
    if !is_open(d) {
        return Ok(Vec::new());
    }
    let by_subject = match subject::read(d, ticket)? {
        Said::Counts(suffix) => suffix.lines,
        _ => Vec::new(),
    };
    let lines = of_address(d).into_iter().chain(by_subject).chain(of_text(d, Known { site: d.facts.site() }, true).lines);
    Ok(lines.filter(|line| !matches!(line.does, Does::Ignored(_))).collect())
}

/// Tells whoever gave commands what became of them, where they are to be told.
pub(super) fn tell_giver(
    d: &mut Deliberation<'_>,
    sender: &Sender,
    outcome: Option<&Outcome>,
    way: Way,
) -> Result<(), FactError> {
    match (outcome, way) {
        (Some(outcome), way) => transcript::write(d, sender, outcome, way),
        (None, Way { wanted: true, filed: Some(Filed::Comment), queue: Some(queue) }) => transcript::commented(d, sender, queue),
        (None, _) => Ok(()),
    }
}

/// Writes the entries of the other tickets that commands changed, and tells those concerned.
pub(super) fn settle_beside(d: &mut Deliberation<'_>, sender: &Sender, outcome: &Outcome, quiet: bool) -> Result<(), FactError> {
    let Some(person) = sender.person.clone() else { return Ok(()) };
    let deed = Deed::Update { ticket: outcome.case.ticket.number };
    let (by, trust) = (Actor::Person(person), sender.trust(false));
    let act = Act { by, trust, now: d.arrival.now, deed, writing: None, orders: Vec::new(), once: Vec::new(), quiet };
    match act::beside(&mut d.desk, outcome.beside.iter(), &act) {
        Ok(()) => Ok(()),
        Err(ActRefusal::Fact(error)) => Err(error),
        // It has neither words nor people of its own that could be at fault.
        Err(other) => {
            d.note("command", other.to_string());
            Ok(())
        }
    }
}

/// Whether mail of this class gives commands here at all.
pub(super) fn is_open(d: &Deliberation<'_>) -> bool {
    Effects::of(d.class()).commands && d.facts.site().commands.enabled
}

/// Reads what a mail says to the program, and takes it out of what others are shown. `ticket`: which it is about.
pub(super) fn look(d: &mut Deliberation<'_>, giver: Giver, ticket: Option<&Ticket>) -> Result<Given, FactError> {
    if giver == Giver::Nobody || !is_open(d) {
        return Ok(Given::default());
    }
    let plain = giver == Giver::Staff;
    let mut script = of_text(d, Known { site: d.facts.site() }, plain);
    let (subject, by_subject) = match if plain { subject::read(d, ticket)? } else { Said::Nothing } {
        Said::Counts(suffix) => (Some(suffix.subject.to_owned()), suffix.lines),
        Said::Doubtful(line) => (None, vec![line]),
        Said::Nothing => (None, Vec::new()),
    };
    // Customers write what they like behind a number.
    let by_address: Vec<Line> = of_address(d).into_iter().filter(|line| plain || !is_wrong(line)).collect();
    let slip = by_address.iter().any(is_wrong);
    for lines in [by_subject, by_address] {
        let at = first_place(&script.lines);
        script.lines.splice(at..at, lines);
    }
    if !plain {
        without_words_of_staff(&mut script);
    }
    let alone = fold_away(d, &script, ticket.map(|ticket| ticket.number))?;
    // It may have been a comment that was meant.
    script.hushes |= slip;
    script.hushes &= !alone;
    Ok(Given { script, subject, alone, answers: false })
}

/// Some words about a script are for those who work here alone.
fn without_words_of_staff(script: &mut Script) {
    for line in &mut script.lines {
        if let Does::Word(Word::Quiet | Word::Partial | Word::Comment | Word::From(_)) = line.does {
            line.does = Does::Ignored("this does nothing: it is for those who work here".to_owned());
        }
    }
}

/// Where what stands outside the text has its place among these lines: before them, but below what lets tickets go into others. So it is for
/// the ticket that has the mail since.
fn first_place(lines: &[Line]) -> usize {
    let merges = |line: &Line| match &line.does {
        Does::Orders { orders, .. } => orders.iter().any(|order| commands::merges(&order.command)),
        _ => false,
    };
    let read = lines.iter().take_while(|line| line.does != Does::Word(Word::Stop));
    read.enumerate().filter(|(_, line)| merges(line)).last().map_or(0, |(at, _)| at.saturating_add(1))
}

/// What the text says, and whether it says anywhere that it is for staff alone.
fn of_text(d: &Deliberation<'_>, known: Known<'_>, plain: bool) -> Script {
    let message = d.arrival.message;
    if message.resent_from.is_some() {
        return Script::default();
    }
    let text = own_text(message, &message.text);
    let mut script = of_own_text(d, known, text, plain);
    // Behind `!stop`, everything is text.
    let stops = |line: &Line| line.does == Does::Word(Word::Stop) && line.said.to_lowercase().contains("stop");
    let stays = !plain || script.hushes || script.says(&Word::Comment) || script.lines.iter().any(stops);
    if let Some(line) = if stays { None } else { doubt::comment(known, message, text, d.folds()) } {
        script.hushes = true;
        script.refused.get_or_insert(line);
    }
    script
}

/// What could be quoted by any sign is not looked at: the more is folded here, the less acts.
fn of_own_text(d: &Deliberation<'_>, known: Known<'_>, text: &str, plain: bool) -> Script {
    let message = d.arrival.message;
    let source = Source { text, old: d.folds(), plain, last: message.forwarded.is_none() };
    let first = script::read(known, &source);
    let mut script = match first.is_empty() {
        true => first,
        false => {
            let old = merged([d.folds(), &message.folds, &quoted(d, text)]);
            let mut script = doubt::read(known, message, &Source { old: &old, ..source });
            if message.forwarded.is_none() {
                doubt::hush_quoted(&mut script, &source, &old);
            }
            script
        }
    };
    if plain && !source.last {
        doubt::tell_below(known, &source, &mut script);
    }
    script
}

/// What of a text its author wrote in the mail itself: neither lines of the reader nor what came beside it.
fn own_text<'t>(message: &Message, text: &'t str) -> &'t str {
    let end = message.added_from.into_iter().chain(message.body_to).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// What is folded away of a mail's text when it is read again: what stands in it for the program, too, if that was folded away before.
pub(super) fn folds_again(
    site: &Site,
    former: (&Message, &WrittenEntry),
    read: &Message,
    folds: &[Range<usize>],
) -> Vec<Range<usize>> {
    let (message, entry) = former;
    let known = Known { site };
    let places = |message: &Message, text: &str, old: &[Range<usize>], plain| {
        let text = own_text(message, text);
        script::read(known, &Source { text, old, plain, last: message.forwarded.is_none() }).places
    };
    let kept = merged([entry.folds.as_deref().unwrap_or_default()]);
    let is_kept = |place: &Range<usize>| kept.iter().any(|fold| fold.start <= place.start && place.end <= fold.end);
    for plain in [true, false] {
        let before = places(message, &entry.text, &message.folds, plain);
        if !before.is_empty() && before.iter().all(is_kept) {
            return merged([folds, &places(read, &read.text, folds, plain)]);
        }
    }
    folds.to_vec()
}

/// The text of an entry without what stands in it for the program: that is what the reader finds, and was folded away when it came.
pub(super) fn without_commands<'t>(site: &Site, text: &'t str, folds: &[Range<usize>]) -> Cow<'t, str> {
    let kept = merged([folds]);
    let is_folded = |place: &Range<usize>| kept.iter().any(|fold| fold.start <= place.start && place.end <= fold.end);
    let mut places = script::read(Known { site }, &Source { text, old: &[], plain: true, last: true }).places;
    places.retain(is_folded);
    if places.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(left(text, &merged([&places]))) }
}

/// A text without these ranges.
fn left(text: &str, gone: &[Range<usize>]) -> String {
    let pieces = quote::pieces(text, gone).into_iter();
    let kept: String = pieces.filter_map(|piece| if let quote::Piece::New(text) = piece { Some(text) } else { None }).collect();
    kept.trim_start_matches('\n').to_owned()
}

/// What is quoted in a text if it answers something: also where nothing else would be left.
fn quoted(d: &Deliberation<'_>, text: &str) -> Vec<Range<usize>> {
    const ABOVE: &str = "This is what I think of it.\n\n";
    let message = d.arrival.message;
    let behind = |at: usize| at.saturating_add(ABOVE.len());
    let (quote_from, quote_to) = (message.quote_from.map(behind), message.quote_to.map(behind));
    let answered = format!("{ABOVE}{text}");
    let Folded { folds, .. } = quote::fold(&answered, &Clues { quote_from, quote_to, answers: true, ..Clues::default() });
    let back = |fold: Range<usize>| fold.start.saturating_sub(ABOVE.len())..fold.end.saturating_sub(ABOVE.len());
    let mut old: Vec<Range<usize>> = folds.into_iter().map(back).filter(|fold| !fold.is_empty()).collect();
    // What the HTML form calls a quote is one, whatever it looks like.
    if let Some(from) = message.quote_from {
        old.push(from..message.quote_to.unwrap_or(text.len()).max(from));
    }
    old
}

/// Several lists of ranges as one, in order.
fn merged<const N: usize>(lists: [&[Range<usize>]; N]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = lists.into_iter().flatten().filter(|range| !range.is_empty()).cloned().collect();
    all.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(all.len());
    for range in all {
        match merged.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => merged.push(range),
        }
    }
    merged
}

fn is_wrong(line: &Line) -> bool {
    matches!(line.does, Does::Wrong { .. })
}

/// What the address asks for.
fn of_address(d: &Deliberation<'_>) -> Option<Line> {
    let extension = extension_of(d).filter(|_| d.arrival.message.resent_from.is_none())?;
    let verb = extension.verb?;
    if verb == Verb::Unknown {
        let wrong = "the address ends with a word that is no command".to_owned();
        let cure = "write -take, -done, -comment, -subscribe or -unsubscribe behind the ticket's number".to_owned();
        return Some(Line { said: "(by the address)".to_owned(), does: Does::Wrong { wrong, cure } });
    }
    let order = verb.order()?;
    let said = format!("{} (by the address)", order.command);
    if d.contradicted {
        let why = format!("not done: the address names #{}, and the mail another ticket, too", extension.ticket);
        return Some(Line { said, does: Does::Ignored(why) });
    }
    Some(Line { said, does: Does::Orders { tickets: Vec::new(), orders: vec![order] } })
}

/// The ticket, and the verb, that the address's extension names: as the mail server tells it, else by the site's delimiter. What
/// recipients a header names counts only where nothing else is known, and one address of ours is all that it names: answers to
/// everybody go to addresses that somebody else put there.
pub(super) fn extension_of(d: &Deliberation<'_>) -> Option<Extension> {
    let (route, site) = (d.arrival.route, d.facts.site());
    let delimiter = site.delimiter?;
    if let Some(told) = route.extension.as_ref().filter(|told| route.queue.as_ref() != Some(told)) {
        return script::extension(told);
    }
    let of = |address: String| {
        let (local, _) = address.rsplit_once('@')?;
        site.own_address(&address)?;
        let mut extensions = local.match_indices(delimiter).filter_map(|(at, sign)| local.get(at + sign.len()..));
        extensions.find_map(script::extension)
    };
    let envelope: Vec<String> = [&route.recipient, &route.original].into_iter().flatten().cloned().collect();
    if !envelope.is_empty() {
        return envelope.into_iter().filter(|address| token::in_address(address).is_none()).find_map(of);
    }
    let mut ours = addressees(d).map(|a| a.key()).filter(|address| site.own_address(address).is_some());
    let only = ours.next().filter(|_| ours.next().is_none())?;
    let in_to = d.arrival.message.to.iter().any(|address| address.key() == only);
    Some(only).filter(|address| in_to && token::in_address(address).is_none()).and_then(of)
}

/// Whether a file holds the text of the mail once more.
pub(super) fn holds_commands(message: &Message, position: usize) -> bool {
    let is_tnef = |file: &Attachment| file.content_type == "application/ms-tnef";
    message.own_texts.contains(&position) || message.attachments.get(position).is_some_and(is_tnef)
}

/// Folds the commands of a mail away; returns whether nothing else is new in it: neither words nor files.
fn fold_away(d: &mut Deliberation<'_>, script: &Script, ticket: Option<u64>) -> Result<bool, FactError> {
    let message = d.arrival.message;
    let verb = extension_of(d).and_then(|extension| extension.verb).filter(|_| !d.contradicted);
    let ignored = verb.is_some_and(|verb| verb.is_alone());
    if script.places.is_empty() {
        return Ok(ignored || (!script.lines.is_empty() && says_nothing(d, ticket)?));
    }
    let folds = merged([d.folds(), &script.places]);
    let silent = nothing_new(&message.text, &folds);
    let alone = silent && !brings(d, &folds, ticket)?;
    let unknown = d.refolded.as_ref().map_or(0, |folded| folded.unknown);
    let new = if silent { String::new() } else { quote::without(&message.text, &folds) };
    d.refolded = Some(Folded { new, folds, unknown });
    d.commands.clone_from(&script.places);
    for (_, file) in message.attachments.iter().enumerate().filter(|(position, _)| holds_commands(message, *position)) {
        d.note("mail", format!("{} stays here: the text stands in it with its commands", file.name));
    }
    Ok(alone || ignored)
}

/// Whether a mail has nothing that is its writer's own, so that its address and subject said it all.
fn says_nothing(d: &Deliberation<'_>, ticket: Option<u64>) -> Result<bool, FactError> {
    let message = d.arrival.message;
    if d.refolded.as_ref().is_some_and(|folded| folded.unknown > 0) {
        return Ok(false);
    }
    let old = merged([d.folds(), &message.folds, &quoted(d, &message.text)]);
    Ok(nothing_new(&message.text, &old) && !brings(d, &old, ticket)?)
}

/// Whether a mail has anything beside its text that is meant for the ticket: another mail, or a file that is neither its text once more, nor
/// what programs put beside it, nor a picture of a signature or a quote. `old`: what is folded away of its text.
fn brings(d: &Deliberation<'_>, old: &[Range<usize>], ticket: Option<u64>) -> Result<bool, FactError> {
    let message = d.arrival.message;
    if message.forwarded.is_some() || message.resent_from.is_some() {
        return Ok(true);
    }
    for position in 0..message.attachments.len() {
        let nothing = holds_commands(message, position)
            || message.is_seal(position)
            || message.is_repeated_calendar(position)
            || message.is_picture_within(position, old);
        if !nothing && !is_known_picture(d, position, ticket)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a file is a picture of which nobody knows whether it is new, and which the ticket has already.
pub(super) fn is_known_picture(d: &Deliberation<'_>, position: usize, ticket: Option<u64>) -> Result<bool, FactError> {
    let message = d.arrival.message;
    let (Some(Picture { hash, .. }), Some(ticket)) = (message.doubtful_picture(position), ticket) else { return Ok(false) };
    let size = message.attachments.get(position).map_or(0, |file| file.size);
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    d.facts.has_file(ticket, &SameFile { message_id: &message.message_id, size, hash })
}

/// Whether nothing of a text is left without what is folded away.
fn nothing_new(text: &str, folds: &[Range<usize>]) -> bool {
    let is_empty = |piece: &quote::Piece<'_>| !matches!(piece, quote::Piece::New(text) if !text.trim().is_empty());
    quote::pieces(text, folds).iter().all(is_empty)
}

impl Outcome {
    /// Of a mail without commands.
    pub(super) fn nothing(case: Case) -> Self {
        let (beside, echoes, changed, errors) = Default::default();
        let (done, check, asked, moves, kept, can_be_undone) = Default::default();
        Outcome { case, beside, echoes, changed, errors, done, check, asked, moves, many: None, kept, can_be_undone }
    }
}

impl<'a> Deliberation<'a> {
    /// The text of the mail as people are shown it who see all of it: without what is for the program.
    pub(super) fn whole_text(&self) -> Cow<'a, str> {
        let text = &self.arrival.message.text;
        if self.commands.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(left(text, &self.commands))
    }
}

impl Given {
    /// Whether the mail says anything to the program.
    pub(super) fn is_empty(&self) -> bool {
        self.script.is_empty()
    }

    /// Whether the text is for staff alone, or for the requestor, where the mail says so.
    pub(super) fn internal(&self) -> Option<bool> {
        let says = |word| self.script.says(&word);
        if says(Word::Comment) || self.script.hushes { Some(true) } else { says(Word::Reply).then_some(false) }
    }

    /// The requestor of a new ticket, where the mail names one.
    pub(super) fn requestor(&self) -> Option<&str> {
        self.script.lines.iter().find_map(|line| match &line.does {
            Does::Word(Word::From(address)) => Some(address.as_str()),
            _ => None,
        })
    }

    /// Whether nobody is told of anything.
    pub(super) fn is_quiet(&self) -> bool {
        self.script.says(&Word::Quiet)
    }

    /// Whether there is a text that is filed.
    pub(super) fn writes(&self, actions: &[Action]) -> bool {
        !self.alone && actions.iter().any(|action| matches!(action, Action::Correspond | Action::Comment))
    }
}
