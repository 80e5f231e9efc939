//! Which files go on to people, and which stay on the ticket (A139).

use super::world::*;
use super::*;

/// A mail with a page that shows two pictures, `PIC` and `LOGO`, and with a file.
fn shows(from: &str, header: &str, page: &str) -> Mail {
    let picture = |id: &str| format!("--b\nContent-Type: image/png; name={id}.png\nContent-ID: <{id}>\n\n{id}\n");
    let page = page.replace("PIC", "<img src=\"cid:pic\">").replace("LOGO", "<img src=\"cid:logo\">");
    let file = "--b\nContent-Type: application/pdf; name=plan.pdf\nContent-Disposition: attachment\n\nx\n";
    let seal = "--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nx\n";
    let parts = format!("--b\nContent-Type: text/html\n\n{page}\n{}{}{file}{seal}--b--\n", picture("pic"), picture("logo"));
    let mut mail = mail(from, &format!("{header}Content-Type: multipart/mixed; boundary=b"));
    mail.text = mail.text.replace("It burns.\n", &parts);
    mail
}

/// Positions of the files that everybody gets who is told.
fn passed(world: &World, mail: &Mail) -> Vec<usize> {
    let d = decided(world, mail);
    let files = d.notices.iter().find(|notice| !notice.files.is_empty()).map_or(&[][..], |notice| &notice.files);
    files.iter().map(|file| if let NoticeFile::Arrived(position) = file { *position } else { usize::MAX }).collect()
}

const QUOTE: &str = "<div class=\"gmail_quote\"><div class=\"gmail_attr\">On Fri, 20 Nov 2026 at 09:12, Carla \
                     &lt;carla@customer.example&gt; wrote:<br></div><blockquote class=\"gmail_quote\">It looks so: PIC Carla</blockquote></div>";
const SIGNED: &str = "<div>-- <br>Anna LOGO<br>Help Desk</div>";

#[test]
fn a139_pictures_of_quote_and_signature_are_not_passed_on_and_screenshots_are() {
    let answers = |w: &World| format!("In-Reply-To: <{}>\n", w.id(5, Audience::Staff));
    let mut w = world();
    let header = answers(&w);
    let answer = |page: &str| shows("otto@example.org", &header, page);
    assert_eq!(passed(&w, &answer(&format!("<div>Press the button.</div>{SIGNED}{QUOTE}"))), [2]);
    let pasted = answer(&format!("<div>Press this:</div>PIC{SIGNED}{}", QUOTE.replace("PIC", "")));
    assert_eq!(passed(&w, &pasted), [0, 2]);
    let unsigned = answer("<div>Press the button.</div>LOGO<div>or this:</div>PIC<div>Otto</div>");
    assert_eq!(passed(&w, &unsigned), [0, 1, 2]);
    let read = postern_mail::parse(unsigned.text.as_bytes());
    w.files = vec![read.pictures[1].hash];
    assert_eq!(passed(&w, &unsigned), [0, 2], "a logo comes again and again");
}

#[test]
fn a139_what_opens_a_ticket_is_told_with_its_pictures() {
    let w = world();
    let new = |subject: &str, page: &str| passed(&w, &shows("dora@customer.example", &format!("Subject: {subject}\n"), page));
    assert_eq!(new("Printer", &format!("<div>It looks so:</div>PIC{SIGNED}")), [0, 2]);
    assert_eq!(new("Fwd: Printer", &format!("<div>Whose is that?</div>{QUOTE}")), [0, 1, 2]);
}

#[test]
fn b4_files_that_hold_the_text_with_its_commands_stay_here() {
    let w = world();
    let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nTEXT\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n";
    let long = format!("TEXT\n{}", "A line of a very long text, as logs are.\n".repeat(60_000));
    for form in [signed, &long] {
        for (text, files) in [("!priority low\n\nIt works again.", 0), ("It works again.", 1)] {
            let mut mail = mail("otto@example.org", &format!("In-Reply-To: <{}>\n", w.id(5, Audience::Staff)));
            mail.text = mail.text.replace("It burns.\n", &form.replace("TEXT", text));
            let d = decided(&w, &mail);
            let told = d.notices.iter().find(|notice| notice.to.address == CARLA).unwrap();
            assert!(told.text.contains("It works again.") && !told.text.contains("!priority"), "{}", &told.text[..200]);
            assert_eq!(told.files.len(), files, "{text} in {}", &form[..20]);
            let says = d.trail.iter().any(|step| step.text.contains("stays here: the text stands in it"));
            assert_eq!(says, files == 0, "{:?}", d.trail);
        }
    }
}
