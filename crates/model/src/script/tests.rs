//! Texts, and what of them is orders.

mod bounds;
mod control;

use super::*;
use crate::act::Operator;
use crate::facts::{Queue, Site};
use postern_mail::quote::{self, Clues};
use proptest::prelude::*;

fn site() -> Site {
    let queue = |id, name: &str| Queue { id, name: name.into(), ..Queue::default() };
    Site { queues: vec![queue(1, "support"), queue(2, "second level")], ..Site::default() }
}

/// An order as the command line writes it.
fn order(order: &Order) -> String {
    let sign = match order.operator {
        Operator::Set => "=",
        Operator::Add => "+=",
        Operator::Remove => "-=",
    };
    let verb = crate::decide::commands::find(&order.command).is_some_and(|command| !command.is_field());
    match (verb, order.value.is_empty()) {
        (true, true) => order.command.clone(),
        (true, false) => format!("{} {}", order.command, order.value),
        _ => format!("{}{sign}{}", order.command, order.value),
    }
}

fn does(does: &Does) -> String {
    match does {
        Does::Orders { tickets, orders } => {
            let tickets: String = tickets.iter().map(|ticket| format!("#{ticket} ")).collect();
            format!("{tickets}{}", orders.iter().map(order).collect::<Vec<_>>().join(", "))
        }
        Does::Word(Word::From(address)) => format!("from {address}"),
        Does::Word(Word::Limit(limit)) => format!("limit {limit}"),
        Does::Word(word) => format!("{word:?}").to_lowercase(),
        Does::Remark => "remark".into(),
        Does::Wrong { wrong, .. } => format!("WRONG {wrong}"),
        Does::Ignored(why) => format!("IGNORED {why}"),
        Does::Signature => "SIGNATURE".to_owned(),
    }
}

fn told(script: &Script) -> String {
    let lines: Vec<String> = script.lines.iter().map(|line| does(&line.does)).collect();
    match (&script.refused, lines.is_empty()) {
        (Some(line), _) => format!("REFUSED {}", line.said),
        (None, true) => "prose".into(),
        (None, false) => lines.join("; "),
    }
}

fn read_text(text: &str, plain: bool) -> Script {
    let site = site();
    let old = quote::fold(text, &Clues { answers: true, ..Clues::default() }).folds;
    read(Known { site: &site }, &Source { text, old: &old, plain, last: true })
}

/// Texts of technicians' mails, and what they order.
const CASES: &[(&str, &str)] = &[
    // One line.
    ("!resolve", "resolve"),
    ("!RESOLVE", "resolve"),
    ("  !resolve  ", "resolve"),
    ("\u{a0}!resolve\u{a0}", "resolve"),
    ("!done", "resolve"),
    ("!take", "take"),
    ("!steal", "steal"),
    ("!untake", "untake"),
    ("!reopen", "open"),
    ("!status stalled", "status=stalled"),
    ("!status: stalled", "status=stalled"),
    ("!status=stalled", "status=stalled"),
    ("!assign anna", "owner=anna"),
    ("!owner nobody", "owner=nobody"),
    ("!priority 70", "priority=70"),
    ("!due +2d", "due=+2d"),
    ("!due friday 17:00", "due=friday 17:00"),
    ("!title New title: with a colon", "subject=New title: with a colon"),
    ("!queue support", "queue=support"),
    // Key: value.
    ("Status: resolved", "status=resolved"),
    ("status : resolved", "status=resolved"),
    ("Status:resolved", "status=resolved"),
    ("Status: stalled until 2026-12-01", "status=stalled until 2026-12-01"),
    ("Status: in progress", "status=in progress"),
    ("Status: rsolved", "status=rsolved"),
    ("Owner: anna", "owner=anna"),
    ("Owner: me", "owner=me"),
    ("Owner: anna@example.org", "owner=anna@example.org"),
    ("Queue: second level", "queue=second level"),
    ("Priority: high", "priority=high"),
    ("Due: tomorrow", "due=tomorrow"),
    ("Due: none", "due=none"),
    ("Due: lundi", "due=lundi"),
    ("Due: mañana 17:00", "due=mañana 17:00"),
    ("Due: Mittwoch", "due=Mittwoch"),
    ("Due: aujourd'hui", "due=aujourd'hui"),
    ("Starts: next friday", "starts=next friday"),
    ("Estimate: none", "time_estimated=none"),
    ("Left: None", "time_left=None"),
    ("Estimate: 1h 20m", "time_estimated=1h 20m"),
    ("Status: resolved anyway", "status=resolved anyway"),
    ("Status: in progress anyway", "status=in progress anyway"),
    ("Queue: support anyway", "queue=support anyway"),
    ("Queue: second level Anyway", "queue=second level Anyway"),
    ("Due: 2026-12-01 17:00", "due=2026-12-01 17:00"),
    ("Subject: Toner in room 12", "subject=Toner in room 12"),
    // Time adds up.
    ("Time: 1h20", "time_worked+=1h20"),
    ("Time: 15 ben", "time_worked+=15 ben"),
    ("Time: -15 ben", "time_worked-=15 ben"),
    ("!time 20 min", "time_worked+=20 min"),
    ("Time: 1,5h", "time_worked+=1,5h"),
    // Whether -1 is taken out, or is what an order above called so, only the run knows.
    ("!depends -1", "depends+=±1"),
    ("!depends +#12 -#15", "depends+=#12, depends-=#15"),
    ("!depends -#1", "depends-=#1"),
    ("!depends #12, -2", "depends+=#12, depends+=±2"),
    ("!tags -1", "tags-=1"),
    ("Time: +20", "time_worked+=20"),
    ("Time: -20", "time_worked-=20"),
    ("Time: =20", "time_worked=20"),
    ("TimeWorked: 15", "time_worked+=15"),
    ("Time worked: 15", "time_worked+=15"),
    ("!time 90m", "time_worked+=90m"),
    // People: what replaces a list says so.
    ("Cc: a@b.example", "cc+=a@b.example"),
    ("+Cc: a@b.example, c@d.example", "cc+=a@b.example, c@d.example"),
    ("-Cc: a@b.example", "cc-=a@b.example"),
    ("Cc: =a@b.example", "cc=a@b.example"),
    ("Cc: =", "cc="),
    ("Cc: +a@b.example -c@d.example", "cc+=a@b.example, cc-=c@d.example"),
    ("Cc: Anna <a@b.example>", "cc+=Anna <a@b.example>"),
    ("Ccs: anna", "cc+=anna"),
    ("!cc a@b.example", "cc+=a@b.example"),
    ("!-cc a@b.example", "cc-=a@b.example"),
    ("!cc-=a@b.example", "cc-=a@b.example"),
    ("!cc=a@b.example", "cc=a@b.example"),
    // Several on one line.
    ("!priority=medium due=+3d", "priority=medium, due=+3d"),
    ("!take; status=stalled", "take, status=stalled"),
    ("!subject=\"owner=me or not\" owner=anna", "subject=owner=me or not, owner=anna"),
    ("!priority=high; frobnicate=1", "WRONG there is no command \"frobnicate\""),
    ("!priority=high frobnicate=1", "WRONG there is no command \"frobnicate\""),
    ("!status=open; whoami", "WRONG \"whoami\" does not go with others on a line"),
    // CommandByMail's names.
    ("AddCc: a@b.example", "cc+=a@b.example"),
    ("DelCc: a@b.example", "cc-=a@b.example"),
    ("AddRequestor: a@b.example", "requestors+=a@b.example"),
    ("DelRequestors: a@b.example", "requestors-=a@b.example"),
    ("AddAdminCc: ben", "admincc+=ben"),
    ("Requestor: a@b.example", "requestors+=a@b.example"),
    ("Field.Customer: ACME Ltd", "field.Customer=ACME Ltd"),
    ("CF.{Customer}: ACME", "field.Customer=ACME"),
    ("CustomField.{Cost centre}: 12", "field.Cost centre=12"),
    ("AddCustomField.{Site}: Oslo", "field.Site+=Oslo"),
    // Several lines; remarks; ends.
    ("Status: open\nOwner: me\n\nText.", "status=open; owner=me"),
    ("\n\n!take\n!priority 80\n\nText.", "take; priority=80"),
    ("# as we said\n!take", "remark; take"),
    ("!take\nthanks", "take; stop"),
    ("!take\nThanks,\nAnna", "take; stop"),
    ("!take\n--\nAnna", "take; stop"),
    ("!comment\n\nInternal.", "comment"),
    ("!reply\n!quiet", "reply; quiet"),
    ("!noauto", "quiet"),
    ("!check\n!resolve", "check; resolve"),
    ("!partial\n!resolve", "partial; resolve"),
    ("!from carla@customer.example", "from carla@customer.example"),
    ("!limit queue:net\n!take", "limit queue:net; take"),
    ("!undo", "undo"),
    ("!help take", "help take"),
    ("!list queue:net status:open", "list queue:net status:open"),
    ("!cc", "WRONG cc needs a value"),
    // The last line.
    ("I did it.\n\n!resolve", "resolve"),
    ("I did it.\n!resolve\n", "resolve"),
    ("I did it.\n\n!resolve\n\n-- \nAnna\n", "resolve"),
    ("!take\n\nI did it.\n\n!resolve", "take; resolve"),
    ("I did it.\nStatus: resolved", "prose"),
    ("I did it.\n\nStatus: resolved", "prose"),
    ("It says:\n!important", "prose"),
    ("I did it.\n\n!time 10\n!resolve", "time_worked+=10; resolve"),
    ("I did it.\n!time 10\n!resolve", "time_worked+=10; resolve"),
    ("I did it.\n\n!time 10\n\n!resolve\n", "time_worked+=10; resolve"),
    ("Fixed.\n\n!resolve\n\nAnna Larsen\nExample Ltd", "resolve"),
    ("Fixed.\n\n!resolve\n\nBest regards,\n\nAnna", "resolve"),
    ("Fixed.\n\n!time 5\n!resolve\n\nSent from my Samsung phone", "time_worked+=5; resolve"),
    // Over empty lines, as mail programs write paragraphs.
    ("!take\n\n!comment\n\nInternal: she is rude.", "take; comment"),
    ("!take\n\n!priority high\n\nHello", "take; priority=high"),
    ("Status: open\n\nOwner: me\n\nHello", "status=open; owner=me"),
    ("!take\n\n\n# a remark\n!comment\n\nShe.", "take; remark; comment"),
    ("!priority high\n\n# she is a difficult one\n\nHello", "priority=high; remark"),
    ("!take\n\n# one\n# two\n\n# three\n\n!time 5\n\nHello", "take; remark; remark; remark; time_worked+=5"),
    ("*!take*\n\nHello", "take"),
    ("**!comment**\n\nShe.", "comment"),
    ("！comment\n\nShe.", "comment"),
    ("!approve", "accept"),
    // Behind stop, everything is text.
    ("!stop\n\nWrite\n\n!resolve\n\nat the top.", "stop"),
    ("!take\nstop\n\nWrite\n\n!resolve", "take; stop"),
    // Prose.
    ("", "prose"),
    ("\n\n", "prose"),
    ("It burns.", "prose"),
    ("resolve", "prose"),
    ("take 12", "prose"),
    ("Status: all good now", "prose"),
    ("Status: done.", "prose"),
    ("Status:", "prose"),
    ("Note: printer", "prose"),
    ("Owner: whoever parks in front of the gate", "prose"),
    ("Queue: we waited for hours!", "prose"),
    ("Priority: please do it soon", "prose"),
    ("Due: the invoice of March", "prose"),
    ("Close: the window", "prose"),
    ("Open: daily from nine", "prose"),
    ("Resolve:", "prose"),
    ("Take: 2 tablets", "prose"),
    ("Cc: everybody involved", "prose"),
    ("Time: is money", "prose"),
    ("Help: how do I print?", "prose"),
    ("Comment: none", "prose"),
    ("Status: open\nI am on it.", "prose"),
    ("I am on it.\nStatus: open", "prose"),
    ("Hello,\n\nStatus: open", "prose"),
    ("- Cc: a@b.example", "prose"),
    ("* Status: open", "prose"),
    ("http://status: open", "prose"),
    ("# only a remark", "prose"),
    ("# Heading\n\nText", "prose"),
    ("Präsident: gewählt", "prose"),
    ("状態: 解決", "prose"),
    // Header blocks that somebody pasted (B1), in four languages.
    ("From: carla@customer.example\nSent: Monday\nTo: support@example.org\nSubject: Toner\nCc: x@y.example", "prose"),
    ("Subject: Toner\nCc: x@y.example", "prose"),
    ("Subject: Toner\nFrom: carla@customer.example\nStatus: resolved", "prose"),
    ("Von: Carla\nGesendet: Montag\nAn: Support\nCc: x@y.example\nBetreff: Toner", "prose"),
    ("De : Carla\nEnvoyé : lundi\nÀ : Support\nCc : x@y.example\nObjet : Toner", "prose"),
    ("De: Carla\nEnviado: lunes\nPara: Soporte\nCc: x@y.example\nAsunto: Tóner", "prose"),
    ("Date: Mon, 23 Nov 2026\nSubject: Toner\nStatus: RO", "prose"),
    // A mark shows that it was meant.
    ("!resolve\nDone now.", "REFUSED Done now."),
    ("!resolv", "REFUSED !resolv"),
    ("!take\n!frobnicate", "REFUSED !frobnicate"),
    ("From: x\n!resolve", "REFUSED From: x"),
    ("!!! URGENT", "prose"),
    ("! resolve", "REFUSED ! resolve"),
    // What does not count where it stands.
    ("Hi Gina\n\n!comment\n\nShe is a pain.", "REFUSED !comment"),
    ("Hi Gina\n\n! comment\n\nShe is a pain.", "REFUSED ! comment"),
    ("Hi Gina\n\n*!comment*\n\nShe is a pain.", "REFUSED !comment"),
    ("Hi Gina\n\n！comment\n\nShe is a pain.", "REFUSED ！comment"),
    ("Hi Gina\n\n!kommentar\n\nShe is a pain.", "REFUSED !kommentar"),
    ("!commentaire\n\nShe is a pain.", "REFUSED !commentaire"),
    ("!take\n\nHello\n\n!resolve\n\nTell me whether it works.", "REFUSED !resolve"),
    ("!take\n\n!resolv\n\nHello", "REFUSED !resolv"),
    ("Hello\n\n!time 10\n!resolv", "REFUSED !time 10"),
    ("Hello\n!take\n\nText.", "REFUSED Hello"),
    ("!important: read this\n\nText.", "REFUSED !important: read this"),
    ("!take\nthanks\n\nAnna\n\n!comment\n\nShe.", "REFUSED !comment"),
    // Blocks of RT's CommandByMail, one line of which is unknown.
    ("AddCc: a@b.example\nTimeWorked: 5\nCF.{Room}: 3\nStatus: open\nTxnCF.{x}: 2\n\nText", "REFUSED TxnCF.{x}: 2"),
    ("AddCc: a@b.example\n\nTimeWorked: 5\n\nTxnCF.{x}: 2\n\nText", "REFUSED TxnCF.{x}: 2"),
    ("Status: open\nOwner: me\nand so on", "REFUSED and so on"),
    ("TimeWorked: 5\nHello", "REFUSED Hello"),
    // Other exclamation marks.
    ("Hello\n\nWow!important\n\nBye.", "prose"),
    ("Write\n\n!= is not equal\n\nBye.", "prose"),
    ("Write\n\n!!\n!ls -l\n!42\n\nBye.", "prose"),
    ("The shell says\n\n!important\n\nwhich is harmless.", "prose"),
    ("As code:\n\n```\n!resolve\n```\n\nBye.", "prose"),
    ("Then:\n\n! Please do not turn it off.\n\nBye.", "prose"),
    // Quotes and signatures.
    ("> !resolve", "prose"),
    ("> Status: resolved\n\nWhy?", "prose"),
    ("On 21 Nov 2026 Ben wrote:\n> x\n\n!resolve", "resolve"),
    ("On 21 Nov 2026 Ben wrote:\n> x\n\nStatus: resolved", "prose"),
    ("Thanks.\n-- \n!resolve", "prose"),
    ("Thanks.\n\n-----Original Message-----\nFrom: Ben\nSent: Monday\nTo: Anna\nSubject: x\n\n!resolve", "prose"),
    ("!take\n\n-----Original Message-----\nFrom: Ben\nSent: Monday\nTo: Anna\nSubject: x\n\n!resolve", "take"),
    (
        "Fine.\n\nFrom: Ben <b@example.org>\nSent: Monday, 23 November 2026 10:00\nTo: Anna\nSubject: x\n\nDo it.\n!resolve",
        "prose",
    ),
];

#[test]
fn b4_texts_are_orders_or_prose() {
    assert!(CASES.len() > 130);
    let wrong: Vec<String> = CASES
        .iter()
        .map(|(text, expected)| (text, expected, told(&read_text(text, true))))
        .filter(|(_, expected, said)| said != *expected)
        .map(|(text, expected, said)| format!("{text:?}: {said}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn b4_customers_mark_their_commands() {
    for (text, expected) in [
        ("!unsubscribe-me", "REFUSED !unsubscribe-me"),
        ("!unsubscribe", "mute"),
        ("!whoami", "whoami"),
        ("Status: resolved", "prose"),
        ("Priority: high\nQueue: support", "prose"),
        ("!whoami\nStatus: resolved", "REFUSED Status: resolved"),
        ("!whoami\n\n!mute\n\nHello", "whoami"),
        ("Hello\n\n!resolve\n\nit says.", "prose"),
        ("Hello\n\n!kommentar\n\nit says.", "prose"),
        ("AddCc: a@b.example\nTimeWorked: 5\nHello", "prose"),
    ] {
        assert_eq!(told(&read_text(text, false)), expected, "{text}");
    }
}

#[test]
fn b4_what_is_taken_out_of_a_text_is_its_commands() {
    let text = "!take\nStatus: open\n\nHello,\n\nit works.\n\n!resolve\n\n-- \nAnna\n";
    let places = read_text(text, true).places;
    assert_eq!(places.iter().map(|place| &text[place.clone()]).collect::<String>(), "!take\nStatus: open\n!resolve\n");
    let apart = "!take\n\n!comment\n\nHello,\n\n!time 5\n\n!resolve\n\nAnna\n";
    let places = read_text(apart, true).places;
    assert_eq!(places.iter().map(|place| &apart[place.clone()]).collect::<String>(), "!take\n!comment\n!time 5\n!resolve\n");
    let refused = "!take\nand then\n\ntext";
    let places = read_text(refused, true).places;
    assert_eq!(
        places.iter().map(|place| &refused[place.clone()]).collect::<String>(),
        "!take\n",
        "they are nobody else's business"
    );
}

#[test]
fn b4_a_slip_of_the_pen_sends_no_remark_to_customers() {
    for text in [
        "!coment\n\nHe never pays.",
        "!comment\n!asign anna\n\nHe never pays.",
        "!Commment",
        "!intern\nHe never pays.",
        "!note",
        "!comment He never pays.\n\nNor does she.",
        "!kommentar\n\nHe never pays.",
        "!resolv\n\nDone.",
        "Hello\n\n!comment\n\nHe never pays.",
        "Done.\n\n!comment",
        // Beside something else.
        "!reply comment\n\nHe never pays.",
        "!status=open comment\n\nHe never pays.",
        "!status comment\n\nHe never pays.",
        "!take !comment\n\nHe never pays.",
        "!take; comment\n\nHe never pays.",
        "!take, !comment\n\nHe never pays.",
        "!priority high !comment\n\nHe never pays.",
        "!tags +printer !comment\n\nHe never pays.",
        "!time 10 comment\n\nHe never pays.",
        "Status: open\nComment: yes\n\nHe never pays.",
        // In a list, a table, quotation marks.
        "* !comment\n\nHe never pays.",
        "Hello\n\n- !kommentar\n\nHe never pays.",
        "1. !comment\n\nHe never pays.",
        "x | !comment\n\nHe never pays.",
        "\"!comment\"\n\nHe never pays.",
        "\\!comment\n\nHe never pays.",
        "!!comment\n\nHe never pays.",
        "¡comment\n\nHe never pays.",
        "❗comment\n\nHe never pays.",
    ] {
        assert!(read_text(text, true).hushes, "{text}");
    }
    for text in [
        "!tags comment\n\nHello",
        "!subject New comment form\n\nHello",
        "!queue comment\n\nHello",
        "!! Note: it is off on Monday.\n\nHello",
        "¡Nota importante!\n\nHola",
        "Hello! Comments are welcome.",
        "| !a | b |",
        "- !important: read this",
        "comment",
        "!take",
        "!take\n\nHello",
        "Hello\n\n!resolve",
        "Comment: none",
        "Hello\n\n!ls\n\nBye.",
    ] {
        assert!(!read_text(text, true).hushes, "{text}");
    }
}

#[test]
fn b4_the_end_of_a_subject_gives_commands() {
    let site = site();
    let known = Known { site: &site };
    for (subject, bare, expected) in [
        (
            "Re: [example.org #5] Printer [status=resolved; owner=me; +cc=x@y.example]",
            "Re: [example.org #5] Printer",
            "status=resolved; owner=me; cc+=x@y.example",
        ),
        ("Printer [priority=high]", "Printer", "priority=high"),
        ("Printer [resolve; time=20]", "Printer", "resolve; time_worked+=20"),
        ("[priority=high]", "", "priority=high"),
        ("Printer [cc=+a@b.example,-c@d.example]", "Printer", "cc+=a@b.example, cc-=c@d.example"),
    ] {
        let found = suffix(known, subject).unwrap();
        let lines: Vec<String> = found.lines.iter().map(|line| does(&line.does)).collect();
        assert_eq!((found.subject, lines.join("; ").as_str()), (bare, expected), "{subject}");
    }
    for subject in [
        "Printer [urgent]",
        "Printer [a=b]",
        "Printer [status=resolved] again",
        "Printer [resolve]",
        "[#5]",
        "status=resolved",
        "Printer [status=all good now]",
        "Printer [status=resolved; colour=red]",
        "[status=resolved",
        "Printer []",
        "Printer [=]",
        "]",
    ] {
        assert_eq!(suffix(known, subject), None, "{subject}");
    }
}

#[test]
fn b4_addresses_name_a_ticket_and_a_verb() {
    for (text, ticket, order) in
        [("123", 123, None), ("123-take", 123, Some("take")), ("9-DONE", 9, Some("resolve")), ("9-comment", 9, None)]
    {
        let found = extension(text).unwrap();
        assert_eq!(
            (found.ticket, found.verb.and_then(|verb| verb.order()).map(|order| order.command)),
            (ticket, order.map(str::to_owned)),
            "{text}"
        );
    }
    assert!(extension("9-comment").unwrap().is_comment());
    assert!(extension("12-fly").is_some_and(|found| found.ticket == 12 && found.verb.unwrap().order().is_none()));
    for text in ["", "-take", "012", "0-take", "12-", "take", "12-take-done", "1.k1.abc", "99999999999999999999", "１２"] {
        assert_eq!(extension(text), None, "{text}");
    }
}

proptest! {
    /// Reading is total, and what is no line of commands never acts, whatever stands around it.
    #[test]
    fn b4_prose_never_acts(text in "\\PC{0,200}", noise in "[A-Za-z ,.äé]{3,60}[.?]") {
        let site = site();
        let known = Known { site: &site };
        let _ = told(&read_text(&text, true));
        let _ = suffix(known, &text);
        let _ = read_control(known, &Source { text: &text, old: &[], plain: true, last: true }, Numbers::Tickets);
        let prose = format!("{noise}\nStatus: resolved\nOwner: me\n\n{noise}");
        prop_assert_eq!(told(&read_text(&prose, true)), "prose");
        let quoted = format!("> !resolve\n> Status: resolved\n\n{noise}");
        prop_assert_eq!(told(&read_text(&quoted, true)), "prose");
    }

    #[test]
    fn b4_places_are_whole_lines_of_the_text(lines in proptest::collection::vec("(!take|!resolve|Status: open|Hello.|# x|> y||!zap|-- )", 0..12)) {
        let text = lines.join("\n");
        let script = read_text(&text, true);
        for place in &script.places {
            prop_assert!(place.start == 0 || text.as_bytes()[place.start - 1] == b'\n');
            prop_assert!(place.end == text.len() || text.as_bytes()[place.end - 1] == b'\n');
        }
    }
}
