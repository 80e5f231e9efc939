//! Brakes: what ends loops, and what must not be taken for one.

use super::world::*;
use super::*;
use crate::decision::LetterKind;
use crate::facts::Recent;
use crate::site::Wish;
use postern_mail::Envelope;
use postern_mail::ident::Audience;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

/// Feeds mails that arrive one after another, so many microseconds apart, the last one now; says how many were taken in before the
/// first that was held, and how many were held.
fn feed(w: &mut World, every: i64, mails: &[Mail]) -> (usize, usize) {
    let mut verdicts = Vec::new();
    for (position, mail) in mails.iter().enumerate() {
        for (_, recent) in &mut w.recent {
            recent.at -= every;
        }
        let mut mail = mail.clone();
        mail.text = mail.text.replace("<m1@client.example>", &format!("<m{position}@client.example>"));
        let d = decided(w, &mail);
        if let Some(mark) = d.mark {
            w.recent.push((mark.origin, Recent { at: NOW, writer: mark.writer, likeness: mark.likeness }));
        }
        for letter in &d.letters {
            w.warned.push((letter.to.address.clone(), NOW));
        }
        verdicts.push(d.verdict);
    }
    let held = |v: &Verdict| *v == Verdict::Quarantined;
    (verdicts.iter().position(held).unwrap_or(verdicts.len()), verdicts.iter().filter(|v| held(v)).count())
}

/// A mail of somebody with these header lines and this text.
fn says(from: &str, headers: &str, text: &str) -> Mail {
    let mut mail = mail(from, headers);
    mail.text = mail.text.replace("It burns.", text);
    mail
}

fn many(count: usize, of: impl Fn(usize) -> Mail) -> Vec<Mail> {
    (0..count).map(of).collect()
}

#[test]
fn a115_more_than_sixty_mails_of_one_sender_in_three_hours_are_held() {
    let chat = |n: usize| says(CARLA, &format!("Subject: Thought {n}"), &format!("What about {n}?"));
    assert_eq!(feed(&mut world(), MINUTE, &many(70, chat)), (60, 10), "held ones count");
    assert_eq!(feed(&mut world(), 4 * MINUTE, &many(200, chat)), (200, 0), "one in four minutes is no flood");
    let mut w = world();
    feed(&mut w, MINUTE, &many(70, chat));
    assert_eq!(feed(&mut w, 4 * HOUR, &[chat(99)]), (1, 0), "it ends when the sender was quiet");
    w.site.brakes.mails = 3;
    assert_eq!(feed(&mut world_with(w), MINUTE, &many(9, chat)), (3, 6));
}

fn world_with(of: World) -> World {
    World { site: of.site, ..world() }
}

#[test]
fn a115_each_address_of_ours_and_each_sender_counts_apart() {
    let chat = |n: usize| says(CARLA, &format!("Subject: Thought {n}"), &format!("What about {n}?"));
    let mut w = world();
    feed(&mut w, MINUTE, &many(61, chat));
    assert_eq!(decided(&w, &chat(61)).verdict, Verdict::Quarantined);
    assert_eq!(decided(&w, &chat(61).at("noc@example.org")).verdict, Verdict::Created);
    assert_eq!(
        decided(&w, &chat(61).at("support+x.y@example.org")).verdict,
        Verdict::Quarantined,
        "an extension is no other address"
    );
    let cecil = says("cecil@customer.example", "Subject: Thought", "What about it?");
    assert_eq!(decided(&w, &cecil).verdict, Verdict::Created);
    let program = says(CARLA, "Subject: Thought\nAuto-Submitted: auto-generated", "x");
    assert_eq!(decided(&w, &program).verdict, Verdict::Recorded, "programs have a limit of their own");
}

#[test]
fn a115_a_flood_in_a_forged_name_does_not_shut_out_who_answers_us() {
    let mut w = world();
    feed(&mut w, MINUTE, &many(70, |n| says(CARLA, &format!("Subject: x{n}"), &format!("{n}"))));
    let own = w.id(5, Audience::Customers);
    let answer = says(CARLA, &format!("Subject: Re: [example.org #5] Printer\nIn-Reply-To: <{own}>"), "It still burns.");
    assert_eq!(decided(&w, &answer).verdict, Verdict::Quarantined, "an id of a mail to somebody else");
    w.mailed.push(CARLA);
    assert_eq!(decided(&w, &answer).verdict, Verdict::Corresponded);
}

#[test]
fn a115_more_than_five_hundred_mails_of_a_program_are_held() {
    let alert = |n: usize| {
        says("nagios@monitor.example", &format!("Subject: Alert {n}\nAuto-Submitted: auto-generated"), "down")
            .at("noc@example.org")
    };
    assert_eq!(feed(&mut world(), 1, &many(503, alert)), (500, 3));
    assert_eq!(feed(&mut world(), 1, &many(20, |_| alert(1))), (20, 0), "programs may repeat themselves");
}

#[test]
fn a115_what_says_the_same_is_held() {
    let tag = "[example.org #5] Printer";
    let cases: Vec<(&str, Vec<Mail>)> = vec![
        ("vacation", many(9, |_| says(CARLA, &format!("Subject: Re: {tag}"), "I am on holiday."))),
        ("a date in it", many(9, |n| says(CARLA, &format!("Subject: Re: {tag}"), &format!("On holiday. Asked at 10:{n:02}.")))),
        (
            "growing subjects",
            many(9, |n| says(CARLA, &format!("Subject: {}{tag}", "Re: Automated: ".repeat(n + 1)), "I am on holiday.")),
        ),
        ("another tracker", many(9, |n| says(CARLA, &format!("Subject: [Case {n}] Re: {tag}"), &format!("Your case is {n}00.")))),
        (
            "another tracker with an address for each",
            many(9, |n| {
                let from = format!("ticket-{n}x@tracker.example");
                says(
                    &from,
                    &format!("Subject: [Case {n}] {tag}"),
                    &format!("Thank you for your mail. Your case has the number {n}00."),
                )
            }),
        ),
        (
            "an extension for each, and no sign of an answer",
            many(9, |n| says(&format!("desk+{n}@tracker.example"), &format!("Subject: Case {n}"), &format!("Your case is {n}."))),
        ),
        ("nothing but a subject", many(9, |n| says(CARLA, &format!("Subject: Re: {tag} ({n})"), ""))),
        ("a fixed text under a fixed subject", many(9, |_| says(CARLA, "Subject: Out of office", "I am on holiday."))),
    ];
    for (name, mails) in cases {
        assert_eq!(feed(&mut world(), MINUTE, &mails), (5, 4), "{name}");
    }
}

#[test]
fn a115_a_slow_loop_ends_too() {
    let tag = "[example.org #5] Printer";
    let holiday = |n: usize| says(CARLA, &format!("Subject: Re: {tag}"), &format!("On holiday. Asked at {n}."));
    assert_eq!(feed(&mut world(), 50 * MINUTE, &many(40, holiday)), (10, 30));
    let words = ["red", "green", "blue", "grey", "pink", "white", "black"];
    let word = |n: usize| format!("{} {} {}", words[n % 7], words[n / 7 % 7], words[n / 49 % 7]);
    let chat = |n: usize| says(CARLA, &format!("Subject: Re: {tag}"), &word(n));
    assert_eq!(feed(&mut world(), 4 * MINUTE, &many(200, chat)), (180, 20), "what chats with a ticket all day is no person");
}

#[test]
fn a115_what_people_and_their_programs_do_is_no_loop() {
    let mut w = world();
    for number in 10..40 {
        w.tickets.push(Ticket { number, ..w.tickets[0].clone() });
    }
    let id = |w: &World, n: usize| w.id(n as u64 + 10, Audience::Staff);
    let boss = "anna@example.org";
    let cases: Vec<(&str, i64, Vec<Mail>)> = vec![
        (
            "thanks on tickets",
            MINUTE,
            many(9, |n| says(boss, &format!("Subject: Re: Alarm {n}\nIn-Reply-To: <{}>", id(&w, n)), "Thanks")),
        ),
        (
            "a sentence on tickets",
            MINUTE,
            many(9, |n| {
                says(
                    boss,
                    &format!("Subject: Re: Backup of srv{n} failed\nIn-Reply-To: <{}>", id(&w, n)),
                    "We are looking into this, and will come back to you.",
                )
            }),
        ),
        (
            "a form",
            MINUTE,
            many(40, |n| says("www@shop.example", &format!("Subject: Order {n}"), &format!("Somebody ordered {n} chairs."))),
        ),
        (
            "monitoring",
            MINUTE,
            many(40, |n| {
                says(
                    "watch@shop.example",
                    "Subject: web1 is slow",
                    &format!("The load of web1 was above its limit at 10:{n:02} o'clock."),
                )
            }),
        ),
        ("a report every day", 24 * HOUR, many(40, |_| says("backup@shop.example", "Subject: Backup", "All is well."))),
        ("short words of many", MINUTE, many(9, |n| says(&format!("s{n}@uni.example"), "Subject: Re: Password", "Thanks"))),
    ];
    for (name, every, mails) in cases {
        assert_eq!(
            feed(&mut World { site: w.site.clone(), tickets: w.tickets.clone(), ..world() }, every, &mails).1,
            0,
            "{name}"
        );
    }
}

#[test]
fn a115_what_a_person_releases_passes_all_brakes() {
    let mut w = world();
    let same = || says(CARLA, "Subject: Help", "It burns and burns and burns.");
    feed(&mut w, MINUTE, &many(9, |_| same()));
    let held = decided(&w, &same());
    assert_eq!(held.verdict, Verdict::Quarantined);
    assert_eq!(
        held.reason,
        "carla@customer.example said the same to support@example.org 10 times within 3 hours, more than 5; further ones are held, too, \
         until there are fewer"
    );
    assert_eq!(decided(&w, &same().released()).verdict, Verdict::Created);
    let hops = same().text.replacen("From:", &("Received: by x\n".repeat(51) + "From:"), 1);
    assert_eq!(decided(&w, &Mail { text: hops, ..same() }.released()).verdict, Verdict::Created);
}

#[test]
fn a116_the_site_says_how_many_hops_are_too_many() {
    let mut w = world();
    let with = |hops: usize| {
        let m = mail(CARLA, "Subject: x");
        Mail { text: m.text.replacen("From:", &("Received: by x\n".repeat(hops) + "From:"), 1), ..m }
    };
    assert_eq!(decided(&w, &with(50)).verdict, Verdict::Created);
    assert!(decided(&w, &with(51)).reason.starts_with("51 Received fields, more than 50"));
    w.site.brakes.received = 10;
    assert_eq!(decided(&w, &with(11)).verdict, Verdict::Quarantined);
}

#[test]
fn a110_administrators_hear_of_held_mail_once_an_hour() {
    let own_mail = |w: &World| {
        let mut m = mail("support@example.org", "Subject: x\nX-Postern-Loop: example.org");
        m.envelope = Envelope::Sender("mallory@evil.example".into());
        decided(w, &m)
    };
    let to = |d: &Decision| d.letters.iter().map(|l| l.to.address.clone()).collect::<Vec<_>>();
    let mut w = world();
    w.held = 7;
    let d = own_mail(&w);
    assert_eq!((d.verdict, to(&d)), (Verdict::Quarantined, vec!["otto@example.org".to_owned()]));
    let LetterKind::Warning { about } = &d.letters[0].kind else { panic!("{:?}", d.letters) };
    let reason = about.text("en");
    assert_eq!(
        reason,
        "From support@example.org to support@example.org: our own mail came back: a loop or a forward to ourselves.\n\n\
         Mails held by now: 8."
    );
    w.warned = vec![("otto@example.org".into(), NOW - HOUR + 1)];
    assert!(to(&own_mail(&w)).is_empty(), "not twice in an hour");
    w.warned = vec![("otto@example.org".into(), NOW - HOUR)];
    assert_eq!(to(&own_mail(&w)).len(), 1);
    w.people[1].notify = Wish::None;
    assert!(to(&own_mail(&w)).is_empty());
    w.people[1].notify = Wish::All;
    w.people[1].disabled = true;
    assert!(to(&own_mail(&w)).is_empty());
}

#[test]
fn a115_nobody_is_warned_of_a_loop_with_their_own_mailbox() {
    let mut w = world();
    let away = || says("otto@example.org", "Subject: Out of office", "I am on holiday.");
    feed(&mut w, MINUTE, &many(9, |_| away()));
    assert!(w.warned.is_empty(), "{:?}", w.warned);
    feed(&mut w, MINUTE, &many(9, |_| says(CARLA, "Subject: Out of office", "I am on holiday.")));
    assert_eq!(w.warned.len(), 1);
}
