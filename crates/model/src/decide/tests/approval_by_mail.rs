//! Answers to mails that ask for approval.

use super::world::*;
use super::*;
use crate::decision::{LetterKind, PastChange};
use crate::facts::{Approval, ApprovalAnswer, EntrySet, SetPart};
use crate::letter::Transcript;

/// The approval of ticket 5 is asked of anna, by a mail of entry 9.
fn asking(answer: Option<bool>) -> World {
    let mut w = world();
    let answer = answer.map(|yes| ApprovalAnswer { yes, trust: Trust::Token, remark: String::new() });
    w.approvals = vec![Approval { person: w.people[0].clone(), asked_by: None, answer }];
    let change = PastChange { field: "approvers".into(), from: None, to: Some("anna".into()) };
    let part = SetPart { entry: 9, ticket: 5, opened: false, wrote: false, changes: vec![change], later: vec![] };
    w.sets = vec![EntrySet { first: 9, by: Some(2), name: "otto".into(), undone_by: None, parts: vec![part] }];
    w
}

fn answer(w: &World, text: &str) -> Mail {
    let mut mail =
        mail("anna@example.org", &format!("Subject: Re: [#5] Printer\nIn-Reply-To: <{}>", w.id(5, Audience::Comments)));
    mail.text = mail.text.replace("It burns.\n", text);
    mail.at("support-comment@example.org")
}

/// What counted: yes or no, and the remark.
fn counted(d: &Decision) -> Option<(bool, &str)> {
    d.changes.iter().find_map(|c| match c {
        Change::AnswerApproval { yes, remark, .. } => Some((*yes, remark.as_str())),
        _ => None,
    })
}

fn transcript(d: &Decision) -> Option<&Transcript> {
    d.letters
        .iter()
        .find_map(|letter| if let LetterKind::Transcript(transcript) = &letter.kind { Some(transcript) } else { None })
}

#[test]
fn b4_the_answer_to_a_question_for_approval_needs_no_mark() {
    for (text, expected) in [
        ("accept\n", (true, "")),
        ("Accept.\n\nSent from my phone\n", (true, "")),
        ("OK\n", (true, "")),
        ("yes\n\nAnna Larsen\nExample Ltd\n", (true, "")),
        ("Hi Otto,\n\nyes, go ahead\n", (true, "go ahead")),
        ("decline not now\n", (false, "not now")),
        ("decline, too expensive\n\nThere is another offer.\n", (false, "too expensive")),
        ("Nein.\n", (false, "")),
        ("Genehmigt\n", (true, "")),
        ("!accept fine with me\n", (true, "fine with me")),
        ("!approve\n", (true, "")),
        ("!reject too expensive\n", (false, "too expensive")),
        ("accept\n\n> asks for your approval\n> decline not before the audit\n", (true, "")),
    ] {
        let w = asking(None);
        let d = decided(&w, &answer(&w, text));
        assert_eq!(counted(&d), Some(expected), "{text}: {:?}", d.trail);
        assert_eq!(status_after(&d), None, "{text}");
        let told = transcript(&d).unwrap_or_else(|| panic!("{text}: whoever answered sees that it counted"));
        assert_eq!((told.errors, told.done, told.changed[0].1[0].field.as_ref()), (0, true, "approval"), "{text}");
        assert!(d.notices.iter().all(|n| n.to.address != CARLA), "{text}");
    }
    let w = asking(None);
    let d = decided(&w, &answer(&w, "decline, too expensive\n\nThere is another offer.\n"));
    let text = d.notices.iter().find(|n| n.to.address == "otto@example.org").map(|n| n.text.as_str());
    assert!(d.verdict == Verdict::Commented && text.is_none_or(|text| text.contains("approval: anna: no")), "{text:?}");
}

#[test]
fn b4_what_does_not_answer_a_question_for_approval_is_told() {
    for text in ["I will look at it tomorrow.\n", "What does it cost?\n", "Yes, but only this once\n", "No idea\n"] {
        let w = asking(None);
        let d = decided(&w, &answer(&w, text));
        assert_eq!((counted(&d), d.verdict), (None, Verdict::Commented), "{text}");
        let told = transcript(&d).unwrap();
        let crate::letter::Fate::Wrong { wrong, cure } = &told.echoes[0].fate else { panic!("{told:?}") };
        assert!(wrong.contains("still open") && cure.starts_with("write accept or decline"), "{wrong} {cure}");
        // Who has answered may go on talking.
        let w = asking(Some(true));
        let d = decided(&w, &answer(&w, text));
        assert_eq!((counted(&d), d.verdict, transcript(&d)), (None, Verdict::Commented, None), "{text}");
    }
}

#[test]
fn b4_only_the_answer_to_that_mail_counts_without_a_mark() {
    // Another internal mail of ours, or one to somebody else.
    let mut w = asking(None);
    w.sets[0].parts[0].entry = 8;
    let d = decided(&w, &answer(&w, "yes\n"));
    assert_eq!((counted(&d), d.verdict, transcript(&d)), (None, Verdict::Commented, None));
    let mut w = asking(None);
    w.approvals[0].person = w.people[1].clone();
    assert_eq!(counted(&decided(&w, &answer(&w, "yes\n"))), None);
    // Who has answered means the status.
    let w = asking(Some(true));
    assert_eq!(status_after(&decided(&w, &answer(&w, "!reject\n"))).map(|s| s.to_string()), Some("rejected".to_owned()));
    // A mail program that loses what it answers: it does not count, and its writer is told.
    let mut w = asking(None);
    w.site.trust.authserv_id = vec!["mx".into()];
    w.site.border = Some(crate::facts::Border { authserv_id: vec!["mx".into()], received_above: vec![0] });
    let mut lost =
        mail("anna@example.org", "Subject: Re: [#5] x\nAuthentication-Results: mx; dmarc=pass header.from=example.org");
    lost.text = lost.text.replace("It burns.", "accept");
    let d = decided(&w, &lost.clone().at("support-comment@example.org"));
    assert_eq!(
        (counted(&d), d.verdict, transcript(&d).map(|told| told.errors)),
        (None, Verdict::Commented, Some(1)),
        "{:?}",
        d.trail
    );
    let d = decided(&w, &lost);
    assert_eq!((d.verdict, transcript(&d)), (Verdict::Corresponded, None), "an answer to the customer is one");
    // A machine says nothing.
    let w = asking(None);
    let mut away = answer(&w, "OK\n");
    away.text = away.text.replace("Message-ID", "Auto-Submitted: auto-replied\nMessage-ID");
    assert_eq!(counted(&decided(&w, &away)), None);
    // Who is only claimed is asked first.
    let mut w = asking(None);
    w.mailed.clear();
    assert_eq!(counted(&decided(&w, &answer(&w, "yes\n"))), None);
}

#[test]
fn b4_a_file_beside_an_answer_to_a_question_for_approval_is_filed() {
    for text in ["accept", "yes\n\nAnna Larsen\nExample Ltd"] {
        let w = asking(None);
        let file = "Content-Type: application/pdf; name=offer.pdf\nContent-Disposition: attachment\n\nx";
        let mut mail = answer(&w, &format!("--b\nContent-Type: text/plain\n\n{text}\n--b\n{file}\n--b--\n"));
        mail.text = mail.text.replace("Message-ID", "Content-Type: multipart/mixed; boundary=b\nMessage-ID");
        let d = decided(&w, &mail);
        assert_eq!((counted(&d), d.verdict), (Some((true, "")), Verdict::Commented), "{text}: {:?}", d.trail);
        let told = d.notices.iter().find(|n| n.to.address == "otto@example.org");
        assert_eq!(told.map(|n| n.files.len()), Some(1), "{text}");
    }
}
