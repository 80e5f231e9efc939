//! Answering machines that keep no rule: scripts, trackers of the last century, tools of mailboxes that somebody set up on a
//! Friday. Nothing in their mail says that no person wrote it.

use super::super::mail::{MINUTE, Mail};
use super::{Me, Model};

/// What it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    /// The same each time.
    Fixed,
    /// The same, and the whole mail that it answers below it.
    Quoting,
    /// The same, under a subject that grows at each turn.
    Growing,
    /// A number of its own, a fresh one each time.
    Number,
    /// Something else each time, as a talking program does.
    Chatter,
}

/// Whom it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whom {
    /// From, also of mail with a null envelope sender.
    From,
    /// Reply-To, else From, also of mail with a null envelope sender.
    ReplyTo,
    /// The envelope sender, and no mail that has none.
    Envelope,
}

/// Under which address it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    /// The one that was written to.
    Own,
    /// noreply@ of its domain.
    NoReply,
    /// Another extension each time: `help+70001@`.
    Changing,
}

/// A careless answering machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Careless {
    pub(crate) text: Text,
    pub(crate) whom: Whom,
    pub(crate) name: Name,
    /// Whether its mail names the mail that it answers.
    pub(crate) threads: bool,
    /// Minutes that it takes, such as a mailbox that is looked into every so often.
    pub(crate) minutes: u16,
}

impl Careless {
    /// The plainest: the same words, at once, to From.
    pub(crate) fn fixed() -> Careless {
        Careless { text: Text::Fixed, whom: Whom::From, name: Name::Own, threads: true, minutes: 0 }
    }

    /// The same with another text.
    pub(crate) fn saying(text: Text) -> Careless {
        Careless { text, ..Careless::fixed() }
    }
}

impl Model for Careless {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let to = match self.whom {
            Whom::From => mail.address("From"),
            Whom::ReplyTo => mail.address("Reply-To").or(mail.address("From")),
            Whom::Envelope => mail.from.clone(),
        };
        let Some(to) = to.filter(|to| *to != me.address) else { return Vec::new() };
        let number = me.written + 1;
        let from = match self.name {
            Name::Own => me.address.clone(),
            Name::NoReply => format!("noreply@{}", me.domain()),
            Name::Changing => me.address.replacen('@', &format!("+{}@", 70_000 + number), 1),
        };
        let subject = mail.field("Subject");
        let subject = match self.text {
            Text::Growing => format!("Automated reply: {subject}"),
            Text::Number => format!("[HD-{}] We got your mail: {subject}", 40_000 + number),
            _ if subject.starts_with("Re:") => subject,
            _ => format!("Re: {subject}"),
        };
        let text = words(self.text, number, mail);
        let draft = me.draft_from(&from, &to, &subject);
        let draft = if self.threads { draft.threaded(mail) } else { draft };
        let mail = draft.text(&text).mail(Some(&from), &to);
        // With the whole of another mail below it, it says something else each time, as far as anybody can see: only the rate ends that.
        let same = !matches!(self.text, Text::Chatter | Text::Quoting);
        vec![Mail { after: i64::from(self.minutes) * MINUTE, same, ..mail }]
    }
}

fn words(text: Text, number: u64, mail: &Mail) -> String {
    match text {
        Text::Fixed | Text::Growing => "Thank you for your message. We will get back to you as soon as we can.".to_owned(),
        Text::Number => {
            format!("Your request was filed under HD-{}. Please quote that number when you write again.", 40_000 + number)
        }
        Text::Quoting => {
            let quote: String = mail.text().lines().map(|line| format!("> {line}\n")).collect();
            format!("Thank you for your message.\n\n{} wrote:\n{quote}", mail.field("From"))
        }
        Text::Chatter => chatter(number),
    }
}

/// Words in an order that hardly comes twice.
fn chatter(number: u64) -> String {
    const WORDS: [&str; 16] = [
        "printer", "meadow", "ladder", "tomorrow", "careful", "engine", "blue", "paper", "window", "harbour", "simple", "letter",
        "mountain", "quiet", "answer", "garden",
    ];
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        WORDS[usize::try_from(state >> 40).unwrap_or(0) % WORDS.len()]
    };
    let said: Vec<&str> = (0..14).map(|_| word()).collect();
    format!("I thought about {}.", said.join(" "))
}
