//! The answers to what deciding asks, as queries in the open transaction.

use super::engine::{StoreError, Tx};
use super::kept::Known;
use super::organisation::{keys, own_addresses, queues};
use super::outbox::audience_word;
use super::site::Settings;
use super::{
    approval, audit, bounce, entry, letter, link, listing, mark, merge, message, organisation, outbox, person, probe, recent,
    thread, ticket, told,
};
use crate::intake::Setting;
use crate::site::general;
use crate::values;
use postern_mail::Message;
use postern_mail::address::address_key;
use postern_mail::ident::OwnId;
use postern_model::link::Link;
use postern_model::site::RuleDefinition;
use postern_model::{
    Approval, Asked, EntryLine, EntrySet, Fact, FactError, Facts, KeptEntry, KeptMessage, KnownTexts, OutsidersMail, OwnAddress,
    Person, Piece, Purpose, Recent, RefKind, SameFile, SentMail, Site, Submission, ThreadMail, Ticket, TicketLine, Told,
    Transcribed, Trouble, Variant, WatchRole, Words,
};
use postern_model::{Merged, Source};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Facts of a transaction.
#[derive(Debug)]
pub struct StoreFacts<'t, 'c> {
    tx: &'t Tx<'c>,
    site: Site,
    /// Whether mail to any address ever came back: asked once, for most sites the whole answer.
    any_trouble: Cell<Option<bool>>,
    /// The tickets that went into one that was looked up: asked where there are any, once.
    merged: RefCell<Vec<(u64, Rc<[u64]>)>>,
    /// What a mail that names many tickets would ask for again with each of them.
    known: Known,
}

impl<'t, 'c> StoreFacts<'t, 'c> {
    /// Reads the organisation; everything else is read when it is asked for.
    ///
    /// `setting` has what the configuration says, `more_own` addresses that are ours by the configuration of this machine (A40).
    ///
    /// # Errors
    /// What the database says.
    pub fn new(tx: &'t Tx<'c>, setting: &Setting<'_>, more_own: &[&str]) -> Result<Self, StoreError> {
        let settings = Settings::of(tx)?;
        let mut own = own_addresses(tx)?;
        for address in more_own.iter().map(|a| address_key(a)) {
            if !own.iter().any(|o| o.address == address) {
                own.push(OwnAddress { address, queue: None, purpose: Purpose::Own });
            }
        }
        // Configuration of the site, and no queue's.
        if let Some(address) = settings.commands.control_address.clone() {
            own.retain(|known| known.address != address);
            own.push(OwnAddress { address, queue: None, purpose: Purpose::Control });
        }
        let extended = setting.delimiter.map(|delimiter| probe::extended(tx, delimiter)).transpose()?.unwrap_or_default();
        let site = Site {
            name: setting.site_name.to_owned(),
            former_names: settings.former_names,
            queues: queues(tx)?,
            own,
            bounce: setting.bounce.map(address_key),
            keys: keys(tx)?,
            attachments: setting.attachments,
            delimiter: setting.delimiter,
            extended,
            trust: settings.trust,
            border: settings.border,
            brakes: settings.brakes,
            life_cycles: settings.life_cycles,
            rights: settings.rights,
            grants: settings.grants,
            fields: settings.fields,
            commands: settings.commands,
        };
        Ok(StoreFacts { tx, site, any_trouble: Cell::new(None), merged: RefCell::default(), known: Known::default() })
    }
}

impl StoreFacts<'_, '_> {
    /// Forgets what a change of the same transaction may have made wrong.
    pub(crate) fn look_again(&self) {
        self.any_trouble.set(None);
        self.merged.take();
        self.known.forget();
    }

    /// A ticket and those that went into it, as one: what one of them knows, it knows. Most tickets stand alone, which looking them
    /// up has shown.
    fn family(&self, number: u64) -> Vec<u64> {
        let known = self.merged.borrow();
        let others = known.iter().find(|(of, _)| *of == number).map(|(_, others)| Rc::clone(others));
        std::iter::once(number).chain(others.iter().flat_map(|others| others.iter().copied())).collect()
    }

    /// The first answer that a ticket or one that went into it has.
    fn first<T>(&self, number: u64, ask: impl Fn(u64) -> Result<Option<T>, StoreError>) -> Fact<Option<T>> {
        for number in self.family(number) {
            if let Some(found) = fact(ask(number))? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

fn fact<T>(answer: Result<T, StoreError>) -> Fact<T> {
    answer.map_err(|error| FactError(Box::new(error)))
}

impl Facts for StoreFacts<'_, '_> {
    fn site(&self) -> &Site {
        &self.site
    }

    fn ticket(&self, number: u64) -> Fact<Option<Ticket>> {
        let Some(found) = fact(ticket::survivor(self.tx, number))? else { return Ok(None) };
        let number = found.ticket.number;
        if found.has_merged && !self.merged.borrow().iter().any(|(of, _)| *of == number) {
            let others = fact(merge::into(self.tx, number))?;
            self.merged.borrow_mut().push((number, others.into()));
        }
        Ok(Some(found.ticket))
    }

    fn person(&self, address: &str) -> Fact<Option<Person>> {
        self.known.people.or_ask(address.to_owned(), |address| fact(person::by_address(self.tx, address)))
    }

    fn person_by_login(&self, login: &str) -> Fact<Option<Person>> {
        self.known.logins.or_ask(login.to_owned(), |login| fact(person::by_login(self.tx, login)))
    }

    fn logins(&self) -> Fact<Vec<(String, String)>> {
        fact(person::staff_logins(self.tx))
    }

    fn entry(&self, number: u64, id: Option<i64>) -> Fact<Option<KeptEntry>> {
        self.first(number, |number| entry::kept(self.tx, number, id))
    }

    fn outsiders(&self, number: u64) -> Fact<Vec<OutsidersMail>> {
        let mut mails = Vec::new();
        for number in self.family(number) {
            mails.extend(fact(entry::outsiders(self.tx, number))?);
        }
        mails.sort_by_key(|mail| mail.entry);
        Ok(mails)
    }

    fn tickets_of(&self, message_id: &str) -> Fact<Vec<(u64, RefKind)>> {
        fact(thread::tickets_of(self.tx, message_id))
    }

    fn variants(&self, message_id: &str) -> Fact<Vec<Variant>> {
        fact(thread::variants(self.tx, message_id))
    }

    fn subjects(&self, number: u64, ids: &[String]) -> Fact<Vec<String>> {
        let mut subjects = Vec::new();
        for id in ids {
            let sql = "SELECT subject FROM message WHERE message_id = ?1 LIMIT 10";
            subjects.extend(fact(self.tx.query(sql, values![id], |row| row.get::<String>(0)))?);
        }
        for number in self.family(number) {
            subjects.extend(fact(thread::subjects(self.tx, number))?);
        }
        Ok(subjects)
    }

    fn watchers(&self, number: u64) -> Fact<Vec<(WatchRole, Person)>> {
        fact(ticket::watchers(self.tx, number))
    }

    fn is_participant(&self, number: u64, address: &str) -> Fact<bool> {
        let sql = "SELECT 1 FROM participant WHERE ticket_id = ?1 AND (address = ?2 OR address IN
                     (SELECT o.address FROM person_address f JOIN person_address o ON o.person_id = f.person_id WHERE f.address = ?2))
                   LIMIT 1";
        let found = self.first(number, |number| self.tx.query_opt(sql, values![number, address], |_| Ok(())))?;
        Ok(found.is_some())
    }

    fn was_mailed(&self, id: OwnId, address: &str) -> Fact<bool> {
        let sql = "SELECT 1 FROM outbox WHERE ticket_id = ?1 AND entry_id = ?2 AND audience = ?3 AND (address = ?4 OR address IN
                     (SELECT o.address FROM person_address f JOIN person_address o ON o.person_id = f.person_id WHERE f.address = ?4))
                   LIMIT 1";
        let parameters = values![id.ticket, id.event, audience_word(id.audience), address];
        fact(self.tx.query_opt(sql, parameters, |_| Ok(())).map(|found| found.is_some()))
    }

    fn addresses(&self, person: i64) -> Fact<Vec<String>> {
        let sql = "SELECT address FROM person_address WHERE person_id = ?1 ORDER BY position";
        fact(self.tx.query(sql, values![person], |row| row.get(0)))
    }

    fn group(&self, name: &str) -> Fact<Vec<Person>> {
        let sql = format!(
            "SELECT {} FROM people_group n JOIN group_member g ON g.group_id = n.id JOIN person p ON p.id = g.person_id
             JOIN person_address a ON a.person_id = p.id WHERE n.name = ?1 ORDER BY p.id, a.position",
            person::COLUMNS
        );
        let rows = self.tx.query(&sql, values![name], |row| Ok(((), person::read(row, 0)?)));
        Ok(fact(rows.map(person::first_addresses))?.into_iter().map(|((), person)| person).collect())
    }

    fn groups_of(&self, person: i64) -> Fact<Vec<String>> {
        // A group has the members of those in it, too.
        let sql =
            "SELECT n.name FROM group_member m JOIN people_group n ON n.id = m.group_id WHERE m.person_id = ?1 ORDER BY n.name";
        fact(self.tx.query(sql, values![person], |row| row.get(0)))
    }

    fn watching_queues(&self, number: u64) -> Fact<Vec<i64>> {
        let sql = "SELECT queue_id FROM ticket_queue WHERE ticket_id = ?1 ORDER BY queue_id";
        fact(self.tx.query(sql, values![number], |row| row.get(0)))
    }

    fn queue_watchers(&self, queue: i64) -> Fact<Vec<(WatchRole, Person)>> {
        self.known.watchers.or_ask(queue, |queue| fact(organisation::queue_watchers(self.tx, *queue)))
    }

    fn rules(&self, queue: i64) -> Fact<Rc<[RuleDefinition]>> {
        self.known.rules.or_ask(queue, |queue| fact(organisation::rules(self.tx, *queue).map(Rc::from)))
    }

    fn template(&self, name: &str, queue: i64, language: &str) -> Fact<Option<String>> {
        // The queue counts before the language; `de-at` is content with `de`, which is nearer than a text without language.
        let sql = "SELECT body FROM template WHERE name = ?1 AND (queue_id IS NULL OR queue_id = ?2)
                   AND (language IS NULL OR language = ?3 OR language = ?4)
                   ORDER BY queue_id NULLS LAST, CASE WHEN language = ?3 THEN 0 WHEN language IS NOT NULL THEN 1 ELSE 2 END LIMIT 1";
        self.known.templates.or_ask((name.to_owned(), queue, language.to_owned()), |_| {
            fact(self.tx.query_opt(sql, values![name, queue, language, general(language)], |row| row.get(0)))
        })
    }

    fn squelched(&self, number: u64) -> Fact<Vec<String>> {
        fact(self.tx.query("SELECT address FROM squelch WHERE ticket_id = ?1", values![number], |row| row.get(0)))
    }

    fn submission(&self, number: u64) -> Fact<Option<Submission>> {
        fact(ticket::submission(self.tx, number))
    }

    fn known_texts(&self, number: u64, before: i64, reader: &str) -> Fact<KnownTexts> {
        let mut known = KnownTexts::default();
        for number in self.family(number) {
            let of_one = fact(entry::known_texts(self.tx, number, before, reader))?;
            known.sent.extend(of_one.sent);
            known.heard.extend(of_one.heard);
        }
        Ok(known)
    }

    fn told(&self, number: u64) -> Fact<Told> {
        let mut told = Told::default();
        for number in self.family(number) {
            let of_one = fact(told::told(self.tx, number))?;
            told.staff.extend(of_one.staff);
            told.customers.extend(of_one.customers);
            told.comments.extend(of_one.comments);
        }
        Ok(told)
    }

    fn has_file(&self, number: u64, file: &SameFile<'_>) -> Fact<bool> {
        fact(outbox::has_file(self.tx, number, file))
    }

    fn kept_message(&self, message: i64) -> Fact<Option<KeptMessage>> {
        fact(message::kept(self.tx, message))
    }

    fn last_words(&self, number: u64) -> Fact<Option<Words>> {
        let mut last: Option<Words> = None;
        for number in self.family(number) {
            let words = fact(ticket::last_words(self.tx, number))?;
            last = last.into_iter().chain(words).max_by_key(|words| words.at);
        }
        Ok(last)
    }

    fn acknowledgements_since(&self, address: &str, since: i64) -> Fact<u64> {
        fact(recent::answers(self.tx, address, since))
    }

    fn acknowledged_subjects(&self, address: &str, since: i64) -> Fact<Vec<String>> {
        fact(recent::subjects(self.tx, address, since))
    }

    fn recent(&self, origin: i64, since: i64, most: u64) -> Fact<Vec<Recent>> {
        fact(recent::arrivals(self.tx, origin, since, most))
    }

    fn administrators(&self) -> Fact<Vec<Person>> {
        fact(recent::administrators(self.tx))
    }

    fn staff_named(&self, folded: &str) -> Fact<Vec<i64>> {
        fact(person::staff_named(self.tx, folded))
    }

    fn warned_since(&self, address: &str, since: i64) -> Fact<bool> {
        fact(recent::warned(self.tx, address, since))
    }

    fn held(&self) -> Fact<u64> {
        fact(recent::held(self.tx))
    }

    fn confirmations_since(&self, address: &str, since: i64) -> Fact<u64> {
        fact(letter::confirmations_since(self.tx, address, since))
    }

    fn was_asked(&self, message: &Message, address: &str, now: i64) -> Fact<bool> {
        fact(letter::was_asked(self.tx, message, address, now))
    }

    fn asked(&self, delivery: u64) -> Fact<Option<Asked>> {
        fact(letter::asked(self.tx, delivery))
    }

    fn last_mail_to(&self, number: u64, address: &str) -> Fact<Option<(String, i64)>> {
        #[derive(serde::Deserialize)]
        struct Headers {
            message_id: String,
        }
        let sql = "SELECT headers, created FROM outbox WHERE ticket_id = ?1 AND address = ?2
                   AND state NOT IN ('held', 'discarded') ORDER BY id DESC LIMIT 1";
        let found = self.tx.query_opt(sql, values![number, address], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)));
        fact(found.map(|found| {
            let (json, created) = found?;
            let headers: Headers = serde_json::from_str(&json).ok()?;
            Some((headers.message_id, created))
        }))
    }

    fn thread(&self, number: u64) -> Fact<Vec<ThreadMail>> {
        let mut mails = Vec::new();
        for number in self.family(number) {
            mails.extend(fact(thread::mails(self.tx, number))?);
        }
        mails.sort_by_key(|mail| mail.at);
        Ok(mails.split_off(mails.len().saturating_sub(thread::MAILS)))
    }

    fn already_told(&self, number: u64) -> Fact<Vec<String>> {
        fact(self.tx.query("SELECT address FROM outbox WHERE ticket_id = ?1", values![number], |row| row.get(0)))
    }

    fn sent_mail(&self, id: i64) -> Fact<Option<SentMail>> {
        fact(bounce::mail(self.tx, id))
    }

    fn sent_mails(&self, id: OwnId) -> Fact<Vec<SentMail>> {
        fact(bounce::mails(self.tx, id))
    }

    fn trouble(&self, address: &str) -> Fact<Option<Trouble>> {
        let any = match self.any_trouble.get() {
            Some(any) => any,
            None => fact(bounce::is_any_in_trouble(self.tx))?,
        };
        self.any_trouble.set(Some(any));
        if any { fact(bounce::trouble(self.tx, address)) } else { Ok(None) }
    }

    fn undelivered(&self, number: u64) -> Fact<Vec<String>> {
        fact(bounce::undelivered(self.tx, number))
    }

    fn tags(&self, number: u64) -> Fact<Vec<String>> {
        fact(mark::tags(self.tx, number))
    }

    fn field_values(&self, number: u64) -> Fact<Vec<(String, String)>> {
        fact(mark::field_values(self.tx, number))
    }

    fn links(&self, number: u64) -> Fact<Vec<Link>> {
        fact(link::of(self.tx, number))
    }

    fn merged(&self, number: u64) -> Fact<Option<Merged>> {
        fact(merge::of(self.tx, number))
    }

    fn time_by(&self, number: u64) -> Fact<Vec<(String, i64)>> {
        let history = fact(super::view::ticket::own_history(self.tx, number))?;
        Ok(crate::view::work::time_by(&history).into_iter().map(|by| (by.person, by.minutes)).collect())
    }

    fn source(&self, number: u64, id: i64) -> Fact<Option<Source>> {
        fact(entry::source(self.tx, &self.family(number), id))
    }

    fn set_of(&self, entry: i64) -> Fact<Option<EntrySet>> {
        fact(audit::set_of(self.tx, entry))
    }

    fn last_act(&self, number: u64, by: Option<i64>) -> Fact<Option<i64>> {
        fact(audit::last_act(self.tx, number, by))
    }

    fn approvals(&self, number: u64) -> Fact<Vec<Approval>> {
        fact(approval::of(self.tx, number))
    }

    fn listing(&self, query: &str, asker: &Person, now: i64) -> Fact<Result<Vec<TicketLine>, String>> {
        fact(listing::listing(self.tx, self, (query, now), asker))
    }

    fn conversation(&self, number: u64, piece: Piece) -> Fact<Vec<EntryLine>> {
        fact(listing::conversation(self.tx, number, piece))
    }

    fn entries_in(&self, number: u64, piece: Piece) -> Fact<u64> {
        fact(listing::entries_in(self.tx, number, piece))
    }

    fn transcribed(&self, delivery: u64) -> Fact<Option<Transcribed>> {
        fact(letter::transcribed(self.tx, delivery))
    }

    fn reminded(&self, reminder: u64) -> Fact<Option<postern_model::Reminded>> {
        fact(super::reminder::find(self.tx, reminder))
    }

    fn fresh_ticket(&self) -> Fact<u64> {
        fact(self.tx.next_ticket_number())
    }
}
