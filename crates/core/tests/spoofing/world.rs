//! The site that is attacked, and the mails that attack it: real tokens and ids, read from the mails that were queued.

use crate::mail_support::{NOW, Site, queue, staff};
use postern_core::act;
use postern_core::intake::{Delivery, Setting};
use postern_core::mail::Envelope;
use postern_core::model::{Act, Action, Deed, Order, Route, Writing};
use postern_core::outbox::MailHeaders;
use postern_core::values;

/// A dimension of the table: its words, in the order in which rows have them.
macro_rules! dimension {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant,)* }

        impl $name {
            pub(crate) const ALL: &[$name] = &[$($name::$variant,)*];

            pub(crate) fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            pub(crate) fn of(word: &str) -> Self {
                Self::ALL.iter().copied().find(|v| v.word() == word).unwrap_or_else(|| panic!("{word} is no {}", stringify!($name)))
            }
        }
    };
}

dimension! {
    /// What the site says of trust: no border; a border that a probe saw; one that none saw yet.
    Mode { Weak = "weak", Strong = "strong", Unprobed = "unprobed", }
}
dimension! {
    /// Who stands in From: the requestor, a customer of another ticket, staff, the owner, an administrator, a stranger, the queue's
    /// own address, nobody.
    From {
        Carla = "carla", Dora = "dora", Ben = "ben", Anna = "anna", Otto = "otto", Mallory = "mallory", Queue = "queue",
        Nobody = "nobody",
    }
}
dimension! {
    /// Authentication-Results: none; the border's pass for From; its none with a forged pass below, with several, with none of
    /// its own above; a pass of another server; its pass for another domain; its fail.
    Results {
        Silent = "-", Pass = "pass", Below = "below", Many = "many", Alone = "alone", Other = "other", Foreign = "foreign",
        Fail = "fail",
    }
}
dimension! {
    /// The token in the address: none; one made for From; the requestor's in other hands; a technician's; a changed one; one of a
    /// retired key.
    Token { Absent = "-", Own = "own", Carlas = "carlas", Annas = "annas", Bent = "bent", Old = "old", }
}
dimension! {
    /// What it answers: nothing; a tag in the subject; the requestor's own mail; ours to her; ours to staff alone; ours about a
    /// comment; ours to staff, by a retired key.
    Thread {
        Absent = "-", Tag = "tag", Hers = "hers", Ours = "ours", Staffs = "staffs", Comment = "comment", Old = "old",
    }
}
dimension! {
    /// What it asks for: an answer, a comment, and by option of the pipe taking and resolving.
    Wish { Reply = "reply", Comment = "note", Take = "take", Resolve = "resolve", }
}
dimension! {
    /// Whom Reply-To or Sender name.
    Named { Absent = "-", Elsewhere = "else", Anna = "anna", Carla = "carla", }
}
dimension! {
    /// The envelope sender.
    Path { Same = "same", Elsewhere = "else", Null = "null", Unknown = "unknown", }
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) mode: Mode,
    pub(crate) from: From,
    pub(crate) results: Results,
    pub(crate) token: Token,
    pub(crate) thread: Thread,
    pub(crate) wish: Wish,
    pub(crate) reply_to: Named,
    pub(crate) sender: Named,
    pub(crate) path: Path,
}

impl From {
    pub(crate) fn address(self) -> &'static str {
        match self {
            From::Carla => "carla@customer.example",
            From::Dora => "dora@other.example",
            From::Ben => "ben@example.org",
            From::Anna => "anna@example.org",
            From::Otto => "otto@example.org",
            From::Mallory => "mallory@evil.example",
            From::Queue => "support@example.org",
            From::Nobody => "",
        }
    }
}

impl Named {
    pub(crate) fn address(self) -> Option<&'static str> {
        match self {
            Named::Absent => None,
            Named::Elsewhere => Some("drop@evil.example"),
            Named::Anna => Some("anna@example.org"),
            Named::Carla => Some("carla@customer.example"),
        }
    }
}

/// Who works here.
pub(crate) const STAFF: [&str; 3] = ["anna@example.org", "ben@example.org", "otto@example.org"];
/// What staff told each other on the ticket.
pub(crate) const SECRET: &str = "She never pays, we let her wait.";
const ID: &str = "mx.example.org";

/// The site, with what each mail that it sent was known by.
pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) ours: String,
    pub(crate) staffs: String,
    pub(crate) comment: String,
    old_staffs: String,
    carlas: String,
    annas: String,
    ottos: String,
    old_carlas: String,
    old_annas: String,
}

pub(crate) fn setting(site: &Site) -> Setting<'_> {
    Setting { delimiter: Some('+'), ..Setting::of(&site.config) }
}

/// Ticket 1 is Carla's and open; Anna owns it, she and Otto are told of it; Ben commented there. Dora has ticket 2.
pub(crate) fn world(mode: Mode) -> World {
    let trust = if mode == Mode::Weak { String::new() } else { format!("[trust]\nauthserv_id = [\"{ID}\"]\n") };
    let support = queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\", \"otto\"]");
    let otto = staff("otto", "").replace("\"staff\"", "\"admin\"");
    let mut site = Site::with(&(trust + &support + &staff("anna", "") + &staff("ben", "") + &otto));
    let back = "INSERT INTO setting (name, value) VALUES ('probe_back:support@example.org', '+ 1')";
    let border =
        format!("INSERT INTO setting (name, value) VALUES ('border', '{{\"authserv_id\":[\"{ID}\"],\"received_above\":[1]}}')");
    sql(&mut site, back);
    if mode == Mode::Strong {
        sql(&mut site, &border);
    }
    plain(&mut site, From::Carla, "first", "Subject: Printer");
    let (old_carlas, _) = sent(&site, From::Carla);
    let (old_annas, old_staffs) = sent(&site, From::Anna);
    sql(
        &mut site,
        "INSERT INTO signing_key (id, secret, created) VALUES ('k9', x'00112233445566778899aabbccddeeff', 9000000000000000000)",
    );
    sql(&mut site, "UPDATE signing_key SET retired = 1 WHERE id <> 'k9'");
    plain(&mut site, From::Dora, "dora", "Subject: Scanner");
    written(&mut site, "anna", false, "Have you tried another cable?", &["owner=me", "status=open"]);
    let (carlas, ours) = sent(&site, From::Carla);
    plain(&mut site, From::Carla, "second", "Subject: Re: [example.org #1] Printer");
    let (annas, staffs) = sent(&site, From::Anna);
    let (ottos, same) = sent(&site, From::Otto);
    assert_eq!(staffs, same, "one id for one event and audience");
    written(&mut site, "ben", true, SECRET, &[]);
    let (_, comment) = sent(&site, From::Otto);
    assert_ne!(comment, staffs);
    World { site, ours, staffs, comment, old_staffs, carlas, annas, ottos, old_carlas, old_annas }
}

pub(crate) fn sql(site: &mut Site, statement: &str) {
    let wait = std::time::Duration::from_secs(10);
    site.engine.write(wait, |tx| tx.execute(statement, values![]).map(|_| ())).unwrap();
}

fn plain(site: &mut Site, from: From, id: &str, subject: &str) {
    let mail = format!(
        "From: {}\nTo: support@example.org\nMessage-ID: <{id}@customer.example>\n{subject}\n\nIt burns.\n",
        from.address()
    );
    let to = crate::mail_support::to(&["support@example.org"], NOW);
    let setting = Setting { delimiter: Some('+'), ..Setting::of(&site.config) };
    let done = postern_core::intake::deliver(&mut site.engine, &setting, mail.as_bytes(), &to).unwrap();
    assert!(done[0].ticket.is_some(), "{:?}", done[0]);
}

fn written(site: &mut Site, by: &str, internal: bool, text: &str, orders: &[&str]) {
    let act = Act {
        trust: postern_core::model::Trust::Authenticated,
        by: act::actor(&site.engine, by).unwrap().unwrap(),
        now: NOW + 1,
        deed: Deed::Update { ticket: 1 },
        writing: Some(Writing { internal, text: text.to_owned(), files: vec![] }),
        orders: orders.iter().map(|word| Order::parse(word).unwrap()).collect(),
        once: vec![],
        quiet: false,
    };
    let setting = Setting { delimiter: Some('+'), ..Setting::of(&site.config) };
    act::act(&mut site.engine, &setting, &act).unwrap();
}

/// Reply-To and Message-ID of the last mail to somebody about ticket 1.
fn sent(site: &Site, to: From) -> (String, String) {
    let sql = "SELECT headers FROM outbox WHERE address = ?1 AND ticket_id = 1 ORDER BY id DESC LIMIT 1";
    let json: String = site.engine.read(|tx| tx.query_opt(sql, values![to.address()], |row| row.get(0))).unwrap().unwrap();
    let headers: MailHeaders = serde_json::from_str(&json).unwrap();
    let reply_to = headers.reply_to.unwrap().email;
    (reply_to, headers.message_id)
}

impl World {
    /// The address that a row writes to, beside the comment address where it writes to that.
    fn address(&self, row: &Row) -> String {
        let own = match row.from {
            From::Carla => &self.carlas,
            From::Anna => &self.annas,
            _ => &self.ottos,
        };
        match row.token {
            Token::Absent => "support@example.org".to_owned(),
            Token::Own => own.clone(),
            Token::Carlas => self.carlas.clone(),
            Token::Annas => self.annas.clone(),
            Token::Bent => bent(own),
            Token::Old if row.from == From::Anna => self.old_annas.clone(),
            Token::Old => self.old_carlas.clone(),
        }
    }

    /// The mail and its delivery.
    pub(crate) fn mail(&self, row: &Row) -> (String, Delivery) {
        let address = self.address(row);
        let comment = "support-comment@example.org";
        let to = match (row.wish, row.token) {
            (Wish::Comment, Token::Absent) => format!("To: {comment}\n"),
            (Wish::Comment, _) => format!("To: {comment}\nCc: {address}\n"),
            _ => format!("To: {address}\n"),
        };
        let (subject, parent) = match row.thread {
            Thread::Absent => ("Printer again", None),
            Thread::Tag => ("Re: [example.org #1] Printer", None),
            Thread::Hers => ("Re: Printer", Some("first@customer.example")),
            Thread::Ours => ("Re: Printer", Some(self.ours.as_str())),
            Thread::Staffs => ("Re: Printer", Some(self.staffs.as_str())),
            Thread::Comment => ("Re: Printer", Some(self.comment.as_str())),
            Thread::Old => ("Printer again", Some(self.old_staffs.as_str())),
        };
        let field = |name: &str, address: Option<&str>| address.map_or(String::new(), |a| format!("{name}: {a}\n"));
        let from = Some(row.from.address()).filter(|address| !address.is_empty());
        let (above, below) = results(row);
        let mail = format!(
            "Received: from mx.example.org by store.example.org\n{above}Received: from client.example by mx.example.org\n{below}{}{}{}\
             {to}Message-ID: <attack@client.example>\n{}Subject: {subject}\n\nWords of an attacker.\n",
            field("From", from),
            field("Sender", row.sender.address()),
            field("Reply-To", row.reply_to.address()),
            parent.map_or(String::new(), |id| format!("In-Reply-To: <{id}>\nReferences: <{id}>\n")),
        );
        let actions = match row.wish {
            Wish::Take => vec![Action::Take],
            Wish::Resolve => vec![Action::Resolve],
            Wish::Reply | Wish::Comment => vec![],
        };
        let recipient = Some(if row.wish == Wish::Comment { comment.to_owned() } else { address });
        let envelope = match row.path {
            Path::Same => from.map_or(Envelope::Unknown, |address| Envelope::Sender(address.to_owned())),
            Path::Elsewhere => Envelope::Sender("drop@evil.example".into()),
            Path::Null => Envelope::Null,
            Path::Unknown => Envelope::Unknown,
        };
        (mail, Delivery { envelope, routes: vec![Route { recipient, actions, ..Route::default() }], now: NOW + 60_000_000 })
    }
}

/// A token with another signature.
fn bent(address: &str) -> String {
    let (head, domain) = address.rsplit_once('@').unwrap();
    let last = if head.ends_with('a') { 'b' } else { 'a' };
    format!("{}{last}@{domain}", &head[..head.len() - 1])
}

/// What the border wrote above its Received, and what came with the mail below it.
fn results(row: &Row) -> (String, String) {
    let domain = row.from.address().rsplit_once('@').map_or("client.example", |(_, domain)| domain);
    let of =
        |id: &str, result: &str, domain: &str| format!("Authentication-Results: {id}; dmarc={result} header.from={domain}\n");
    let forged = of(ID, "pass", domain);
    match row.results {
        Results::Silent => (String::new(), String::new()),
        Results::Pass => (of(ID, "pass", domain), String::new()),
        Results::Below => (of(ID, "none", domain), forged),
        Results::Many => {
            let signed = format!("Authentication-Results: {ID}; dkim=pass header.d={domain}\n");
            (of(ID, "none", domain), format!("{forged}{signed}{forged}"))
        }
        Results::Alone => (String::new(), forged),
        Results::Other => (of("mx.evil.example", "pass", domain), String::new()),
        Results::Foreign => (of(ID, "pass", "wrong.example"), String::new()),
        Results::Fail => (of(ID, "fail", domain), String::new()),
    }
}
