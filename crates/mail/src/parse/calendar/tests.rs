use super::*;

fn event(lines: &str) -> String {
    let text = format!("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:x\n{lines}END:VEVENT\nEND:VCALENDAR\n");
    read(text.as_bytes(), None, None).unwrap().blocks.join("\n\n")
}

/// What stands behind a label in the summary of an event.
fn said(lines: &str, label: &str) -> String {
    let block = event(lines);
    let line = block.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix(": "));
    line.unwrap_or_default().to_owned()
}

#[test]
fn a141_times_as_the_sender_wrote_them() {
    for (lines, expected) in [
        ("DTSTART:20261105T140000Z\nDTEND:20261105T150000Z\n", "Thu 2026-11-05 14:00 to 15:00 (UTC)"),
        ("DTSTART;TZID=Europe/Berlin:20261105T140000\n", "Thu 2026-11-05 14:00 (Europe/Berlin)"),
        ("DTSTART;TZID=\"W. Europe Standard Time\":20261105T140000\n", "Thu 2026-11-05 14:00 (W. Europe Standard Time)"),
        ("DTSTART;TZID=/example.org/20260101_1/Europe/Berlin:20261105T140000\n", "Thu 2026-11-05 14:00 (Europe/Berlin)"),
        ("DTSTART:20261105T140000\nDURATION:PT1H30M\n", "Thu 2026-11-05 14:00 to 15:30"),
        ("DTSTART:20261105T140000\nDURATION:P1W\n", "Thu 2026-11-05 14:00 to Thu 2026-11-12 14:00"),
        ("DTSTART;VALUE=DATE:20261105\nDTEND;VALUE=DATE:20261106\n", "Thu 2026-11-05, all day"),
        ("DTSTART;VALUE=DATE:20261105\nDTEND;VALUE=DATE:20261108\n", "Thu 2026-11-05 to Sat 2026-11-07, all day"),
        ("DTSTART;VALUE=DATE:20261105\nDURATION:P2D\n", "Thu 2026-11-05 to Fri 2026-11-06, all day"),
        ("DTSTART:20261105T140000Z\nDTEND:20261105T130000Z\n", "Thu 2026-11-05 14:00 (UTC)"),
        ("DTSTART:2026-11-05T14:00:00Z\n", "Thu 2026-11-05 14:00 (UTC)"),
        ("DTSTART:20261335T140000Z\n", ""),
        ("DTSTART:\n", ""),
        ("DTSTART:99999999T999999\n", ""),
        ("DTSTART:99991231T235900\nDURATION:P999999999999999999999W\n", "Fri 9999-12-31 23:59"),
        ("DTSTART;VALUE=DATE:-0999999\n", ""),
    ] {
        assert_eq!(said(lines, "When"), expected, "{lines}");
    }
}

#[test]
fn a141_simple_rules_in_words() {
    for (rule, expected) in [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=4", "every 3 days, 4 times"),
        ("FREQ=WEEKLY;BYDAY=MO", "every week on Monday"),
        ("FREQ=WEEKLY;WKST=MO;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TH;UNTIL=20261224", "every 2 weeks on Sunday and Thursday, until 2026-12-24"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "every month on day 15"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "every month on the second Tuesday"),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=5", "every year"),
        ("freq=weekly", "every week"),
        ("FREQ=HOURLY", "see the calendar file"),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=8,9", "see the calendar file"),
        ("FREQ=MONTHLY;BYDAY=MO,TU", "see the calendar file"),
        ("FREQ=WEEKLY;BYDAY=ééMO", "see the calendar file"),
        ("COUNT=99999999999", "see the calendar file"),
        (";;;=;", "see the calendar file"),
    ] {
        assert_eq!(said(&format!("RRULE:{rule}\n"), "Repeats"), expected, "{rule}");
    }
    assert_eq!(said("RDATE:20261105T140000Z\n", "Repeats"), "see the calendar file");
}

#[test]
fn a141_people_and_their_quotes() {
    for (line, expected) in [
        ("ORGANIZER;CN=Anna Smith:mailto:anna@example.net\n", "Anna Smith <anna@example.net>"),
        ("ORGANIZER;CN=\"Smith; Anna: X\";ROLE=CHAIR:MAILTO:anna@example.net\n", "Smith; Anna: X <anna@example.net>"),
        ("ORGANIZER;CN=\"Smith:mailto:anna@example.net\n", "Smith <anna@example.net>"),
        ("ORGANIZER:mailto:anna@example.net\n", "anna@example.net"),
        ("ORGANIZER;CN=anna@example.net:mailto:anna@example.net\n", "anna@example.net"),
        ("ORGANIZER;CN=Anna:invalid:nomail\n", "Anna"),
        ("ORGANIZER:\n", ""),
    ] {
        assert_eq!(said(line, "Organizer"), expected, "{line}");
    }
    let many: String = (0..1000).map(|n| format!("ATTENDEE;CN=P{n}:mailto:p{n}@example.net\n")).collect();
    assert!(said(&many, "Attendees").ends_with("P9 <p9@example.net>, 990 more"));
}

#[test]
fn a141_answers_in_words() {
    for (method, status, expected) in [
        ("REPLY", "ACCEPTED", "[Answer] Anna Smith accepted: Visit"),
        ("REPLY", "declined", "[Answer] Anna Smith declined: Visit"),
        ("REPLY", "TENTATIVE", "[Answer] Anna Smith tentatively accepted: Visit"),
        ("REPLY", "X-NEW", "[Answer] Anna Smith has not decided: Visit"),
        ("COUNTER", "TENTATIVE", "[Answer] Anna Smith proposed another time: Visit"),
        ("cancel", "", "[Cancelled] Visit"),
        ("PUBLISH", "", "[Event] Visit"),
    ] {
        let text = format!(
            "BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nSUMMARY:Accepted: Visit\r\n\
             ATTENDEE;CN=Anna Smith;PARTSTAT={status}:mailto:a@example.net\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let block = &read(text.as_bytes(), None, None).unwrap().blocks[0];
        assert_eq!(block.lines().next(), Some(expected), "{method} {status}");
    }
}

#[test]
fn a141_escapes_folds_and_faults() {
    let text = "\u{feff}begin:vcalendar\nbegin:vevent\nsummary:One\\, two\\; three\\nfour \\\\ five\\\n\
                location:a\n b\n\tc\nBEGIN:VALARM\nSUMMARY:alarm\nEND:VALARM\nDESCRIPTION:first\\n\\nsecond";
    let read = read(text.as_bytes(), None, None).unwrap();
    assert_eq!(read.blocks, ["[Event] One, two; three four \\ five\nWhere: abc"]);
    assert_eq!(read.description, "first\n\nsecond");
    for none in ["", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "\n\n\n", "::::\n;;;;", "\u{0}\u{1}", "BEGIN:VTIMEZONE\nEND:VTIMEZONE"] {
        assert_eq!(super::read(none.as_bytes(), None, None), None, "{none:?}");
    }
}

#[test]
fn a141_calendars_that_mean_harm() {
    let head = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n";
    for flood in [
        "DESCRIPTION:y\n".repeat(70_000),
        " \n".repeat(500_000),
        "\n".repeat(1_000_000),
        "no property\n".repeat(80_000),
        format!("{}:{}", "A".repeat(8_000), "\n!".repeat(500_000)),
        "BEGIN:VALARM\n".repeat(70_000),
        format!("ATTENDEE{}:mailto:a@b\n", ";CN=\"x".repeat(150_000)),
        format!("LOCATION:{}\n", "\\".repeat(1_000_000)),
    ] {
        let read = read(format!("{head}{flood}").as_bytes(), None, None).unwrap();
        assert!(read.blocks[0].starts_with("[Event] x") && read.blocks[0].len() < 5_000);
    }
    let many = "BEGIN:VEVENT\nEND:VEVENT\n".repeat(40_000);
    assert_eq!(read(many.as_bytes(), None, None).unwrap().blocks.last().unwrap(), "[39995 more in the calendar file]");
}
