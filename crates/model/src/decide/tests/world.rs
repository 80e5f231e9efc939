//! A world of facts for tests: a small site that each test changes where it matters.

use super::super::*;
use crate::arrival::{Action, Route};
use crate::decision::{Change, RefKind};
use crate::facts::{
    Approval, Asked, EntryLine, EntrySet, Fact, KeptEntry, KeptMessage, KnownTexts, Merged, OutsidersMail, OwnAddress, Piece,
    Purpose, Queue, Recent, SameFile, Site, Source, Submission, ThreadMail, TicketLine, Told, Transcribed, Variant, Words,
};
use crate::life_cycle::Status;
use crate::link::{Link, LinkKind, LinkTarget};
use crate::returned::{SentMail, Trouble};
use crate::site::{AutomaticMail, Role, RuleDefinition};
use crate::types::{Person, Ticket, WatchRole};
use postern_mail::ident::{self, Audience, Key, OwnId};
use postern_mail::{Envelope, Message, classify};
use std::cell::Cell;
use std::rc::Rc;

pub(super) const NOW: i64 = 1_000_000_000_000_000;
pub(super) const DAY: i64 = 86_400_000_000;

/// A small site: support (1) with a comment address, noc (2) which machines write to; anna and otto work here; carla is the
/// requestor of ticket 5, which anna owns, and cecil its Cc. Each test changes what it is about.
pub(super) struct World {
    pub(super) site: Site,
    pub(super) people: Vec<Person>,
    pub(super) tickets: Vec<Ticket>,
    pub(super) watchers: Vec<(u64, WatchRole, &'static str)>,
    pub(super) participants: Vec<(u64, &'static str)>,
    pub(super) refs: Vec<(&'static str, u64, RefKind)>,
    pub(super) variants: Vec<(&'static str, Variant)>,
    /// Subjects of mails that tickets took in.
    pub(super) subjects: Vec<&'static str>,
    pub(super) rules: Vec<RuleDefinition>,
    pub(super) templates: Vec<(&'static str, &'static str)>,
    pub(super) acknowledgements: u64,
    /// Those of the week besides.
    pub(super) acknowledgements_of_the_week: u64,
    /// Subjects of acknowledgements.
    pub(super) acknowledged: Vec<&'static str>,
    /// Mails that came before, oldest first, by their origin.
    pub(super) recent: Vec<(i64, Recent)>,
    /// Warnings that were queued: to whom and when.
    pub(super) warned: Vec<(String, i64)>,
    /// Mails that are held.
    pub(super) held: u64,
    /// Hashes of the files of all tickets.
    pub(super) files: Vec<[u8; 32]>,
    pub(super) told: Vec<String>,
    pub(super) watching: Vec<i64>,
    pub(super) queue_watchers: Vec<(i64, &'static str)>,
    pub(super) groups: Vec<(&'static str, &'static str)>,
    pub(super) queue_ccs: Vec<(i64, &'static str)>,
    pub(super) merged: Vec<(u64, u64)>,
    pub(super) mailed: Vec<&'static str>,
    pub(super) squelched: Vec<&'static str>,
    pub(super) kept: Option<KeptEntry>,
    pub(super) words: Option<Words>,
    pub(super) submission: Option<Submission>,
    pub(super) sent: Vec<&'static str>,
    pub(super) heard: Vec<&'static str>,
    pub(super) asked_for_sent: Cell<bool>,
    pub(super) message: Option<KeptMessage>,
    pub(super) told_of: Told,
    /// Deliveries whose authors were asked, by their rows.
    pub(super) asked: Vec<(u64, Asked)>,
    pub(super) confirmations: u64,
    pub(super) was_asked: bool,
    pub(super) outsiders: Vec<OutsidersMail>,
    pub(super) outbox: Vec<SentMail>,
    pub(super) trouble: Vec<(&'static str, Trouble)>,
    pub(super) undelivered: Vec<&'static str>,
    pub(super) tags: Vec<&'static str>,
    pub(super) field_values: Vec<(&'static str, &'static str)>,
    /// Links: from which ticket, what it says, where it leads.
    pub(super) links: Vec<(u64, LinkKind, LinkTarget)>,
    /// How often the links of a ticket were looked up.
    pub(super) links_asked: Cell<usize>,
    /// Tickets that went into others.
    pub(super) merges: Vec<Merged>,
    /// Who worked how long: ticket, who, minutes.
    pub(super) time_by: Vec<(u64, &'static str, i64)>,
    /// Entries of which tickets can be made.
    pub(super) sources: Vec<Source>,
    /// The last number that was given out, where one decision opens several tickets.
    pub(super) fresh: Cell<Option<u64>>,
    /// Acts and mails of before, oldest first.
    pub(super) sets: Vec<EntrySet>,
    pub(super) approvals: Vec<Approval>,
    pub(super) conversation: Vec<EntryLine>,
    /// How often a piece of it was read.
    pub(super) pieces_read: std::cell::Cell<usize>,
    /// Mails whose commands were answered, by their rows.
    pub(super) transcribed: Vec<(u64, Transcribed)>,
    /// Reminders, by their rows.
    pub(super) reminded: Vec<(u64, crate::facts::Reminded)>,
}

pub(super) fn person(id: i64, login: &str, address: &str, role: Role) -> Person {
    let staff = role.is_staff();
    Person {
        id,
        login: staff.then(|| login.to_owned()),
        name: login.to_owned(),
        address: address.to_owned(),
        role,
        notify: Default::default(),
        digest: None,
        language: None,
        disabled: false,
    }
}

pub(super) fn world() -> World {
    let queue = |id, name: &str| Queue {
        id,
        name: name.into(),
        address: format!("{name}@example.org"),
        comment_address: Some(format!("{name}-comment@example.org")),
        cc_from_mail: true,
        show_names: true,
        html: true,
        reopen_days: 14,
        ..Queue::default()
    };
    let own = |address: &str, queue, purpose| OwnAddress { address: address.into(), queue, purpose };
    let people = vec![
        person(1, "anna", "anna@example.org", Role::Staff),
        person(2, "otto", "otto@example.org", Role::Admin),
        person(3, "carla", "carla@customer.example", Role::Guest),
        person(4, "cecil", "cecil@customer.example", Role::Guest),
    ];
    let ticket = Ticket {
        number: 5,
        queue: 1,
        subject: "Printer on fire".into(),
        status: Status::OPEN,
        owner: Some(people[0].clone()),
        ..Ticket::default()
    };
    World {
        site: Site {
            name: "example.org".into(),
            former_names: vec!["old.example.org".into()],
            queues: vec![queue(1, "support"), Queue { automatic_mail: AutomaticMail::Ticket, ..queue(2, "noc") }],
            own: vec![
                own("support@example.org", Some(1), Purpose::Correspond),
                own("support-comment@example.org", Some(1), Purpose::Comment),
                own("noc@example.org", Some(2), Purpose::Correspond),
                own("noc-comment@example.org", Some(2), Purpose::Comment),
                own("bounces@example.org", None, Purpose::Own),
            ],
            keys: vec![Key { id: "k1".into(), secret: vec![7; 32] }],
            attachments: 10 << 20,
            delimiter: None,
            extended: vec![],
            ..Site::default()
        },
        people,
        tickets: vec![ticket],
        watchers: vec![(5, WatchRole::Requestor, "carla@customer.example"), (5, WatchRole::Cc, "cecil@customer.example")],
        participants: vec![],
        refs: vec![("first@customer.example", 5, RefKind::Seen)],
        subjects: vec![],
        variants: vec![],
        rules: crate::rules::defaults(),
        templates: vec![],
        acknowledgements: 0,
        acknowledgements_of_the_week: 0,
        acknowledged: vec![],
        recent: vec![],
        warned: vec![],
        held: 0,
        files: vec![],
        told: vec![],
        watching: vec![],
        queue_watchers: vec![(1, "anna@example.org"), (1, "otto@example.org"), (2, "otto@example.org")],
        groups: vec![],
        queue_ccs: vec![],
        merged: vec![],
        mailed: vec!["anna@example.org", "otto@example.org"],
        squelched: vec![],
        kept: None,
        words: None,
        submission: None,
        sent: vec![],
        heard: vec![],
        asked_for_sent: Cell::new(false),
        message: None,
        told_of: Told::default(),
        asked: vec![],
        confirmations: 0,
        was_asked: false,
        outsiders: vec![],
        outbox: vec![],
        trouble: vec![],
        undelivered: vec![],
        tags: vec![],
        field_values: vec![],
        links: vec![],
        links_asked: Cell::default(),
        merges: vec![],
        time_by: vec![],
        sources: vec![],
        fresh: Cell::new(None),
        sets: vec![],
        approvals: vec![],
        conversation: vec![],
        pieces_read: std::cell::Cell::default(),
        transcribed: vec![],
        reminded: vec![],
    }
}

impl World {
    fn entries_within(&self, piece: Piece) -> Vec<EntryLine> {
        let is_in = |entry: &&EntryLine| {
            piece.before.is_none_or(|before| entry.id < before)
                && (piece.comments || (!entry.internal && (entry.kind != "change" || !entry.text.is_empty())))
                && (!piece.texts || !entry.text.is_empty())
        };
        self.conversation.iter().filter(is_in).cloned().collect()
    }

    pub(super) fn by_address(&self, address: &str) -> Option<Person> {
        self.people.iter().find(|p| p.address == address).cloned()
    }

    pub(super) fn id(&self, ticket: u64, audience: Audience) -> String {
        ident::make(&self.site.keys[0], OwnId { ticket, event: 9, audience }, "example.org")
    }
}

impl Facts for World {
    fn site(&self) -> &Site {
        &self.site
    }
    fn ticket(&self, number: u64) -> Fact<Option<Ticket>> {
        let number = self.merged.iter().find(|(from, _)| *from == number).map_or(number, |(_, into)| *into);
        Ok(self.tickets.iter().find(|t| t.number == number).cloned())
    }
    fn person(&self, address: &str) -> Fact<Option<Person>> {
        Ok(self.by_address(address))
    }
    fn outsiders(&self, _ticket: u64) -> Fact<Vec<OutsidersMail>> {
        Ok(self.outsiders.clone())
    }
    fn tickets_of(&self, message_id: &str) -> Fact<Vec<(u64, RefKind)>> {
        Ok(self.refs.iter().filter(|(id, ..)| *id == message_id).map(|(_, ticket, kind)| (*ticket, *kind)).collect())
    }
    fn variants(&self, message_id: &str) -> Fact<Vec<Variant>> {
        Ok(self.variants.iter().filter(|(id, _)| *id == message_id).map(|(_, v)| v.clone()).collect())
    }
    fn subjects(&self, ticket: u64, _ids: &[String]) -> Fact<Vec<String>> {
        let titles = self.tickets.iter().filter(|t| t.number == ticket).map(|t| t.subject.clone());
        Ok(self.subjects.iter().map(|subject| (*subject).to_owned()).chain(titles).collect())
    }
    fn watchers(&self, ticket: u64) -> Fact<Vec<(WatchRole, Person)>> {
        let of = self.watchers.iter().filter(|(number, ..)| *number == ticket);
        Ok(of.filter_map(|(_, role, address)| Some((*role, self.by_address(address)?))).collect())
    }
    fn is_participant(&self, ticket: u64, address: &str) -> Fact<bool> {
        Ok(self.participants.contains(&(ticket, address)) || self.participants.iter().any(|(t, a)| *t == ticket && *a == address))
    }
    fn was_mailed(&self, _id: OwnId, address: &str) -> Fact<bool> {
        Ok(self.mailed.contains(&address))
    }
    fn addresses(&self, person: i64) -> Fact<Vec<String>> {
        Ok(self.people.iter().filter(|p| p.id == person).map(|p| p.address.clone()).collect())
    }
    fn group(&self, name: &str) -> Fact<Vec<Person>> {
        let of = self.groups.iter().filter(|(group, _)| *group == name);
        Ok(of.filter_map(|(_, address)| self.by_address(address)).collect())
    }
    fn groups_of(&self, person: i64) -> Fact<Vec<String>> {
        let address = self.people.iter().find(|p| p.id == person).map(|p| p.address.as_str());
        Ok(self.groups.iter().filter(|(_, member)| Some(*member) == address).map(|(group, _)| (*group).to_owned()).collect())
    }
    fn watching_queues(&self, _ticket: u64) -> Fact<Vec<i64>> {
        Ok(self.watching.clone())
    }
    fn queue_watchers(&self, queue: i64) -> Fact<Vec<(WatchRole, Person)>> {
        let of = |list: &[(i64, &'static str)], role| {
            let addresses = list.iter().filter(|(id, _)| *id == queue);
            addresses.filter_map(|(_, a)| Some((role, self.by_address(a)?))).collect::<Vec<_>>()
        };
        Ok([of(&self.queue_watchers, WatchRole::AdminCc), of(&self.queue_ccs, WatchRole::Cc)].concat())
    }
    fn rules(&self, _queue: i64) -> Fact<Rc<[RuleDefinition]>> {
        Ok(self.rules.clone().into())
    }
    fn squelched(&self, _ticket: u64) -> Fact<Vec<String>> {
        Ok(self.squelched.iter().map(|a| (*a).to_owned()).collect())
    }
    fn person_by_login(&self, login: &str) -> Fact<Option<Person>> {
        Ok(self.people.iter().find(|p| p.login.as_deref() == Some(login)).cloned())
    }
    fn logins(&self) -> Fact<Vec<(String, String)>> {
        Ok(self.people.iter().filter(|p| p.is_staff()).filter_map(|p| Some((p.login.clone()?, p.name.clone()))).collect())
    }
    fn entry(&self, _ticket: u64, _id: Option<i64>) -> Fact<Option<KeptEntry>> {
        Ok(self.kept.clone())
    }
    fn submission(&self, _ticket: u64) -> Fact<Option<Submission>> {
        Ok(self.submission.clone())
    }
    fn known_texts(&self, _ticket: u64, _before: i64, _reader: &str) -> Fact<KnownTexts> {
        self.asked_for_sent.set(true);
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Ok(KnownTexts { sent: owned(&self.sent), heard: owned(&self.heard) })
    }
    fn told(&self, _ticket: u64) -> Fact<Told> {
        Ok(self.told_of.clone())
    }
    fn has_file(&self, _ticket: u64, file: &SameFile<'_>) -> Fact<bool> {
        Ok(self.files.contains(file.hash))
    }
    fn kept_message(&self, _message: i64) -> Fact<Option<KeptMessage>> {
        Ok(self.message.clone())
    }
    fn last_words(&self, _ticket: u64) -> Fact<Option<Words>> {
        Ok(self.words.clone())
    }
    fn template(&self, name: &str, _queue: i64, _language: &str) -> Fact<Option<String>> {
        Ok(self.templates.iter().find(|(n, _)| *n == name).map(|(_, body)| (*body).to_owned()))
    }
    fn acknowledgements_since(&self, _address: &str, since: i64) -> Fact<u64> {
        let week = if since < NOW - DAY { self.acknowledgements_of_the_week } else { 0 };
        Ok(self.acknowledgements + week)
    }
    fn acknowledged_subjects(&self, _address: &str, _since: i64) -> Fact<Vec<String>> {
        Ok(self.acknowledged.iter().map(|subject| (*subject).to_owned()).collect())
    }
    fn recent(&self, origin: i64, since: i64, most: u64) -> Fact<Vec<Recent>> {
        let of = self.recent.iter().rev().filter(|(known, recent)| *known == origin && recent.at > since);
        Ok(of.map(|(_, recent)| *recent).take(usize::try_from(most).unwrap_or(usize::MAX)).collect())
    }
    fn administrators(&self) -> Fact<Vec<Person>> {
        Ok(self.people.iter().filter(|p| p.role == Role::Admin && !p.disabled).cloned().collect())
    }
    fn staff_named(&self, folded: &str) -> Fact<Vec<i64>> {
        let named = |p: &&Person| {
            crate::folded_name(&p.name) == folded || p.login.as_deref().is_some_and(|login| crate::folded_name(login) == folded)
        };
        Ok(self.people.iter().filter(|p| p.role.is_staff()).filter(named).map(|p| p.id).collect())
    }
    fn warned_since(&self, address: &str, since: i64) -> Fact<bool> {
        Ok(self.warned.iter().any(|(to, at)| to == address && *at > since))
    }
    fn held(&self) -> Fact<u64> {
        Ok(self.held)
    }
    fn confirmations_since(&self, _address: &str, _since: i64) -> Fact<u64> {
        Ok(self.confirmations)
    }
    fn was_asked(&self, _message: &Message, _address: &str, _now: i64) -> Fact<bool> {
        Ok(self.was_asked)
    }
    fn asked(&self, delivery: u64) -> Fact<Option<Asked>> {
        Ok(self.asked.iter().find(|(number, _)| *number == delivery).map(|(_, asked)| asked.clone()))
    }
    fn last_mail_to(&self, _ticket: u64, _address: &str) -> Fact<Option<(String, i64)>> {
        Ok(None)
    }
    fn thread(&self, ticket: u64) -> Fact<Vec<ThreadMail>> {
        let seen = |kind: RefKind| ThreadMail {
            message_id: String::new(),
            internal: kind == RefKind::Internal,
            from: String::new(),
            at: 0,
        };
        let of = self.refs.iter().filter(|(_, number, kind)| *number == ticket && *kind != RefKind::Named);
        Ok(of.map(|(id, _, kind)| ThreadMail { message_id: (*id).to_owned(), ..seen(*kind) }).collect())
    }
    fn already_told(&self, _ticket: u64) -> Fact<Vec<String>> {
        Ok(self.told.clone())
    }
    fn sent_mail(&self, id: i64) -> Fact<Option<SentMail>> {
        Ok(self.outbox.iter().find(|mail| mail.id == id).cloned())
    }
    fn sent_mails(&self, id: OwnId) -> Fact<Vec<SentMail>> {
        Ok(self.outbox.iter().filter(|mail| mail.ticket == Some(id.ticket)).cloned().collect())
    }
    fn trouble(&self, address: &str) -> Fact<Option<Trouble>> {
        Ok(self.trouble.iter().find(|(known, _)| *known == address).map(|(_, trouble)| trouble.clone()))
    }
    fn undelivered(&self, _ticket: u64) -> Fact<Vec<String>> {
        Ok(self.undelivered.iter().map(|a| (*a).to_owned()).collect())
    }
    fn tags(&self, _ticket: u64) -> Fact<Vec<String>> {
        Ok(self.tags.iter().map(|tag| (*tag).to_owned()).collect())
    }
    fn field_values(&self, _ticket: u64) -> Fact<Vec<(String, String)>> {
        Ok(self.field_values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
    fn links(&self, ticket: u64) -> Fact<Vec<Link>> {
        self.links_asked.set(self.links_asked.get() + 1);
        let seen = |(from, kind, target): &(u64, LinkKind, LinkTarget)| match target {
            _ if *from == ticket => Some(Link { kind: *kind, inward: false, other: target.clone() }),
            LinkTarget::Ticket(to) if *to == ticket => Some(Link { kind: *kind, inward: true, other: LinkTarget::Ticket(*from) }),
            _ => None,
        };
        Ok(self.links.iter().filter_map(seen).collect())
    }
    fn merged(&self, number: u64) -> Fact<Option<Merged>> {
        Ok(self.merges.iter().find(|merged| merged.ticket.number == number).cloned())
    }
    fn time_by(&self, ticket: u64) -> Fact<Vec<(String, i64)>> {
        Ok(self
            .time_by
            .iter()
            .filter(|(of, _, _)| *of == ticket)
            .map(|(_, who, minutes)| ((*who).to_owned(), *minutes))
            .collect())
    }
    fn source(&self, _ticket: u64, entry: i64) -> Fact<Option<Source>> {
        Ok(self.sources.iter().find(|source| source.id == entry).cloned())
    }
    fn set_of(&self, entry: i64) -> Fact<Option<EntrySet>> {
        Ok(self.sets.iter().find(|set| set.parts.iter().any(|part| part.entry == entry)).cloned())
    }
    fn last_act(&self, ticket: u64, by: Option<i64>) -> Fact<Option<i64>> {
        let entry = |set: &EntrySet| set.parts.iter().find(|part| part.ticket == ticket).map(|part| part.entry);
        let takes_back = |set: &EntrySet| set.parts.iter().any(|part| part.changes.iter().any(|change| change.field == "undo"));
        let theirs = self.sets.iter().rev().filter(|set| set.by == by && set.undone_by.is_none() && !takes_back(set));
        Ok(theirs.filter_map(entry).next())
    }
    fn approvals(&self, _ticket: u64) -> Fact<Vec<Approval>> {
        Ok(self.approvals.clone())
    }
    fn listing(&self, query: &str, _asker: &Person, _now: i64) -> Fact<Result<Vec<TicketLine>, String>> {
        if query.contains("colour:") {
            return Ok(Err(format!("the query has a word that is not known, {query:?}")));
        }
        let line = |t: &Ticket| TicketLine {
            number: t.number,
            queue: self.site.queue(t.queue).map(|queue| queue.name.clone()).unwrap_or_default(),
            status: t.status.to_string(),
            owner: t.owner.as_ref().and_then(|owner| owner.login.clone()),
            subject: t.subject.clone(),
        };
        Ok(Ok(self.tickets.iter().map(line).collect()))
    }
    fn conversation(&self, _ticket: u64, piece: Piece) -> Fact<Vec<EntryLine>> {
        self.pieces_read.set(self.pieces_read.get() + 1);
        let mut found = self.entries_within(piece);
        if !piece.oldest {
            found.reverse();
        }
        found.truncate(usize::try_from(crate::facts::PIECE).unwrap());
        Ok(found)
    }
    fn entries_in(&self, _ticket: u64, piece: Piece) -> Fact<u64> {
        Ok(self.entries_within(piece).len() as u64)
    }
    fn transcribed(&self, delivery: u64) -> Fact<Option<Transcribed>> {
        Ok(self.transcribed.iter().find(|(number, _)| *number == delivery).map(|(_, transcribed)| transcribed.clone()))
    }
    fn reminded(&self, reminder: u64) -> Fact<Option<crate::facts::Reminded>> {
        Ok(self.reminded.iter().find(|(number, _)| *number == reminder).map(|(_, reminded)| reminded.clone()))
    }
    fn fresh_ticket(&self) -> Fact<u64> {
        let next = self.tickets.iter().map(|t| t.number).max().unwrap_or(0) + 1;
        let next = self.fresh.get().map_or(next, |used| next.max(used + 1));
        self.fresh.set(self.fresh.get().map(|_| next));
        Ok(next)
    }
}

/// A mail, and where it is delivered.
#[derive(Clone)]
pub(super) struct Mail {
    pub(super) text: String,
    pub(super) envelope: Envelope,
    pub(super) route: Route,
    pub(super) prior: Prior,
    pub(super) released: bool,
    pub(super) confirmed: bool,
}

/// From somebody to support, with these header lines besides, and a line of text.
pub(super) fn mail(from: &str, more: &str) -> Mail {
    let to = if more.lines().any(|l| l.starts_with("To: ")) { "" } else { "To: support@example.org\n" };
    Mail {
        text: format!("From: {from}\n{to}Message-ID: <m1@client.example>\n{more}\n\nIt burns.\n"),
        envelope: Envelope::Sender(from.into()),
        route: Route { recipient: Some("support@example.org".into()), ..Route::default() },
        prior: Prior::New,
        released: false,
        confirmed: false,
    }
}

impl Mail {
    pub(super) fn at(mut self, recipient: &str) -> Self {
        self.route.recipient = Some(recipient.into());
        self
    }
    pub(super) fn actions(mut self, actions: &[Action]) -> Self {
        self.route.actions = actions.to_vec();
        self
    }
    /// The same message was here before, at another address.
    pub(super) fn elsewhere(mut self, ticket: u64, created: bool, internal: bool) -> Self {
        let author = postern_mail::parse(self.text.as_bytes()).author().map(postern_mail::Address::key);
        self.prior = Prior::Elsewhere { ticket, created, internal, author };
        self
    }
    pub(super) fn released(mut self) -> Self {
        self.released = true;
        self
    }
    /// Whom From names said that they wrote it.
    pub(super) fn confirmed(mut self) -> Self {
        self.confirmed = true;
        self.released()
    }
}

pub(super) fn try_decide(world: &World, mail: &Mail) -> Result<Decision, Refusal> {
    let message = postern_mail::parse(mail.text.as_bytes());
    let kind = classify::classify(&message, &mail.envelope, &world.site.name);
    let (envelope, route, prior) = (&mail.envelope, &mail.route, &mail.prior);
    let (released, confirmed) = (mail.released, mail.confirmed);
    decide(world, &Arrival { message: &message, kind: &kind, envelope, route, prior, now: NOW, released, confirmed })
}

pub(super) fn decided(world: &World, mail: &Mail) -> Decision {
    try_decide(world, mail).unwrap()
}

/// The link of a newer ticket to an older one.
pub(super) fn related(ticket: u64, older: u64) -> Change {
    Change::Link { ticket, kind: LinkKind::RefersTo, target: LinkTarget::Ticket(older), on: true }
}

/// Verdict, ticket, and whom it mails, sorted.
pub(super) fn outcome(d: &Decision) -> (Verdict, Option<u64>, Vec<&str>) {
    let mut to: Vec<&str> = d.notices.iter().map(|n| n.to.address.as_str()).collect();
    to.sort_unstable();
    (d.verdict, d.ticket, to)
}

pub(super) fn status_after(d: &Decision) -> Option<Status> {
    d.changes.iter().find_map(|c| if let Change::SetStatus { status, .. } = c { Some(status.clone()) } else { None })
}

pub(super) const CARLA: &str = "carla@customer.example";
pub(super) const STAFF: [&str; 2] = ["anna@example.org", "otto@example.org"];
pub(super) const CUSTOMERS: [&str; 2] = ["carla@customer.example", "cecil@customer.example"];
