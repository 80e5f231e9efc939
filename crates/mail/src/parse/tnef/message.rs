//! From the attributes and properties of a stream to a text, a meeting and files.

use super::super::calendar::{self, Attendee, Event, Person, When};
use super::super::{charset, html, limits};
use super::codepage::{self, CodePage};
use super::mapi::{Properties, Value, appointment, rows, tag};
use super::{Attached, Budget, File, Stream, Tnef, is_tnef, lzfu, read_within, rtf};
use crate::parse::identity;
use crate::report::{self, Original, Told};

/// The object in a property is a message, as a stream of its own: IID_IMessage.
const IID_MESSAGE: [u8; 16] = [0x07, 0x03, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// Makes a message of what stands in a stream.
pub(super) fn finish(mut stream: Stream<'_>, budget: &mut Budget) -> Tnef {
    let mut tnef = Tnef { defects: std::mem::take(&mut stream.defects), ..Tnef::default() };
    let page = stream.code_page;
    tnef.message_class = class(&string(&stream.properties, tag::MESSAGE_CLASS, page).unwrap_or_else(|| page.text(stream.class)));
    tnef.subject = string(&stream.properties, tag::SUBJECT, page).unwrap_or_else(|| page.text(stream.subject));
    text(&stream, budget, &mut tnef);
    let person = sender(&stream.properties, page);
    if report::is_report(&tnef.message_class) {
        tnef.report = Some(told(&stream, &tnef.message_class, &person.email));
    }
    tnef.from = person.shown();
    tnef.to = string(&stream.properties, tag::DISPLAY_TO, page).unwrap_or_default();
    let sent = time(stream.properties.get(tag::CLIENT_SUBMIT_TIME));
    tnef.sent = sent.map(|t| t.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
    if let Some((method, answer)) = meeting(&tnef.message_class) {
        let mut event = event(&stream, &tnef.subject);
        if answer.is_empty() {
            event.organizer = Some(person);
        } else {
            event.attendees.push(Attendee { person, status: answer.to_owned() });
        }
        tnef.method = Some(method);
        tnef.meeting = Some(calendar::block(method, &event));
    }
    for attached in std::mem::take(&mut stream.attached) {
        attach(attached, page, budget, &mut tnef);
    }
    tnef
}

/// Text of a property, whichever of the two kinds it is.
fn string(properties: &Properties<'_>, tag: u16, page: CodePage) -> Option<String> {
    as_string(properties.get(tag)?, page)
}

fn as_string(value: Value<'_>, page: CodePage) -> Option<String> {
    let text = match value {
        Value::String8(octets) => page.text(octets),
        Value::Unicode(octets) => codepage::utf16(octets),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// The class under the name that it has had since 1996; MS-OXTNEF 2.1.3.3.3 keeps an older one in the stream.
fn class(written: &str) -> String {
    let name = written.trim();
    match name.strip_prefix("IPM.Microsoft Schedule.") {
        Some("MtgReq") => "IPM.Schedule.Meeting.Request".to_owned(),
        Some("MtgRespP") => "IPM.Schedule.Meeting.Resp.Pos".to_owned(),
        Some("MtgRespN") => "IPM.Schedule.Meeting.Resp.Neg".to_owned(),
        Some("MtgRespA") => "IPM.Schedule.Meeting.Resp.Tent".to_owned(),
        Some("MtgCncl") => "IPM.Schedule.Meeting.Canceled".to_owned(),
        _ => match name.strip_prefix("IPM.Microsoft Mail.") {
            Some("Read Receipt") => "REPORT.IPM.Note.IPNRN".to_owned(),
            Some("Non-Delivery") => "REPORT.IPM.Note.NDR".to_owned(),
            Some(rest) => format!("IPM.{rest}"),
            None => name.to_owned(),
        },
    }
}

/// The method of a meeting message, and for an answer what it says.
fn meeting(class: &str) -> Option<(&'static str, &'static str)> {
    // An entry of somebody's calendar, sent as it is.
    if class == "IPM.Appointment" {
        return Some(("PUBLISH", ""));
    }
    let rest = class.strip_prefix("IPM.Schedule.Meeting.")?;
    [
        ("Request", ("REQUEST", "")),
        ("Canceled", ("CANCEL", "")),
        ("Resp.Pos", ("REPLY", "ACCEPTED")),
        ("Resp.Neg", ("REPLY", "DECLINED")),
        ("Resp.Tent", ("REPLY", "TENTATIVE")),
    ]
    .into_iter()
    .find_map(|(begin, found)| rest.starts_with(begin).then_some(found))
}

/// Puts in the best text there is: plain, else HTML, else RTF; and the HTML, whichever it is.
fn text(stream: &Stream<'_>, budget: &mut Budget, tnef: &mut Tnef) {
    let page = stream.code_page;
    let plain = string(&stream.properties, tag::BODY, page).unwrap_or_else(|| page.text(stream.body));
    let plain = Some(plain).filter(|text| !text.trim().is_empty()).map(|text| lines(&text));
    tnef.html = stream.properties.get(tag::BODY_HTML).and_then(|value| html_text(value, stream));
    if tnef.html.is_none() {
        let (told, mut defects) = from_rtf(stream, budget);
        match told {
            Some(read) if read.html => tnef.html = Some(read.text),
            Some(read) if plain.is_none() => tnef.text = lines(&read.text),
            _ => {}
        }
        // What is wrong with a form that nobody needs is nothing.
        if plain.is_none() {
            tnef.defects.append(&mut defects);
        }
    }
    match (plain, &tnef.html) {
        (Some(plain), _) => tnef.text = plain,
        (None, Some(html)) => tnef.text = html::strip(html),
        (None, None) => {}
    }
}

/// The RTF of a message, unpacked and read, and what was wrong with it.
fn from_rtf(stream: &Stream<'_>, budget: &mut Budget) -> (Option<rtf::Read>, Vec<(&'static str, String)>) {
    let mut defects = Vec::new();
    let Some(Value::Binary(packed)) = stream.properties.get(tag::RTF_COMPRESSED) else { return (None, defects) };
    let Some(unpacked) = lzfu::unpack(packed, budget.rtf) else {
        defects.push(("tnef-rtf", "the text in winmail.dat is no RTF that can be read".to_owned()));
        return (None, defects);
    };
    budget.rtf = budget.rtf.saturating_sub(unpacked.octets.len());
    if unpacked.cut {
        defects.push(("tnef-rtf-too-large", "winmail.dat holds more RTF than is read; the text was cut".to_owned()));
    } else if unpacked.damaged {
        defects.push(("tnef-rtf", "the text in winmail.dat is damaged; what there is was read".to_owned()));
    }
    (Some(rtf::read(&unpacked.octets, stream.code_page.encoding())), defects)
}

/// What a report says: of which mail, and of whom.
fn told(stream: &Stream<'_>, class: &str, sender: &str) -> Told {
    let page = stream.code_page;
    let text = |tag| string(&stream.properties, tag, page).unwrap_or_default();
    let recipients = rows(stream.recipients, limits::REPORT_RECIPIENTS).into_iter().map(|row| {
        let value = |tags: &[u16]| tags.iter().filter_map(|tag| string(&row, *tag, page)).collect::<Vec<_>>();
        let address = value(&[tag::SMTP_ADDRESS, tag::EMAIL_ADDRESS, tag::DISPLAY_NAME]).into_iter().find(|a| a.contains('@'));
        (address.unwrap_or_default(), value(&[tag::SUPPLEMENTARY_INFO, tag::REPORT_TEXT]).join(" "))
    });
    let original = Original {
        message_id: identity::message_id(&text(tag::ORIGINAL_MESSAGE_ID)),
        subject: text(tag::ORIGINAL_SUBJECT),
        date: time(stream.properties.get(tag::ORIGINAL_SUBMIT_TIME)).map(|t| t.as_microsecond()),
        ..Original::default()
    };
    Told { class: class.to_owned(), sender: sender.to_owned(), recipients: recipients.collect(), original }
}

/// The HTML of a message: octets in a code page of their own, or text.
fn html_text(value: Value<'_>, stream: &Stream<'_>) -> Option<String> {
    let Value::Binary(octets) = value else { return as_string(value, stream.code_page) };
    let named = stream.properties.number(tag::INTERNET_CODE_PAGE).and_then(|page| CodePage::new(page).encoding());
    let label = named.map(|encoding| encoding.name());
    let octets = octets.get(..limits::HTML_OCTETS).unwrap_or(octets);
    let html = charset::decode(octets, label, true).text;
    (!html.trim().is_empty()).then_some(html)
}

/// Line ends become `\n`; other controls and NUL go.
pub(super) fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
        out.extend(line.chars().filter(|c| !c.is_control() || *c == '\t').map(|c| if c == '\u{a0}' { ' ' } else { c }));
        out.truncate(out.trim_end_matches([' ', '\t']).len());
        out.push('\n');
    }
    let end = out.trim_end().len();
    out.truncate(end);
    let start = out.len() - out.trim_start_matches('\n').len();
    if start > 0 { out.split_off(start) } else { out }
}

/// The sender: name and address, as far as they are there.
fn sender(properties: &Properties<'_>, page: CodePage) -> Person {
    let first = |tags: &[u16]| tags.iter().find_map(|tag| string(properties, *tag, page)).unwrap_or_default();
    let name = first(&[tag::REPRESENTING_NAME, tag::SENDER_NAME]);
    let address = [tag::REPRESENTING_SMTP, tag::SENDER_SMTP, tag::REPRESENTING_ADDRESS, tag::SENDER_ADDRESS]
        .iter()
        .filter_map(|tag| string(properties, *tag, page))
        .find(|address| address.contains('@'));
    Person { name, email: address.unwrap_or_default() }
}

/// 100 ns since 1601 as a point of time.
fn time(value: Option<Value<'_>>) -> Option<jiff::Timestamp> {
    let Some(Value::Long(count)) = value else { return None };
    let since_1601 = i64::try_from(count / 10).ok()?;
    jiff::Timestamp::from_microsecond(since_1601 - 11_644_473_600_000_000).ok()
}

/// What a meeting message says of its appointment. Times are UTC; the zone that people see is a name of their own.
fn event(stream: &Stream<'_>, subject: &str) -> Event {
    let (properties, page) = (&stream.properties, stream.code_page);
    let named = |number| properties.appointment(number).and_then(|value| as_string(value, page));
    let utc = |number, plain| {
        let time = time(properties.appointment(number)).or_else(|| time(properties.get(plain)))?;
        Some(When::utc(time.to_zoned(jiff::tz::TimeZone::UTC).datetime()))
    };
    let mut event = Event {
        summary: subject.to_owned(),
        start: utc(appointment::START, tag::START_DATE),
        end: utc(appointment::END, tag::END_DATE),
        location: named(appointment::LOCATION).unwrap_or_default(),
        repeats: named(appointment::RECURRENCE),
        ..Event::default()
    };
    // An appointment of whole days ends and begins at midnight of its organizer, which UTC does not show.
    if matches!(properties.appointment(appointment::ALL_DAY), Some(Value::Number(truth)) if truth & 0xffff != 0) {
        event.note = Some(match named(appointment::ZONE) {
            Some(zone) => format!("all day, {zone}"),
            None => "all day".to_owned(),
        });
    }
    event
}

/// Adds an attachment to the files; a message inside becomes a text, and its files follow.
fn attach(attached: Attached<'_>, page: CodePage, budget: &mut Budget, tnef: &mut Tnef) {
    let properties = &attached.properties;
    let data = match properties.get(tag::ATTACH_DATA) {
        Some(Value::Object(object)) => {
            object.split_first_chunk::<16>().map(|(interface, data)| (*interface == IID_MESSAGE, data))
        }
        Some(Value::Binary(octets)) => Some((false, octets)),
        _ => None,
    };
    // The old attribute holds nothing, or a picture, where a property holds the object.
    let (message, octets) = match (data, attached.data) {
        (Some(found), _) if found.0 || !found.1.is_empty() => found,
        (_, Some(octets)) => (false, octets),
        _ => return,
    };
    let first = |tags: &[u16]| tags.iter().find_map(|tag| string(properties, *tag, page));
    let name = first(&[tag::ATTACH_LONG_FILE_NAME, tag::ATTACH_FILE_NAME])
        .or_else(|| Some(page.text(attached.title)).filter(|title| !title.trim().is_empty()))
        .or_else(|| first(&[tag::DISPLAY_NAME]))
        .unwrap_or_default();
    if budget.files == 0 {
        return problem(tnef, "too-many-files", format!("winmail.dat holds more than {} files", limits::PARTS));
    }
    budget.files -= 1;
    if message || is_tnef(octets) {
        if budget.depth > 0 {
            budget.depth -= 1;
            let inner = read_within(octets, budget);
            budget.depth += 1;
            if let Some(inner) = inner {
                return open(inner, tnef);
            }
        } else {
            problem(tnef, "too-deep", "messages inside messages inside winmail.dat; the inner ones were not opened".to_owned());
        }
    }
    let wanted = first(&[tag::ATTACH_MIME_TAG]).map(|t| t.trim().to_ascii_lowercase()).filter(|t| is_media_type(t));
    let content_id = first(&[tag::ATTACH_CONTENT_ID]).map(|id| id.trim().trim_matches(['<', '>']).to_owned());
    // Flag 4: the text shows it (MS-OXCMSG 2.2.2.18).
    let shown = properties.number(tag::ATTACH_FLAGS).is_some_and(|flags| flags & 4 != 0)
        || properties.number(tag::ATTACHMENT_HIDDEN).is_some_and(|truth| truth & 0xffff != 0);
    let object = matches!(properties.get(tag::ATTACH_DATA), Some(Value::Object(_)));
    let content_type = match wanted {
        Some(wanted) if !message => wanted,
        _ if message => "application/ms-tnef".to_owned(),
        _ if object && properties.number(tag::ATTACH_METHOD) == Some(6) => "application/x-ole-storage".to_owned(),
        _ => "application/octet-stream".to_owned(),
    };
    let inline = shown && content_id.is_some();
    tnef.files.push(File { name, content_type, content_id, inline, octets: octets.to_vec() });
}

fn problem(tnef: &mut Tnef, code: &'static str, detail: String) {
    if !tnef.defects.iter().any(|(known, _)| *known == code) {
        tnef.defects.push((code, detail));
    }
}

fn is_media_type(text: &str) -> bool {
    let word =
        |w: &str| !w.is_empty() && w.len() < 100 && w.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    // A file has no parts, whatever it had before it came in here.
    text.split_once('/').is_some_and(|(kind, rest)| word(kind) && word(rest) && kind != "multipart")
}

/// A message inside: its head and text as a file that can be read, then its files.
fn open(inner: Tnef, tnef: &mut Tnef) {
    let text = format!("{}\n{}\n", head(&inner), inner.text);
    let stem = inner.subject.replace(['/', '\\', ':'], " ");
    let name = if stem.trim().is_empty() { "message.txt".to_owned() } else { format!("{}.txt", stem.trim()) };
    let content_type = "text/plain".to_owned();
    tnef.files.push(File { name, content_type, content_id: None, inline: false, octets: text.into_bytes() });
    tnef.files.extend(inner.files);
    for (code, detail) in inner.defects {
        problem(tnef, code, detail);
    }
}

/// From, date, recipients and subject of a message inside.
fn head(inner: &Tnef) -> String {
    let fields = [("From", &inner.from), ("Sent", &inner.sent), ("To", &inner.to), ("Subject", &inner.subject)];
    let line = |(name, value): &(&str, &String)| (!value.is_empty()).then(|| format!("{name}: {}\n", one_line(value)));
    fields.iter().filter_map(line).collect()
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').map(|c| if c.is_control() { ' ' } else { c }).collect()
}
