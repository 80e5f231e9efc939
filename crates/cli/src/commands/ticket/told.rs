//! What was done, or would be: one line for people, everything for scripts.

use crate::failure::Failure;
use crate::output::text::{block, line};
use crate::output::{FAINT, Out, STRONG};
use postern_core::model::{Act, Change, Decision, NewEntry, Notice, NoticeFile, Step, Verdict, unreachable};
use postern_core::view::{Change as Changed, OutboxMail};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::io::{self, Write};

/// More recipients than this are counted, not named.
const NAMED: usize = 6;

/// An act and what came of it.
pub(super) struct Told<'a> {
    /// The act.
    pub(super) act: &'a Act,
    /// What was decided.
    pub(super) decision: &'a Decision,
    /// Whether it was done.
    pub(super) applied: bool,
    /// Whether a trial shows the mails' texts.
    pub(super) verbose: bool,
    /// Its mails that are held because they repeat words of an internal comment.
    pub(super) held: Vec<OutboxMail>,
}

impl Serialize for Told<'_> {
    /// `{ticket, verdict, reason, applied, changes, mails, unreachable}`; a trial also has the mails' texts, who is left out, and the trail.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let decision = self.decision;
        let mut object = serializer.serialize_struct("Told", if self.applied { 7 } else { 9 })?;
        object.serialize_field("ticket", &decision.ticket)?;
        object.serialize_field("verdict", &decision.verdict)?;
        object.serialize_field("reason", &decision.reason)?;
        object.serialize_field("applied", &self.applied)?;
        object.serialize_field("changes", &self.changes())?;
        object.serialize_field("mails", &decision.notices.iter().map(|notice| self.mail(notice)).collect::<Vec<_>>())?;
        object.serialize_field("unreachable", &unreachable(&decision.trail))?;
        if !self.applied {
            object.serialize_field("left_out", &self.left_out().collect::<Vec<_>>())?;
            object.serialize_field("trail", &decision.trail)?;
        }
        object.end()
    }
}

impl Told<'_> {
    /// The entry of the history.
    fn entry(&self) -> Option<&NewEntry> {
        self.decision.changes.iter().find_map(|change| match change {
            Change::Entry { entry, .. } if entry.of_event => Some(entry),
            _ => None,
        })
    }

    /// What changed on the ticket: a merge in the midst of other changes has an entry of its own.
    fn changes(&self) -> Vec<Changed> {
        let entries = self.decision.changes.iter().filter_map(|change| match change {
            Change::Entry { ticket, entry } if entry.of_event || Some(*ticket) == self.decision.ticket => Some(entry),
            _ => None,
        });
        entries.flat_map(|entry| &entry.changes).map(Changed::of).collect()
    }

    fn mail(&self, notice: &Notice) -> Value {
        let mut mail = json!({ "to": notice.to.address, "kind": notice.kind.as_str(), "subject": notice.subject });
        if let Some(digest) = notice.digest {
            mail["digest"] = digest.as_str().into();
        }
        if !notice.repeats.is_empty() {
            mail["held"] = true.into();
            mail["repeats"] = notice.repeats.clone().into();
            mail["id"] = self.held.iter().find(|held| held.to == notice.to.address).map(|held| held.id).into();
        }
        if !self.applied {
            mail["text"] = notice.text.as_str().into();
            mail["files"] = self.files(notice).into();
        }
        mail
    }

    /// The names of the files that a mail carries. Those of an earlier entry are known by its number.
    fn files(&self, notice: &Notice) -> Vec<String> {
        let uploads = self.act.writing.as_ref().map_or(&[][..], |writing| &writing.files);
        let name = |file: &NoticeFile| match file {
            NoticeFile::Arrived(position) => uploads.get(*position).map(|file| file.name.clone()).unwrap_or_default(),
            NoticeFile::Kept { entry, position } => format!("file {} of entry {entry}", position + 1),
        };
        notice.files.iter().map(name).collect()
    }

    /// Why people get no mail: what the trail says about mails that are not among those that leave.
    fn left_out(&self) -> impl Iterator<Item = &str> {
        let leaves = |step: &Step| {
            let told = |notice: &Notice| {
                let when = notice.digest.map(|digest| format!(", {}", digest.as_str())).unwrap_or_default();
                step.text == format!("{}: to {}{when}", notice.rule, notice.to.address)
            };
            self.decision.notices.iter().any(told)
        };
        self.decision.trail.iter().filter(move |step| step.step == "mail" && !leaves(step)).map(|step| step.text.as_str())
    }

    /// Tells people.
    pub(super) fn print(&self) -> Result<(), Failure> {
        let mut out = Out::new();
        match self.applied {
            true => {
                out.line(self.summary())?;
                self.held(&mut out)?;
            }
            false => self.trial(&mut out)?,
        }
        Ok(out.finish()?)
    }

    /// `#12 answered, status: new -> open; mails to carla@example.net, ben@example.org`
    fn summary(&self) -> String {
        let number = self.decision.ticket.unwrap_or_default();
        if self.decision.verdict == Verdict::Joined {
            return format!("#{number} is so already; nothing was done");
        }
        let did = [self.did().to_owned(), self.changes_in_words().join(", ")];
        let did: Vec<String> = did.into_iter().filter(|part| !part.is_empty()).collect();
        format!("#{number} {}; {}", did.join(", "), self.mailed())
    }

    /// Why mails to people outside wait, and what lets them go.
    fn held(&self, out: &mut Out) -> io::Result<()> {
        let Some(notice) = self.decision.notices.iter().find(|notice| !notice.repeats.is_empty()) else { return Ok(()) };
        out.styled("Held, and not sent: it repeats words of an internal comment.", STRONG)?;
        for piece in &notice.repeats {
            out.line(format!("    {}", line(piece)))?;
        }
        for mail in &self.held {
            out.line(format!(
                "mail {} to {}: `postern outbox retry {0}` sends it, `postern outbox discard {0}` gives it up",
                mail.id,
                line(&mail.to)
            ))?;
        }
        Ok(())
    }

    fn did(&self) -> &'static str {
        let says = |field: &str| self.entry().is_some_and(|entry| entry.changes.iter().any(|change| change.field == field));
        let (forwarded, approved) = (|| says("forward"), || says("approved"));
        match self.decision.verdict {
            Verdict::Created => "opened",
            // What changed says it.
            Verdict::Corresponded if approved() => "",
            Verdict::Corresponded => "answered",
            Verdict::Commented if forwarded() => "forwarded",
            Verdict::Commented => "commented",
            _ => "",
        }
    }

    /// Who is mailed says what was forwarded to whom, and a new ticket has no earlier state to change.
    fn changes_in_words(&self) -> Vec<String> {
        if self.decision.verdict == Verdict::Created {
            return Vec::new();
        }
        let words = |change: &Changed| super::conversation::in_words(change);
        self.changes().iter().filter(|change| change.field != "forward").map(words).collect()
    }

    /// Who is mailed, and who would be if mail to them did not come back.
    fn mailed(&self) -> String {
        let lost = unreachable(&self.decision.trail);
        let leaving = self.decision.notices.iter().filter(|notice| notice.repeats.is_empty());
        let to: Vec<String> = leaving.map(recipient).collect();
        let named = line(&to[..to.len().min(NAMED)].join(", ")).into_owned();
        let mailed = match to.len() {
            0 => "nobody is mailed".to_owned(),
            1 => format!("mail to {named}"),
            2..=NAMED => format!("mails to {named}"),
            more => format!("mails to {named} and {} more", more - NAMED),
        };
        match (lost.as_slice(), to.len()) {
            ([], _) => mailed,
            (lost, 0) => format!("{mailed}: mail to {} comes back", line(&lost.join(", "))),
            (lost, _) => format!("{mailed}; not to {}: mail there comes back", line(&lost.join(", "))),
        }
    }

    fn trial(&self, out: &mut Out) -> io::Result<()> {
        out.styled(format!("This would be done: {}", line(&self.decision.reason)), STRONG)?;
        for change in self.changes() {
            out.line(format!("  {}", super::conversation::in_words(&change)))?;
        }
        for notice in &self.decision.notices {
            out.line(format!("mail to {}: {}", line(&recipient(notice)), line(&notice.subject)))?;
            for file in self.files(notice) {
                out.line(format!("  with {}", line(&file)))?;
            }
            if self.verbose {
                block(&notice.text).lines().try_for_each(|text| out.line(format!("    {text}").trim_end()))?;
            }
        }
        self.held(out)?;
        if self.decision.notices.is_empty() {
            out.line("nobody would be mailed")?;
        }
        for why in self.left_out() {
            out.line(format!("no mail: {}", line(why)))?;
        }
        if self.verbose {
            let rules = self.decision.trail.iter().filter(|step| step.step == "rule");
            rules.map(|step| line(&step.text)).try_for_each(|rule| out.line(format!("rule: {rule}")))?;
        }
        out.styled("Nothing was done; leave --dry-run away to do it.", FAINT)
    }
}

/// Who gets a mail, and when, if not at once.
fn recipient(notice: &Notice) -> String {
    match notice.digest {
        Some(digest) => format!("{} ({} digest)", notice.to.address, digest.as_str()),
        None => notice.to.address.clone(),
    }
}

/// A line on standard error. Where even that is closed, the exit status has to do.
pub(super) fn warn(what: &str) {
    let _ = writeln!(io::stderr(), "postern: {}", line(what));
}
