//! Commands by mail on a real database: mail in, ticket changed, mails and transcripts in the outbox.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::model::Verdict;
use postern_core::values;

/// Support, where anna and ben work. Carla has opened ticket 1.
fn site() -> Site {
    let support = queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\", \"ben\"]");
    let mut site = Site::with(&(support + &queue("noc", "") + &staff("anna", "") + &staff("ben", "")));
    let asked = "From: Carla <carla@customer.example>\nTo: support@example.org\nMessage-ID: <q@x>\nSubject: Fire\n\nIt burns.\n";
    assert_eq!(site.one(asked, NOW).ticket, Some(1));
    site
}

/// Mails of a kind in the outbox: to whom, Message-ID, envelope sender, subject, text.
fn mails(site: &Site, kind: &str) -> Vec<(String, String, String, String, String)> {
    let sql =
        "SELECT o.address, o.headers, o.envelope_from, CAST(c.data AS TEXT) FROM outbox o JOIN content c ON c.id = o.text_id
               WHERE o.kind = ?1 ORDER BY o.id";
    let read =
        |headers: &str, key: &str| serde_json::from_str::<serde_json::Value>(headers).unwrap()[key].as_str().unwrap().to_owned();
    let rows = site.engine.read(|tx| {
        tx.query(sql, values![kind], |row| {
            let headers: String = row.get(1)?;
            Ok((row.get(0)?, read(&headers, "message_id"), row.get(2)?, read(&headers, "subject"), row.get(3)?))
        })
    });
    rows.unwrap()
}

/// The Message-ID of the last mail that went to anna as staff.
fn to_anna(site: &Site) -> String {
    mails(site, "notification").into_iter().rfind(|(to, ..)| to == "anna@example.org").unwrap().1
}

/// Anna's answer to a mail that went to her as staff.
fn by_anna(site: &Site, id: &str, text: &str) -> String {
    let parent = to_anna(site);
    format!(
        "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <{id}@x>\nIn-Reply-To: <{parent}>\nSubject: Re: [example.org #1] Fire\n\n{text}\n"
    )
}

fn one(site: &Site, sql: &str) -> Option<String> {
    site.engine.read(|tx| tx.query_opt(sql, &[], |row| row.get(0))).unwrap()
}

#[test]
fn b4_a_technician_resolves_by_mail_and_the_customer_sees_no_command() {
    let mut site = site();
    let mail = by_anna(&site, "a1", "Status: resolved\nPriority: high\n\nThe fire is out.\n-- \nAnna");
    let outcome = site.one(&mail, NOW + 1);
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Corresponded, Some(1)), "{outcome:?}");
    assert_eq!(one(&site, "SELECT status || ' ' || priority FROM ticket WHERE id = 1").as_deref(), Some("resolved 80"));
    let carla: Vec<_> = mails(&site, "notification").into_iter().filter(|(to, ..)| to == "carla@customer.example").collect();
    assert_eq!(carla.len(), 1, "{carla:?}");
    assert!(carla[0].4.contains("The fire is out.") && !carla[0].4.contains("Priority: high"), "{}", carla[0].4);
    assert_eq!(mails(&site, "transcript"), []);
    // The same mail again does nothing.
    assert_eq!(site.one(&mail, NOW + 2).verdict, Verdict::Duplicate);
}

#[test]
fn b4_what_fails_is_told_to_whoever_wrote_it() {
    let mut site = site();
    let mail = by_anna(&site, "a1", "!resolve\n!queue nowhere\n\nThe fire is out.");
    assert_eq!(site.one(&mail, NOW + 1).verdict, Verdict::Corresponded);
    assert_eq!(one(&site, "SELECT status FROM ticket WHERE id = 1").as_deref(), Some("open"), "answering opens it, and no more");
    let transcripts = mails(&site, "transcript");
    let [(to, id, envelope, subject, text)] = transcripts.as_slice() else { panic!("{transcripts:?}") };
    assert_eq!((to.as_str(), envelope.as_str()), ("anna@example.org", ""));
    assert!(id.starts_with("transcript.t"), "{id}");
    assert!(subject.starts_with("[example.org] 1 error: Re: [example.org #1] Fire ("), "{subject}");
    assert!(text.contains("> !queue nowhere\n    there is no queue \"nowhere\""), "{text}");
}

/// A site with a control address, whose pipe vouches for who writes.
fn desk() -> Site {
    let support = queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\", \"ben\"]");
    let commands = "[commands]\ncontrol_address = \"control@example.org\"\n";
    let mut site = Site::with(&(commands.to_owned() + &support + &queue("noc", "") + &staff("anna", "") + &staff("ben", "")));
    for (id, subject) in [("q1", "Fire"), ("q2", "Flood")] {
        let text =
            format!("From: carla@customer.example\nTo: support@example.org\nMessage-ID: <{id}@x>\nSubject: {subject}\n\nHelp.\n");
        site.one(&text, NOW);
    }
    site
}

/// A mail to the control address by the pipe of those who logged in.
fn control(site: &mut Site, id: &str, parent: Option<&str>, text: &str) -> postern_core::intake::Outcome {
    let answers = parent.map(|parent| format!("In-Reply-To: <{parent}>\n")).unwrap_or_default();
    let mail = format!(
        "From: Anna <anna@example.org>\nTo: control@example.org\nMessage-ID: <{id}@x>\n{answers}Subject: please\n\n{text}\n"
    );
    let mut to = mail_support::to(&["control@example.org"], NOW + 60);
    to.envelope = postern_core::mail::Envelope::Sender("anna@example.org".into());
    to.routes[0].authenticated = true;
    let setting = postern_core::intake::Setting::of(&site.config);
    postern_core::intake::deliver(&mut site.engine, &setting, mail.as_bytes(), &to).unwrap().remove(0)
}

#[test]
fn b4_the_control_address_changes_many_tickets_and_answers_with_a_transcript() {
    let mut site = desk();
    let outcome = control(&mut site, "c1", None, "resolve 1\n2 owner=me\nshow 2\nlist status:open");
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Commanded, Some(1)), "{outcome:?}");
    assert_eq!(one(&site, "SELECT group_concat(status) FROM ticket").as_deref(), Some("resolved,new"));
    assert_eq!(site.count("entry WHERE kind = 'change'"), 2);
    assert_eq!(
        site.count("delivery d JOIN entry e ON e.id = d.entry_id WHERE d.verdict = 'commanded' AND e.message = d.message"),
        1
    );
    let transcripts = mails(&site, "transcript");
    let [(to, id, envelope, _, text)] = transcripts.as_slice() else { panic!("{transcripts:?}") };
    assert_eq!((to.as_str(), envelope.as_str()), ("anna@example.org", ""));
    assert!(id.ends_with("@example.org"), "{id}");
    assert!(text.contains("> show 2\n    #2 Flood\n") && text.contains("    #1 status: new -> resolved\n"), "{text}");
    let headers = one(&site, "SELECT headers FROM outbox WHERE kind = 'transcript'").unwrap();
    assert!(headers.contains("control@example.org") && headers.contains("auto-replied"), "{headers}");
}

#[test]
fn e11_an_approval_names_the_entry_of_its_own_ticket() {
    let mut site = desk();
    control(&mut site, "c1", None, "1 ask anna");
    control(&mut site, "c2", None, "2 priority=3\n1 tags=paper\n1 accept");
    let sql = "SELECT e.ticket_id || ' ' || (e.changes LIKE '%\"approval\"%') FROM approval a JOIN entry e ON e.id = a.entry_id";
    assert_eq!(one(&site, sql).as_deref(), Some("1 1"));
}

#[test]
fn b4_nothing_changes_where_one_line_is_wrong() {
    let mut site = desk();
    let outcome = control(&mut site, "c1", None, "resolve 1\n2 owner=me\nresolve 77");
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Recorded, None));
    assert_eq!(one(&site, "SELECT group_concat(status) FROM ticket").as_deref(), Some("new,new"));
    assert_eq!((site.count("entry WHERE kind = 'change'"), mails(&site, "transcript").len()), (0, 1));
}

#[test]
fn b4_an_answer_to_a_transcript_is_a_script_of_its_own() {
    let mut site = desk();
    control(&mut site, "c1", None, "resolve 1");
    let transcript = mails(&site, "transcript").remove(0).1;
    // By an ordinary way, to the queue: the transcript's id shows that it is anna.
    let answer = |id: &str, from: &str| {
        format!(
            "From: {from}\nTo: support@example.org\nMessage-ID: <{id}@x>\nIn-Reply-To: <{transcript}>\nSubject: Re: [example.org #1] x\n\nopen 1\n"
        )
    };
    let outcome = site.one(&answer("a1", "anna@example.org"), NOW + 120);
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Commanded, Some(1)), "{outcome:?}");
    assert_eq!(one(&site, "SELECT status FROM ticket WHERE id = 1").as_deref(), Some("open"));
    // In somebody else's hands it shows nothing.
    let outcome = site.one(&answer("a2", "ben@example.org"), NOW + 121);
    assert_eq!(outcome.verdict, Verdict::Quarantined, "{outcome:?}");
}

/// What stands in docs/mail-commands.md. With POSTERN_WRITE_SNAPSHOTS it is written.
#[test]
fn b4_the_guide_lists_every_command() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mail-commands.md");
    let guide = std::fs::read_to_string(path).unwrap();
    let (before, _) = guide.split_once("<!-- commands -->\n").unwrap();
    let mut table = "| command | also | what it does |\n| --- | --- | --- |\n".to_owned();
    for command in postern_core::model::commands::COMMANDS {
        let form = command.form();
        let form = form.strip_prefix("write ").unwrap_or(&form).replace('|', "\\|");
        let also: Vec<String> = command.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let row = format!("| `{form}` | {} | {} |\n", also.join(", "), command.help.replace('|', "\\|"));
        table.push_str(&row.replace("|  |", "| |"));
    }
    let wanted = format!("{before}<!-- commands -->\n{table}");
    if std::env::var_os("POSTERN_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap();
    assert_eq!(found, wanted, "POSTERN_WRITE_SNAPSHOTS=1 writes the table anew");
}

/// An answer to a mail, from anna.
fn answer(id: &str, parent: &str, text: &str) -> String {
    format!(
        "From: anna@example.org\nTo: support@example.org\nMessage-ID: <{id}@x>\nIn-Reply-To: <{parent}>\nSubject: Re: x\n\n{text}\n"
    )
}

#[test]
fn b4_undo_in_an_answer_to_a_transcript_takes_it_all_back_once() {
    let mut site = desk();
    control(&mut site, "c1", None, "resolve 1\n2 owner=me\n2 priority=high");
    let transcript = mails(&site, "transcript").remove(0).1;
    let state = "SELECT group_concat(status || ' ' || coalesce(owner_id, 'nobody') || ' ' || priority, ', ') FROM ticket";
    assert_eq!(one(&site, "SELECT group_concat(status) FROM ticket").as_deref(), Some("resolved,new"));
    let outcome = site.one(&answer("u1", &transcript, "!undo"), NOW + 120);
    assert_eq!(outcome.verdict, Verdict::Commanded, "{outcome:?}");
    assert_eq!(one(&site, state).as_deref(), Some("new nobody 0, new nobody 0"), "on every ticket that it touched");
    let outcome = site.one(&answer("u2", &transcript, "undo"), NOW + 121);
    assert_eq!(outcome.verdict, Verdict::Recorded, "{outcome:?}");
    let last = mails(&site, "transcript").pop().unwrap().4;
    assert!(last.contains("back already"), "{last}");
}

#[test]
fn b4_a_stale_undo_is_told_with_its_reason_and_what_was_written_stays() {
    let mut site = site();
    site.one(&by_anna(&site, "a1", "!resolve\n!whoami\n\nThe fire is out."), NOW + 1);
    let transcript = mails(&site, "transcript").remove(0);
    assert!(transcript.4.contains("answer this mail with the word undo"), "{}", transcript.4);
    site.one(&by_anna(&site, "a2", "!open"), NOW + 2);
    let outcome = site.one(&answer("u1", &transcript.1, "undo"), NOW + 3);
    assert_eq!(outcome.verdict, Verdict::Recorded, "{outcome:?}");
    let last = mails(&site, "transcript").pop().unwrap().4;
    assert!(last.contains("made status of #1 resolved, and it is open by now"), "{last}");
    // Her last act on the ticket is taken back by an ordinary mail; then the first can be.
    assert_eq!(site.one(&by_anna(&site, "a3", "!undo"), NOW + 4).verdict, Verdict::Commanded);
    assert_eq!(one(&site, "SELECT status FROM ticket WHERE id = 1").as_deref(), Some("resolved"));
    let outcome = site.one(&answer("u2", &transcript.1, "undo"), NOW + 5);
    assert_eq!(outcome.verdict, Verdict::Commanded, "{outcome:?}");
    let last = mails(&site, "transcript").pop().unwrap().4;
    assert!(last.contains("stays: it may have been mailed."), "{last}");
}

#[test]
fn b4_many_tickets_are_changed_once_their_sender_says_that_they_are_meant() {
    let mut site = desk();
    let wait = site.config.gateway.timeout;
    let few =
        "INSERT INTO setting (name, value) VALUES ('commands', '{\"control_address\":\"control@example.org\",\"tickets\":1}')
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    site.engine.write(wait, |tx| tx.execute(few, values![]).map(|_| ())).unwrap();
    let held = control(&mut site, "c1", None, "resolve 1 2");
    assert_eq!(held.verdict, Verdict::Quarantined, "{held:?}");
    let statuses = "SELECT group_concat(status) FROM ticket";
    assert_eq!(one(&site, statuses).as_deref(), Some("new,new"), "nothing is done by then");
    let questions = mails(&site, "confirmation");
    let [(to, id, envelope, subject, text)] = questions.as_slice() else { panic!("{questions:?}") };
    assert_eq!((to.as_str(), envelope.as_str()), ("anna@example.org", ""));
    assert!(id.starts_with("confirm.m") && subject.starts_with("[example.org] Are all of these commands meant? (m"), "{subject}");
    assert!(text.contains("Its commands (2) are for so many tickets (2)") && text.contains("    resolve 1 2\n"), "{text}");
    // Other words than yes and no do nothing; yes does, once.
    let id = id.clone();
    assert_eq!(control(&mut site, "c2", Some(&id), "what?").verdict, Verdict::Recorded);
    let yes = control(&mut site, "c3", Some(&id), "yes");
    assert_eq!((yes.verdict, yes.ticket), (Verdict::Commanded, Some(1)), "{yes:?}");
    assert_eq!(one(&site, statuses).as_deref(), Some("resolved,resolved"));
    assert_eq!(one(&site, "SELECT verdict FROM delivery WHERE id = 3").as_deref(), Some("commanded"));
    assert_eq!(mails(&site, "transcript").len(), 1, "and what was done is told");
    assert_eq!(control(&mut site, "c4", Some(&id), "yes").verdict, Verdict::Recorded);
    // And all of it can be taken back at once.
    let transcript = mails(&site, "transcript").remove(0).1;
    let undone = control(&mut site, "c5", Some(&transcript), "undo");
    assert_eq!(undone.verdict, Verdict::Commanded, "{undone:?}");
    assert_eq!(one(&site, statuses).as_deref(), Some("new,new"));
}

#[test]
fn b4_what_is_told_of_a_ticket_is_read_in_pieces() {
    let mut site = site();
    let parent = to_anna(&site);
    let long = format!("Beginning of it.\n{}", "ü and more of it\n".repeat(200_000));
    for (id, text) in [("l1", long.as_str()), ("l2", "Short answer.")] {
        let from = "From: Carla <carla@customer.example>\nTo: support@example.org\nContent-Type: text/plain; charset=utf-8";
        let mail = format!("{from}\nMessage-ID: <{id}@x>\nIn-Reply-To: <q@x>\nSubject: Re: [example.org #1] Fire\n\n{text}\n");
        assert_eq!(site.one(&mail, NOW + 1).ticket, Some(1), "{parent}");
    }
    let mail = by_anna(&site, "a1", &"!show\n!show #1\n".repeat(50));
    site.one(&mail, NOW + 2);
    let transcripts = mails(&site, "transcript");
    let [(to, _, _, _, text)] = transcripts.as_slice() else { panic!("{transcripts:?}") };
    assert_eq!(to, "anna@example.org");
    assert!(text.len() < 64 << 10, "{}", text.len());
    for piece in
        ["> It burns.", "> Beginning of it.", "> ü and more of it", "… the rest of this text is left out", "> Short answer."]
    {
        assert_eq!(text.matches(&format!("    {piece}\n")).count().min(1), 1, "{piece}\n{text:.3000}");
    }
    assert!(!text.contains('\u{fffd}'));
    // Many entries: the newest are told, and how to read on.
    let sql = "INSERT INTO entry (ticket_id, at, kind, internal, folded, changes, text_id)
               WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 3000)
               SELECT 1, ?1, 'correspond', 0, 0, '[]', (SELECT text_id FROM entry WHERE ticket_id = 1 ORDER BY id LIMIT 1) FROM n";
    site.engine
        .write::<_, postern_core::store::engine::StoreError>(std::time::Duration::from_secs(9), |tx| {
            tx.execute(sql, values![NOW]).map(|_| ())
        })
        .unwrap();
    site.one(&by_anna(&site, "a2", "!history"), NOW + 3);
    let (.., text) = mails(&site, "transcript").pop().unwrap();
    let (_, rest) = text.split_once("    … ").unwrap();
    let (count, rest) = rest.split_once(" earlier entries: write !history 1 before ").unwrap();
    let before: i64 = rest.split_once(' ').unwrap().0.parse().unwrap();
    let older = format!("SELECT CAST(count(*) AS TEXT) FROM entry WHERE ticket_id = 1 AND id < {before}");
    assert_eq!(one(&site, &older).as_deref(), Some(count));
    assert!(text.len() < 80 << 10, "{}", text.len());
}
