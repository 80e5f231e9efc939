//! How mail clients make conversations of mails, as models: Thunderbird, Gmail, Outlook.

use harness::mail::Mail;
use mailparse::parse_mail;
use std::collections::BTreeMap;

/// What a client threads by.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) in_reply_to: Option<String>,
    pub(crate) references: Vec<String>,
    /// Without prefixes of answers.
    pub(crate) topic: String,
}

impl Seen {
    pub(crate) fn of(mail: &Mail) -> Self {
        Seen::read(&mail.raw)
    }

    pub(crate) fn read(raw: &[u8]) -> Self {
        let parsed = parse_mail(raw).unwrap();
        let field = |name: &str| {
            let found = parsed.headers.iter().find(|header| header.get_key().eq_ignore_ascii_case(name));
            found.map(|header| header.get_value()).unwrap_or_default()
        };
        let ids = |name| field(name).split_whitespace().map(|id| id.trim_matches(['<', '>']).to_owned()).collect::<Vec<_>>();
        Seen {
            id: ids("Message-ID").remove(0),
            in_reply_to: ids("In-Reply-To").first().cloned(),
            references: ids("References"),
            topic: topic(&field("Subject")),
        }
    }

    /// References, with In-Reply-To where it is not among them.
    pub(crate) fn ancestors(&self) -> Vec<String> {
        let missing = self.in_reply_to.iter().filter(|id| !self.references.contains(id));
        self.references.iter().chain(missing).cloned().collect()
    }
}

/// A subject without what clients put in front of answers and forwarded mails.
fn topic(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((prefix, more)) = rest.split_once(':') {
        if !["re", "fwd", "fw", "aw", "wg", "sv", "vs", "tr", "rv"].contains(&prefix.to_lowercase().as_str()) {
            break;
        }
        rest = more.trim();
    }
    rest.to_owned()
}

/// Conversations, each the positions of its mails, and the position of each mail's parent.
pub(crate) struct Threads {
    pub(crate) conversations: Vec<Vec<usize>>,
    pub(crate) parents: Vec<Option<usize>>,
}

/// Thunderbird: References, else In-Reply-To; mails that name the same missing one hang together (JWZ). No joining by subject.
pub(crate) fn thunderbird(mails: &[Seen]) -> Threads {
    let mut parent_of: BTreeMap<String, String> = BTreeMap::new();
    let leads_to = |parents: &BTreeMap<String, String>, from: &str, to: &str| {
        let mut at = from;
        while at != to {
            match parents.get(at) {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    };
    for mail in mails {
        let chain = if mail.references.is_empty() { mail.ancestors() } else { mail.references.clone() };
        for pair in chain.windows(2) {
            if !parent_of.contains_key(&pair[1]) && !leads_to(&parent_of, &pair[0], &pair[1]) {
                parent_of.insert(pair[1].clone(), pair[0].clone());
            }
        }
        if let Some(last) = chain.last().filter(|last| !leads_to(&parent_of, last, &mail.id)) {
            parent_of.insert(mail.id.clone(), last.clone());
        }
    }
    let up = |id: &str| parent_of.get(id).cloned();
    let position = |id: &str| mails.iter().position(|mail| mail.id == id);
    let nearest = |mail: &Seen| {
        let mut at = up(&mail.id);
        while let Some(id) = at {
            if let Some(found) = position(&id) {
                return Some(found);
            }
            at = up(&id);
        }
        None
    };
    let top = |mail: &Seen| {
        let mut at = mail.id.clone();
        while let Some(next) = up(&at) {
            at = next;
        }
        at
    };
    Threads { conversations: grouped(mails, top), parents: mails.iter().map(nearest).collect() }
}

/// Gmail: a mail joins the conversation of a mail that it names, where the subjects are the same.
pub(crate) fn gmail(mails: &[Seen]) -> Threads {
    let mut conversation: Vec<usize> = Vec::new();
    let mut parents = Vec::new();
    for (position, mail) in mails.iter().enumerate() {
        let named = |other: &usize| mail.ancestors().contains(&mails[*other].id) && mails[*other].topic == mail.topic;
        let parent = (0..position).rev().find(named);
        conversation.push(parent.map_or(position, |parent| conversation[parent]));
        parents.push(parent);
    }
    let of = |mail: &Seen| conversation[mails.iter().position(|m| m.id == mail.id).unwrap()];
    Threads { conversations: grouped(mails, of), parents }
}

/// Outlook, without a Thread-Index: one conversation for each topic; In-Reply-To, then References make the tree.
pub(crate) fn outlook(mails: &[Seen]) -> Threads {
    let parent = |(position, mail): (usize, &Seen)| {
        let wanted = mail.in_reply_to.iter().chain(mail.references.iter().rev());
        wanted.filter_map(|id| mails[..position].iter().position(|other| other.id == *id)).next()
    };
    Threads { conversations: grouped(mails, |mail| mail.topic.clone()), parents: mails.iter().enumerate().map(parent).collect() }
}

fn grouped<K: Ord>(mails: &[Seen], key: impl Fn(&Seen) -> K) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    mails.iter().enumerate().for_each(|(position, mail)| groups.entry(key(mail)).or_default().push(position));
    groups.into_values().collect()
}

/// A client's way to thread a mailbox.
pub(crate) type Client = fn(&[Seen]) -> Threads;
/// The clients that are looked at.
pub(crate) const CLIENTS: &[(&str, Client)] = &[("Thunderbird", thunderbird), ("Gmail", gmail), ("Outlook", outlook)];

#[test]
fn the_models_tell_conversations_apart() {
    let seen = |id: &str, references: &[&str], topic: &str| Seen {
        id: id.into(),
        in_reply_to: references.last().map(|id| (*id).to_owned()),
        references: references.iter().map(|id| (*id).to_owned()).collect(),
        topic: topic.into(),
    };
    let mails = [seen("a", &[], "x"), seen("b", &["root", "a"], "x"), seen("c", &["root"], "x"), seen("d", &["a"], "y")];
    let count = |client: Client| client(&mails).conversations.len();
    assert_eq!((count(thunderbird), count(gmail), count(outlook)), (1, 3, 2));
    assert_eq!(thunderbird(&mails).parents, [None, Some(0), None, Some(0)]);
    let strangers = [seen("a", &[], "x"), seen("b", &[], "x")];
    assert_eq!((thunderbird(&strangers).conversations.len(), outlook(&strangers).conversations.len()), (2, 1));
    assert_eq!(topic("Re: AW: Fwd: [example.org #1] fire: now"), "[example.org #1] fire: now");
}
