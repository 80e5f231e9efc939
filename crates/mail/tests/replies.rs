//! How well new text is told from old: a grid of mail clients, languages and ways to answer, each reply composed as its client
//! composes it, in answer to a mail of ours. What is new is known from the construction.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(unreachable_pub, missing_docs)]
#![allow(clippy::disallowed_methods)] // SHOW_WRONG=0 prints the replies that structure alone gets wrong, SHOW_WRONG=1 the others.

#[path = "replies/clients.rs"]
mod clients;
#[path = "replies/languages.rs"]
mod languages;

use clients::{Client, Parts, Position, clients};
use languages::{LANGUAGES, Language};
use std::collections::BTreeMap;

/// Our mail: paragraphs of lines. The third and fourth are questions; the sixth quotes the customer.
type Mail = [&'static str; 7];

const ENGLISH: Mail = [
    "Hello Anna,",
    "thank you for your message. We have looked at the printer from here and\nneed to know two more things before we can send somebody to you.",
    "1. Which printer is it, the one near the entrance or the one upstairs?",
    "2. Since when does it print grey stripes on every page?",
    "Kind regards\nPeter from Support",
    "On 2026-11-01 08:30 UTC, you wrote:\n> The printer on the second floor prints stripes.\n> Can you help?",
    "-- \nExample Support, https://support.example.org/\nTicket #4711. To add something, just answer this mail.",
];

const GERMAN: Mail = [
    "Hallo Anna,",
    "vielen Dank für Ihre Nachricht. Wir haben uns den Drucker von hier aus\nangesehen und müssen noch zwei Dinge wissen, bevor jemand kommt.",
    "1. Welcher Drucker ist es, der am Eingang oder der im Besprechungsraum?",
    "2. Seit wann druckt er graue Streifen auf jede Seite?",
    "Mit freundlichen Grüßen\nPeter vom Support",
    "Am 2026-11-01 08:30 UTC schrieben Sie:\n> Der Drucker im zweiten Stock druckt Streifen.\n> Können Sie helfen?",
    "-- \nExample Support, https://support.example.org/\nTicket #4711. Um etwas zu ergänzen, antworten Sie einfach auf diese E-Mail.",
];

const RUSSIAN: Mail = [
    "Здравствуйте, Анна!",
    "Спасибо за сообщение. Мы посмотрели принтер отсюда, и прежде чем кого-то\nприслать, нам нужно узнать ещё две вещи.",
    "1. Какой это принтер: у входа или в комнате для совещаний?",
    "2. С какого дня он печатает серые полосы на каждой странице?",
    "С уважением,\nПётр из поддержки",
    "On 2026-11-01 08:30 UTC, you wrote:\n> Принтер на втором этаже печатает полосы.\n> Можете помочь?",
    "-- \nExample Support, https://support.example.org/\nTicket #4711. To add something, just answer this mail.",
];

const JAPANESE: Mail = [
    "アンナ様",
    "ご連絡ありがとうございます。こちらからプリンターを確認しましたが、\n担当者が伺う前に二つ教えていただきたいことがあります。",
    "1. 入口の近くのプリンターですか、それとも会議室のプリンターですか。",
    "2. いつから全部のページに灰色の線が印刷されますか。",
    "よろしくお願いいたします。\nサポート 田中",
    "On 2026-11-01 08:30 UTC, you wrote:\n> 二階のプリンターで線が印刷されます。\n> 助けていただけますか。",
    "-- \nExample Support, https://support.example.org/\nTicket #4711. To add something, just answer this mail.",
];

const DISCLAIMERS: [(&str, &str); 5] = [
    (
        "de",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind oder diese\nE-Mail irrtümlich erhalten haben, informieren Sie bitte den Absender und vernichten Sie diese Mail.",
    ),
    (
        "fr",
        "Ce message et ses pièces jointes sont confidentiels et destinés exclusivement à leur destinataire. Si vous\nl'avez reçu par erreur, merci de le signaler à l'expéditeur et de le détruire.",
    ),
    (
        "es",
        "Este mensaje es confidencial y va dirigido únicamente a su destinatario. Si lo ha recibido por error, le\nrogamos que lo comunique al remitente y lo elimine.",
    ),
    (
        "it",
        "Questo messaggio contiene informazioni riservate ed è destinato esclusivamente al destinatario. Se lo avete\nricevuto per errore, vi preghiamo di avvisare il mittente e di cancellarlo.",
    ),
    (
        "",
        "This email and any attachments are confidential and intended solely for the addressee. If you have received\nit in error, please notify the sender and delete it. Unauthorised copying is prohibited.",
    ),
];

const COLLEAGUE: &str = "Anna, could you answer this one?\nI am away until Wednesday.\n\nBert";

const SIGNATURE: &str = "-- \nAnna Berg\nBerg & Co. Ltd\n+49 30 123456";

fn ours(language: &Language) -> &'static Mail {
    match language.code {
        "de" | "nl" | "cs" | "hu" => &GERMAN,
        "ru" | "uk" | "bg" => &RUSSIAN,
        "ja" => &JAPANESE,
        _ => &ENGLISH,
    }
}

/// Pieces of a reply, from top to bottom.
enum Piece {
    Author(String),
    Phone(String),
    Head(&'static str),
    Quote(Vec<&'static str>),
    /// A quote inside the quote before.
    Deeper(&'static str, Vec<&'static str>),
    /// Below everything.
    Footer(String),
}

/// A reply, and what a careful reader takes for new in it.
#[derive(Clone)]
struct Case {
    raw: String,
    expected: String,
    /// What the customer wrote.
    written: Vec<String>,
}

/// What stands above answers inside our mail.
fn opening(position: Position) -> &'static str {
    match position {
        Position::Announced => "Hello Peter,\nmy answers stand between your lines.",
        Position::Mixed => "Hello Peter,\nthank you for looking into it so soon.",
        _ => "",
    }
}

fn disclaimer(language: &Language) -> String {
    let found = DISCLAIMERS.iter().find(|(code, _)| *code == language.code || code.is_empty());
    found.unwrap().1.to_owned()
}

fn case(client: &Client, language: &Language, position: Position) -> Case {
    let mail = ours(language);
    let [whole, first, second] = language.answers.map(str::to_owned);
    let head = Piece::Head("Support");
    let all = || Piece::Quote(mail.to_vec());
    let author = |text: &String| Piece::Author(text.clone());
    let (pieces, expected) = match position {
        Position::Top => (vec![author(&whole), head, all()], whole.clone()),
        Position::Bottom => (vec![head, all(), author(&whole)], whole.clone()),
        Position::Signed => (vec![author(&whole), Piece::Author(SIGNATURE.to_owned()), head, all()], whole.clone()),
        Position::Phone => (vec![author(&whole), Piece::Phone((client.phone)(language)), head, all()], whole.clone()),
        Position::Disclaimer => (vec![author(&whole), Piece::Author(disclaimer(language)), head, all()], whole.clone()),
        Position::Gateway => (vec![author(&whole), head, all(), Piece::Footer(disclaimer(language))], whole.clone()),
        Position::Deep => {
            let deeper = Piece::Deeper("Support", mail.to_vec());
            (vec![author(&whole), Piece::Head("Bert"), Piece::Quote(vec![COLLEAGUE]), deeper], whole.clone())
        }
        Position::Trimmed => (vec![head, Piece::Quote(mail[3..4].to_vec()), author(&second)], second.clone()),
        Position::Inline | Position::Announced | Position::Mixed => {
            let (a, b, c) = (&mail[..3], &mail[3..4], &mail[4..]);
            let quote = |part: &[&'static str]| Piece::Quote(part.to_vec());
            let top = opening(position);
            let mut pieces = vec![head, quote(a), author(&first), quote(b), author(&second), quote(c)];
            if !top.is_empty() {
                pieces.insert(0, Piece::Author(top.to_owned()));
            }
            (pieces, format!("{top}\n{}\n{first}\n{}\n{second}", a.join("\n"), b.join("\n")))
        }
    };
    let written = match position {
        Position::Inline | Position::Announced | Position::Mixed => vec![opening(position).to_owned(), first, second],
        Position::Trimmed => vec![second],
        _ => vec![whole],
    };
    Case { raw: message(client, language, &pieces), expected, written }
}

fn message(client: &Client, language: &Language, pieces: &[Piece]) -> String {
    let plain = plain(client, language, pieces);
    let head = "From: Anna Berg <anna@example.net>\nTo: support@example.org\nSubject: Re: Printer [example.org #4711]\n\
                Date: Mon, 2 Nov 2026 10:00:00 +0100\nMessage-ID: <m1@mail.example.net>\nMIME-Version: 1.0\n";
    let part =
        |kind: &str, body: &str| format!("Content-Type: {kind}; charset=\"UTF-8\"\nContent-Transfer-Encoding: 8bit\n\n{body}\n");
    match client.parts {
        Parts::Plain => format!("{head}{}", part("text/plain", &plain)),
        Parts::Flowed => format!("{head}{}", part("text/plain; format=flowed", &plain)),
        Parts::Html => format!("{head}{}", part("text/html", &rich(client, language, pieces))),
        Parts::Alternative => format!(
            "{head}Content-Type: multipart/alternative; boundary=\"b1\"\n\n--b1\n{}--b1\n{}--b1--\n",
            part("text/plain", &plain),
            part("text/html", &rich(client, language, pieces))
        ),
    }
}

fn marked(text: &str, mark: &str) -> String {
    text.lines()
        .map(|l| if l.is_empty() { mark.trim_end().to_owned() } else { format!("{mark}{l}") })
        .collect::<Vec<_>>()
        .join("\n")
}

fn wrapped(text: &str, columns: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut width = 0;
        for word in line.split_inclusive(' ') {
            width += word.chars().count();
            if width > columns && word.chars().count() < columns {
                out.push('\n');
                width = word.chars().count();
            }
            out.push_str(word);
        }
        out.push('\n');
    }
    out
}

fn plain(client: &Client, language: &Language, pieces: &[Piece]) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut quoted_head = None;
    for piece in pieces {
        match piece {
            Piece::Author(text) | Piece::Phone(text) | Piece::Footer(text) => blocks.push(text.clone()),
            Piece::Head(who) if client.head_quoted => quoted_head = Some((client.head)(language, who)),
            // Marked quotes stand right below their attribution.
            Piece::Head(who) => blocks.push((client.head)(language, who)),
            Piece::Quote(paragraphs) => {
                let mut text = paragraphs.join("\n\n");
                if let Some(head) = quoted_head.take() {
                    text = format!("{head}\n\n{text}");
                }
                blocks.push(wrapped(&marked(&text, client.mark), client.wrap));
            }
            Piece::Deeper(who, paragraphs) => {
                let head = marked(&(client.head)(language, who), client.mark);
                let quote = marked(&marked(&paragraphs.join("\n\n"), client.mark), client.mark);
                blocks.push(format!("{}\n{head}\n{quote}", client.mark.trim_end()));
            }
        }
    }
    blocks.join("\n\n") + "\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>\n")
}

fn around(text: &str, tags: (&str, &str)) -> String {
    format!("{}{}{}\n", tags.0, text, tags.1)
}

fn rich(client: &Client, language: &Language, pieces: &[Piece]) -> String {
    let html = &client.html;
    let mut out = String::from("<html><head><meta charset=\"UTF-8\"></head><body>\n");
    let (mut opened, mut footer) = (false, String::new());
    let mut quoted_head = String::new();
    let head_of = |who: &str| {
        let text = escaped((client.head)(language, who).trim().trim_start_matches('_').trim_start());
        around(&text, html.head)
    };
    let paragraphs = |list: &[&str]| list.iter().map(|p| around(&escaped(p), html.quoted)).collect::<String>();
    for piece in pieces {
        match piece {
            Piece::Author(text) => out.push_str(&around(&escaped(text), html.author)),
            Piece::Phone(text) => out.push_str(&around(&escaped(text), html.phone)),
            Piece::Footer(text) => {
                footer = around(&escaped(text), ("<div><br></div><div style=\"font-size:8pt;color:gray\">", "</div>"))
            }
            Piece::Head(who) => {
                out.push_str(html.open);
                opened = true;
                if client.head_quoted { quoted_head = head_of(who) } else { out.push_str(&head_of(who)) }
            }
            Piece::Quote(list) => {
                let head = std::mem::take(&mut quoted_head);
                out.push_str(&around(&format!("{head}{}", paragraphs(list)), html.quote));
            }
            Piece::Deeper(who, list) => {
                // Inside the quote before: its end tag comes last.
                let inner = format!("{}{}", head_of(who), around(&paragraphs(list), html.quote));
                let at = out.rfind(html.quote.1).filter(|_| !html.quote.1.is_empty()).unwrap_or(out.len());
                out.insert_str(at, &inner);
            }
        }
    }
    if opened {
        out.push_str(html.close);
    }
    out + &footer + "</body></html>"
}

/// What the customer asked at first, which is on the ticket.
fn asked(language: &Language) -> String {
    ours(language)[5].lines().filter_map(|line| line.strip_prefix("> ")).map(|line| format!("{line}\n")).collect()
}

/// What is new to people who know the ticket: what Bert wrote to Anna never was on it.
fn news(case: &Case, position: Position, text: &str) -> String {
    if position != Position::Deep {
        return case.expected.clone();
    }
    let (all, colleague) = (words(text), words(COLLEAGUE));
    let at = all.windows(colleague.len()).position(|window| window == colleague).unwrap();
    all[..at + colleague.len()].join(" ")
}

/// Words without the marks of quotes: how a context is marked is the client's business.
fn words(text: &str) -> Vec<String> {
    let line = |l: &str| {
        let l = l.trim_start_matches("S>").trim_start_matches(['>', ' ']);
        l.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    text.lines().flat_map(line).collect()
}

/// How many of the words of `a` are in `b`, each as often as it is there.
fn common(a: &[String], b: &[String]) -> usize {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    b.iter().for_each(|w| *counts.entry(w).or_default() += 1);
    let mut take = |w: &&String| counts.get_mut(w.as_str()).filter(|n| **n > 0).map(|n| *n -= 1).is_some();
    a.iter().filter(|w| take(w)).count()
}

/// What came out in one mode.
#[derive(Default)]
struct Tally {
    replies: usize,
    right: usize,
    precision: f64,
    recall: f64,
    losing: Vec<String>,
}

impl Tally {
    fn add(&mut self, name: &str, case: &Case, found: &str) -> bool {
        let (expected, found) = (words(&case.expected), words(found));
        let written: Vec<String> = case.written.iter().flat_map(|t| words(t)).collect();
        let shared = common(&found, &expected) as f64;
        self.replies += 1;
        self.right += usize::from(expected == found);
        self.precision += shared / found.len().max(1) as f64;
        self.recall += shared / expected.len().max(1) as f64;
        if common(&written, &found) < written.len() {
            self.losing.push(name.to_owned());
        }
        expected == found
    }

    fn share(&self) -> f64 {
        self.right as f64 / self.replies as f64
    }

    fn line(&self) -> String {
        let mean = |sum: f64| 100.0 * sum / self.replies as f64;
        format!(
            "{:5} replies, right {:5.1} %, precision {:5.1} %, recall {:5.1} %, losing words {}",
            self.replies,
            100.0 * self.share(),
            mean(self.precision),
            mean(self.recall),
            self.losing.len()
        )
    }
}

#[test]
fn a130_nine_in_ten_replies_are_told_apart_exactly() {
    let mut tables: BTreeMap<String, [Tally; 2]> = BTreeMap::new();
    let mut wrong = [const { Vec::new() }; 2];
    for client in clients() {
        for language in LANGUAGES {
            for position in client.positions {
                let case = case(&client, language, *position);
                let name = format!("{} {} {position:?}", client.name, language.code);
                let message = postern_mail::parse(case.raw.as_bytes());
                let sent = ours(language).join("\n\n");
                let heard = asked(language);
                let known = message.fold(&[&sent], &[&heard]).new;
                let news = Case { expected: news(&case, *position, &message.text), ..case.clone() };
                for (mode, (found, case)) in [(&message.reply, &case), (&known, &news)].into_iter().enumerate() {
                    let mut right = true;
                    let by = [
                        format!("client {}", client.name),
                        format!("language {}", language.code),
                        format!("position {position:?}"),
                        "~all".to_owned(),
                    ];
                    for key in by {
                        right = tables.entry(key).or_default()[mode].add(&name, case, found);
                    }
                    if !right {
                        wrong[mode].push(format!(
                            "{name}\n--- text\n{}\n--- expected\n{}\n--- found\n{found}",
                            message.text, case.expected
                        ));
                    }
                }
            }
        }
    }
    for (key, [alone, known]) in &tables {
        println!("{key:30} structure alone: {}\n{:30} with knowledge:  {}", alone.line(), "", known.line());
    }
    if let Ok(mode) = std::env::var("SHOW_WRONG") {
        wrong[mode.parse::<usize>().unwrap_or(1)].iter().for_each(|w| println!("=== {w}"));
    }
    let [alone, known] = &tables["~all"];
    assert!(alone.replies >= 3_000, "the grid has {} replies", alone.replies);
    assert!(alone.share() >= 0.90, "{}", alone.line());
    assert!(known.share() >= 0.97, "{}", known.line());
    // Outlook marks nothing: answers inside a message that we did not send, and that nobody announced, look like the rest.
    assert!(alone.losing.len() * 50 <= alone.replies, "{}", alone.line());
    assert!(known.losing.is_empty(), "words are lost with knowledge: {:?}", known.losing);
}
