//! Runs the lines of a script, one after another: all of them, or, if one fails, none.

mod told;

pub(in crate::decide) use told::changes as changes_told;

use super::limit::{self, Limit};
use crate::act::{Actor, Order};
use crate::decide::acting::{Acting, Case, Mark};
use crate::decide::commands::cure::{self, Cure, Reader};
use crate::decide::commands::{self, Kind, Problem, reference, undo};
use crate::decide::desk::Desk;
use crate::decide::sender::Sender;
use crate::decision::FieldChange;
use crate::facts::FactError;
use crate::letter::{self, Echo, Fate};
use crate::rights::Right;
use crate::script::{Does, Line, Script, Word, form, name_of, with_ticket};
use crate::telling::{Teller, Thing};
use crate::types::{Person, Trust};
use std::collections::{HashMap, HashSet};

/// What came of a script.
pub(in crate::decide) struct Outcome {
    /// The ticket that the mail is about, after the commands.
    pub(in crate::decide) case: Case,
    /// Other tickets that changed.
    pub(in crate::decide) beside: Vec<Case>,
    /// Its lines, each with what became of it.
    pub(in crate::decide) echoes: Vec<Echo>,
    /// What changed, ticket by ticket, as far as whoever gave the commands may know it.
    pub(in crate::decide) changed: Vec<(u64, Vec<FieldChange>)>,
    /// Lines that could not be carried out.
    pub(in crate::decide) errors: usize,
    /// Whether something was done, and kept.
    pub(in crate::decide) done: bool,
    /// Whether what changed is anything that could be taken back.
    pub(in crate::decide) can_be_undone: bool,
    /// Whether it was tried only.
    pub(in crate::decide) check: bool,
    /// Whether something was asked.
    pub(in crate::decide) asked: bool,
    /// Whether a command set the status, so that an answer beside it does not.
    pub(in crate::decide) moves: bool,
    /// Why nothing was done though all of it could be: it is more than a mail does before its sender was asked.
    pub(in crate::decide) many: Option<Many>,
    /// Whether the text stays among staff, because of a line that does not count.
    pub(in crate::decide) kept: bool,
}

/// How much a mail would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decide) struct Many {
    pub(in crate::decide) commands: usize,
    pub(in crate::decide) tickets: usize,
}

impl Many {
    /// Why such a mail is held.
    pub(in crate::decide) fn reason(self, who: &str) -> String {
        let Many { commands, tickets } = self;
        format!("{commands} commands on tickets: {tickets}, more than a mail does unasked; {who} has to say that they are meant")
    }
}

/// Whoever gives commands.
#[derive(Clone, Copy)]
pub(in crate::decide) struct By<'p> {
    person: &'p Person,
    /// How sure we are that it is they.
    trust: Trust,
    /// Whether they said so themselves when they were asked.
    confirmed: bool,
    /// Whether somebody looked at the mail and let it in, so that its many commands are meant.
    looked_at: bool,
}

impl<'p> By<'p> {
    /// The sender of a mail, where they are on file. `answers_us`: it answers a mail of ours.
    pub(in crate::decide) fn sender(sender: &'p Sender, answers_us: bool) -> Option<Self> {
        let person = sender.person.as_ref()?;
        let looked_at = sender.released || sender.confirmed;
        Some(By { person, trust: sender.trust(answers_us), confirmed: sender.confirmed, looked_at })
    }

    /// Them at work on a ticket.
    pub(in crate::decide) fn at_work<'a>(&self, desk: Desk<'a>, case: Case) -> Acting<'a> {
        let mut acting = Acting::with(desk, &Actor::Person(self.person.clone()), case);
        (acting.trust, acting.confirmed) = (self.trust, self.confirmed);
        acting
    }
}

/// Carries out a script in somebody's name, on the ticket of the mail and on those that it names.
///
/// # Errors
/// A fact could not be had.
pub(in crate::decide) fn carry_out(
    desk: &mut Desk<'_>,
    given: (&Script, Option<&Answered>),
    by: By<'_>,
    case: Case,
) -> Result<Outcome, FactError> {
    let (script, answered) = given;
    let (facts, now, before) = (desk.facts, desk.now, case.clone());
    let (changes, trail) = (desk.changes.len(), desk.trail.len());
    let own = std::mem::replace(desk, Desk::new(facts, now));
    let home = case.ticket.number;
    let acting = by.at_work(own, case);
    let mut runner = Runner {
        home,
        acting,
        limit: Limit::default(),
        answered: answered.cloned(),
        touched: Vec::new(),
        echoes: Vec::new(),
        asked: false,
        moves: false,
        questions: HashSet::new(),
        answered_octets: 0,
    };
    let result = runner.run(script);
    let Runner { acting, home, mut echoes, asked, moves, .. } = runner;
    let said = told::changes(&acting);
    let (own, mut cases, _) = acting.finish();
    *desk = own;
    result?;
    let changed = said?;
    let errors = echoes.iter().filter(|echo| matches!(echo.fate, Fate::Wrong { .. })).count();
    let (check, kept) = (script.says(&Word::Check), script.hushes);
    let undone = check || (errors > 0 && !script.says(&Word::Partial));
    let so_far = || cases.iter().filter(|case| !case.is_untouched());
    let can_be_undone = undo::is_possible(so_far().flat_map(|case| case.so_far()));
    let tickets = so_far().count();
    let done = !undone && tickets > 0;
    let so_much = Many { commands: script.orders(), tickets };
    // What takes all of a mail back, that mail's sender was asked about.
    let takes_back = script.orders() == 0;
    let many = Some(so_much).filter(|many| done && !by.looked_at && !takes_back && is_more(*many, desk));
    if undone || many.is_some() {
        desk.changes.truncate(changes);
        desk.trail.truncate(trail);
        let why = match check {
            true => "it was asked what they would do",
            false if many.is_some() => "they are so many that their sender is asked first",
            false => "not all of them can be carried out",
        };
        desk.note("command", format!("none of its {} commands is carried out: {why}", script.lines.len()));
        if !check {
            echoes.iter_mut().filter(|echo| echo.fate == Fate::Done).for_each(|echo| echo.fate = Fate::NotDone);
        }
        let done = false;
        return Ok(Outcome {
            case: before,
            beside: Vec::new(),
            echoes,
            changed,
            errors,
            done,
            can_be_undone,
            check,
            asked,
            moves: false,
            many,
            kept,
        });
    }
    let at = cases.iter().position(|case| case.ticket.number == home);
    let case = at.map(|at| cases.remove(at)).unwrap_or(before);
    let many = None;
    Ok(Outcome { case, beside: cases, echoes, changed, errors, done, can_be_undone, check, asked, moves, many, kept })
}

/// Whether it is more than a mail does before its sender was asked.
fn is_more(many: Many, desk: &Desk<'_>) -> bool {
    let bound = &desk.facts.site().commands;
    let above = |count: usize, limit: u32| count > usize::try_from(limit).unwrap_or(usize::MAX);
    above(many.commands, bound.most) || above(many.tickets, bound.tickets)
}

/// The transcript that a mail answers.
#[derive(Debug, Clone)]
pub(in crate::decide) struct Answered {
    /// When it was sent, microseconds since 1970 UTC.
    pub(in crate::decide) at: i64,
    /// What the mail did that it tells of: its ticket and its entry there.
    pub(in crate::decide) done: Option<(u64, i64)>,
    /// The ticket that the mail was about, if it was about one.
    pub(in crate::decide) home: Option<u64>,
}

const MICROSECONDS_PER_HOUR: i64 = 3_600_000_000;

impl Outcome {
    /// The tickets that were worked on, as they are now.
    pub(in crate::decide) fn cases(&self) -> impl Iterator<Item = &Case> {
        std::iter::once(&self.case).chain(&self.beside)
    }

    /// Says what became of the commands.
    pub(in crate::decide) fn explain(&self, reason: &mut String) {
        reason.push_str(match (self.errors, self.done) {
            (0, true) => "; its commands were carried out",
            (0, false) => "",
            (_, true) => "; some of its commands were carried out",
            (_, false) => "; its commands were not carried out",
        });
    }
}

struct Runner<'a> {
    acting: Acting<'a>,
    /// The ticket that the mail is about; 0: none.
    home: u64,
    limit: Limit,
    /// What the mail answers, where that is a transcript.
    answered: Option<Answered>,
    /// Tickets that were named so far.
    touched: Vec<u64>,
    echoes: Vec<Echo>,
    asked: bool,
    moves: bool,
    /// What was asked so far, and after how many changes; and the octets of all answers.
    questions: HashSet<(&'static str, String, usize)>,
    answered_octets: usize,
}

/// With so many octets of answers nothing more is answered. One has 64 KiB at most, so all have 256.
const MOST_ANSWERED: usize = 192 << 10;

impl Runner<'_> {
    fn run(&mut self, script: &Script) -> Result<(), FactError> {
        let bound = &self.acting.desk.facts.site().commands;
        let most = bound.most_asked.max(bound.most);
        let (most, count) = (usize::try_from(most).unwrap_or(usize::MAX), script.orders());
        if count > most {
            let wrong = format!("{count} commands are too many: {most} may stand in one mail");
            self.echo("", Fate::Wrong { wrong, cure: "write several mails".to_owned() }, Vec::new());
            return Ok(());
        }
        for line in &script.lines {
            if line.does == Does::Word(Word::Stop) {
                break;
            }
            self.line(line)?;
        }
        if let Some(Line { said, does: Does::Wrong { wrong, cure } }) = &script.refused {
            self.echo(said, Fate::Wrong { wrong: wrong.clone(), cure: cure.clone() }, Vec::new());
        }
        self.acting.turn_to(self.home)?;
        Ok(())
    }

    fn echo(&mut self, said: &str, fate: Fate, answer: Vec<String>) {
        if let Fate::Wrong { wrong, .. } = &fate {
            self.acting.desk.note("command", format!("{said}: {wrong}"));
        }
        let fate = match fate {
            Fate::Wrong { wrong, cure } => Fate::Wrong { wrong: brief(&wrong), cure: brief(&cure) },
            other => other,
        };
        self.echoes.push(Echo { said: brief(said), fate, answer });
    }

    /// One line; what is wrong with it is echoed.
    fn line(&mut self, line: &Line) -> Result<(), FactError> {
        let fate = match &line.does {
            Does::Orders { tickets, orders } => return self.orders(&line.said, tickets, orders),
            Does::Word(Word::Limit(text)) => match Limit::read(text) {
                Some(limit) => {
                    self.limit = limit;
                    Fate::Done
                }
                None => Fate::Wrong { wrong: format!("{text:?} is no limit"), cure: limit::FORM.to_owned() },
            },
            Does::Word(Word::Undo) => return self.undo(&line.said),
            Does::Word(Word::Check) => Fate::Answered,
            Does::Word(word) if let Some(fate) = self.out_of_place(word) => fate,
            Does::Ignored(why) => {
                self.asked = true;
                self.acting.desk.note("command", format!("{}: {why}", line.said));
                self.echo(&line.said, Fate::Disregarded, vec![why.clone()]);
                return Ok(());
            }
            Does::Word(_) | Does::Remark => Fate::Done,
            Does::Signature => Fate::Ignored,
            Does::Wrong { wrong, cure } => Fate::Wrong { wrong: wrong.clone(), cure: cure.clone() },
        };
        self.echo(&line.said, fate, Vec::new());
        Ok(())
    }

    /// What becomes of a word that means nothing in this mail: it says who asks for a ticket, or who reads a text, and there is none.
    fn out_of_place(&self, word: &Word) -> Option<Fate> {
        let (wrong, cure) = match word {
            Word::From(_) if !self.acting.opens => {
                ("from stands only in a mail that opens a ticket", "here, write requestors: ADDRESS")
            }
            Word::Comment | Word::Reply if self.home == 0 => {
                ("no text of this mail is filed on a ticket", "write the text to the ticket's own address, in an answer")
            }
            _ => return None,
        };
        Some(Fate::Wrong { wrong: wrong.to_owned(), cure: cure.to_owned() })
    }

    /// Takes back what the mail did whose transcript this one answers, else what its sender changed last on the ticket.
    fn undo(&mut self, said: &str) -> Result<(), FactError> {
        let hours = self.acting.desk.facts.site().commands.undo_hours;
        let wrong = match &self.answered {
            Some(Answered { at, .. }) if self.acting.desk.now.saturating_sub(*at) > i64::from(hours) * MICROSECONDS_PER_HOUR => {
                ("that is too long ago", "write what is to be so instead")
            }
            Some(Answered { done: Some((ticket, entry)), .. }) => {
                return self.orders(said, &[*ticket], &[Order::verb("undo", entry.to_string())]);
            }
            Some(Answered { done: None, .. }) => ("that mail changed nothing", "answer the transcript of one that did"),
            None if self.home == 0 => ("what is to be taken back?", "answer the transcript of what is to be taken back"),
            None => return self.orders(said, &[], &[Order::verb("undo", "")]),
        };
        self.echo(said, Fate::Wrong { wrong: wrong.0.to_owned(), cure: wrong.1.to_owned() }, Vec::new());
        Ok(())
    }

    fn orders(&mut self, said: &str, tickets: &[u64], orders: &[Order]) -> Result<(), FactError> {
        let home = [self.home];
        let tickets = if tickets.is_empty() { &home[..] } else { tickets };
        let before = (self.acting.said.len(), self.acting.desk.changes.len());
        let mut questions = true;
        for ticket in tickets {
            for order in orders {
                questions &= commands::find(&order.command).is_some_and(|command| command.kind == Kind::Question);
                match self.one(*ticket, order) {
                    Ok(()) => self.moves |= *ticket == self.home && commands::moves_status(&order.command),
                    Err(problem) => {
                        let form = form_of(order, &problem);
                        let (wrong, cure) = problem.told(Reader::Mail)?;
                        let cure = self.with_ticket(order, format!("{cure}{form}"));
                        self.echo(said, Fate::Wrong { wrong, cure }, Vec::new());
                        return Ok(());
                    }
                }
            }
        }
        let answer = self.acting.said.get(before.0..).unwrap_or_default().to_vec();
        self.asked |= questions;
        let fate = match () {
            () if questions => Fate::Answered,
            () if self.acting.desk.changes.len() == before.1 => Fate::SoAlready,
            () => Fate::Done,
        };
        self.echo(said, fate, answer);
        Ok(())
    }

    /// One question. What was asked before is not answered again, and of answers there is an end.
    fn question(&mut self, name: &'static str, order: &Order) -> Result<(), Problem> {
        let changes = self.acting.desk.changes.len();
        let value = order.value.trim().trim_start_matches('#').to_lowercase();
        let instead = match () {
            () if self.questions.contains(&(name, value.clone(), changes)) => Some(Thing::Answered),
            () if self.answered_octets > MOST_ANSWERED => Some(Thing::TooMuch),
            () => None,
        };
        if let Some(instead) = instead {
            let teller = Teller::of(letter::language(self.acting.person(), self.acting.queue()));
            self.acting.said.push(teller.thing(instead).to_owned());
            return Ok(());
        }
        let before = self.acting.said.len();
        self.acting.obey(order)?;
        self.questions.insert((name, value, changes));
        self.answered_octets += self.acting.said.iter().skip(before).map(String::len).sum::<usize>();
        Ok(())
    }

    /// A cure as it is written where: without a ticket that the mail is about, a command needs its ticket.
    fn with_ticket(&self, order: &Order, cure: String) -> String {
        match commands::find(&order.command).filter(|command| self.home == 0 && command.kind != Kind::Question) {
            Some(command) => cure.replace(&form(command), &with_ticket(command)),
            None => cure,
        }
    }

    /// One order on one ticket; one that fails leaves nothing behind.
    fn one(&mut self, ticket: u64, order: &Order) -> Result<(), Problem> {
        let mark = self.acting.mark();
        let done = self.carry_out(ticket, order).and_then(|()| self.is_within_limits(&mark, order));
        if done.is_err() {
            self.acting.go_back_to(mark);
        }
        done
    }

    /// Makes sure that what an order changed besides is inside the limit that was set, and that it is not too much.
    fn is_within_limits(&self, mark: &Mark, order: &Order) -> Result<(), Problem> {
        if self.acting.changed_tickets() > self.most() {
            return Err(self.too_many());
        }
        if self.limit.is_none() {
            return Ok(());
        }
        let before: HashMap<u64, &Case> = mark.cases().map(|case| (case.ticket.number, case)).collect();
        for case in self.acting.cases().filter(|case| !case.is_new) {
            let number = case.ticket.number;
            let known = before.get(&number);
            let new = case.so_far().skip(known.map_or(0, |known| known.so_far().count()));
            // Whose link only moved to another ticket with a merge is not what the order is about.
            let is_passive = case.mirrored && !commands::links(&order.command);
            let (mut new, facts) = (new.filter(|change| !is_passive || change.field != "link"), self.acting.desk.facts);
            if new.next().is_none() {
                continue;
            }
            let was = match known {
                Some(known) => Some(known.ticket.clone()),
                None => facts.ticket(number)?.filter(|ticket| ticket.number == number),
            };
            if !self.limit.holds(&self.acting, was.as_ref().unwrap_or(&case.ticket)) {
                return Err(outside(number));
            }
        }
        Ok(())
    }

    /// So many tickets one mail changes at most.
    fn most(&self) -> usize {
        let bound = &self.acting.desk.facts.site().commands;
        usize::try_from(bound.tickets_asked.max(bound.tickets)).unwrap_or(usize::MAX)
    }

    fn too_many(&self) -> Problem {
        let wrong = format!("these are more than {} tickets, and one mail may change no more", self.most());
        Problem::value(wrong, Cure::whole("write several mails"))
    }

    fn carry_out(&mut self, ticket: u64, order: &Order) -> Result<(), Problem> {
        if let Some(command) = commands::find(&order.command).filter(|command| command.kind == Kind::Question) {
            return self.question(command.name, order);
        }
        let ticket = match name_of(ticket) {
            Some(name) => reference::number(&self.acting, &name.to_string())?,
            None => ticket,
        };
        if ticket == 0 {
            return Err(Problem::value("of which ticket?", Cure::whole("write the ticket's number first, as in: 12 owner=anna")));
        }
        // Whoever may not see a ticket does not learn that there is one.
        if !self.acting.turn_to(ticket)? || (ticket != self.home && !self.acting.may(Right::See)?.allowed) {
            self.acting.turn_to(self.home)?;
            return Err(Problem::value(format!("there is no ticket {ticket}"), cure::tickets()));
        }
        if !self.limit.holds(&self.acting, &self.acting.ticket) {
            return Err(outside(ticket));
        }
        let number = self.acting.ticket.number;
        if !self.touched.contains(&number) {
            self.touched.push(number);
        }
        // What one list names is counted before any of it is looked at, and what else it changed behind.
        let most = self.most();
        let named = order.value.split([',', ' ', '\t']).filter(|word| word.contains(|c: char| c.is_ascii_digit()));
        let is_of_tickets = commands::find(&order.command).is_some_and(commands::names_tickets);
        if self.touched.len() > most || (is_of_tickets && named.take(most + 1).count() > most) {
            return Err(self.too_many());
        }
        self.acting.obey(order)
    }
}

fn outside(number: u64) -> Problem {
    let wrong = format!("#{number} is outside the limit that was set above");
    Problem::value(wrong, Cure::whole("check the number, or set another limit"))
}

/// Octets that are repeated of what somebody wrote, line by line.
const REPEATED: usize = 2000;

/// A line, or its beginning.
fn brief(text: &str) -> String {
    match text.get(..text.floor_char_boundary(REPEATED)).filter(|beginning| beginning.len() < text.len()) {
        Some(beginning) => format!("{beginning}…"),
        None => text.to_owned(),
    }
}

/// The right form of a command behind what to do, where a value is wrong and it is not told already.
fn form_of(order: &Order, problem: &Problem) -> String {
    match (commands::find(&order.command).map(form), problem) {
        (Some(form), Problem::Value { cure, .. }) if !cure.is_whole() && !cure.at(Reader::Mail).contains(&form) => {
            format!("; for example, {form}")
        }
        _ => String::new(),
    }
}
