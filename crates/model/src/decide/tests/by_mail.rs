//! Commands by mail: who may give them, all or none, and what others see of the mail.

use super::world::*;
use super::*;
use crate::decision::LetterKind;

/// From anna, who answers a mail that went to her as staff.
fn anna(w: &World, text: &str) -> Mail {
    let own = w.id(5, Audience::Staff);
    let mut mail = mail("anna@example.org", &format!("Subject: Re: [#5] Printer\nIn-Reply-To: <{own}>"));
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

fn transcript(d: &Decision) -> Option<(String, String)> {
    let letter = d.letters.iter().find(|letter| matches!(letter.kind, LetterKind::Transcript(_)))?;
    let scene = crate::letter::Scene { site: "example.org", place: "support", received: NOW, delivery: 7, token: "" };
    Some(crate::letter::text(letter, &scene))
}

fn own_entry(d: &Decision) -> &crate::NewEntry {
    d.changes
        .iter()
        .find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry).filter(|e| e.of_event) } else { None })
        .unwrap()
}

#[test]
fn b4_a_block_acts_and_customers_see_the_text_alone() {
    for block in ["!resolve", "Status: resolved", "!status resolved\n!priority high", "Priority: 80\nStatus: resolved"] {
        let w = world();
        let d = decided(&w, &anna(&w, &format!("{block}\n\nThe toner is replaced.\n-- \nAnna\n")));
        assert_eq!((d.verdict, d.ticket, status_after(&d)), (Verdict::Corresponded, Some(5), Some(Status::RESOLVED)), "{block}");
        assert!(d.reason.ends_with("; its commands were carried out"), "{}", d.reason);
        let carla = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
        assert!(carla.text.contains("The toner is replaced."), "{}", carla.text);
        for notice in &d.notices {
            assert!(!block.lines().any(|line| notice.text.contains(line)), "{block}: {}", notice.text);
        }
        let entry = own_entry(&d);
        assert!(entry.text.as_ref().unwrap().starts_with(block), "the audit has it");
        assert!(entry.changes.iter().any(|change| change.field == "status"), "{:?}", entry.changes);
        assert_eq!(transcript(&d), None, "what went well is not told unless asked");
    }
}

#[test]
fn b4_commands_alone_change_the_ticket_and_send_no_answer() {
    let w = world();
    let d = decided(&w, &anna(&w, "!stall\n-- \nAnna\n"));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Commanded, Some(Status::STALLED)));
    assert_eq!((own_entry(&d).kind, own_entry(&d).text.as_deref()), (crate::EntryKind::Change, None));
    assert!(d.notices.iter().all(|n| !n.text.contains("stall\n")), "{:?}", d.notices);
}

#[test]
fn b4_one_wrong_line_stops_them_all_and_the_text_is_filed() {
    let w = world();
    let d = decided(&w, &anna(&w, "!resolve\n!owner nobody-here\n\nDone.\n"));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, None), "{}", d.reason);
    assert!(d.reason.ends_with("; its commands were not carried out"), "{}", d.reason);
    let (subject, text) = transcript(&d).unwrap();
    assert_eq!(subject, "[example.org] 1 error: Re: [#5] Printer");
    assert!(text.contains("> !resolve\n    not done, because of the others\n"), "{text}");
    let carla = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
    assert!(carla.text.contains("Done.") && !carla.text.contains("!resolve"), "{}", carla.text);
}
