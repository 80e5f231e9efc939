use super::*;

fn attribute(level: u8, id: u16, data: &[u8]) -> Vec<u8> {
    let mut out = vec![level];
    out.extend(id.to_le_bytes());
    out.extend([1, 0]);
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.extend(data.iter().fold(0u16, |sum, b| sum.wrapping_add(u16::from(*b))).to_le_bytes());
    out
}

fn stream(attributes: &[Vec<u8>]) -> Vec<u8> {
    let mut out = SIGNATURE.to_vec();
    out.extend([7, 0]);
    out.extend(attributes.concat());
    out
}

/// A list of properties: type, number, octets behind the tag.
fn properties(count: u32, list: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let mut out = count.to_le_bytes().to_vec();
    for (kind, tag, data) in list {
        out.extend(kind.to_le_bytes());
        out.extend(tag.to_le_bytes());
        out.extend(data);
    }
    out
}

/// One value of variable size.
fn value(data: &[u8]) -> Vec<u8> {
    let mut out = vec![1, 0, 0, 0];
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn codes(tnef: &Tnef) -> Vec<&'static str> {
    tnef.defects.iter().map(|(code, _)| *code).collect()
}

const BODY: u16 = 0x1000;

#[test]
fn a140_properties_of_every_kind_are_passed_over() {
    let mut named = vec![9; 16];
    named.extend([1, 0, 0, 0, 6, 0, 0, 0, b'a', 0, b'b', 0, 0, 0, 0, 0]);
    named.extend(value(b"x"));
    let mut several = 3u32.to_le_bytes().to_vec();
    for word in ["a", "bc", "defgh"] {
        several.extend(&value(word.as_bytes())[4..]);
    }
    let list = [
        (0x001e, 0x8123, named),
        (0x101e, 0x0001, several),
        (0x1003, 0x0002, [&2u32.to_le_bytes()[..], &[0; 8]].concat()),
        (0x1040, 0x0003, [&1u32.to_le_bytes()[..], &[0; 8]].concat()),
        (0x0048, 0x0004, vec![0; 16]),
        (0x0005, 0x0005, vec![0; 8]),
        (0x000b, 0x0006, vec![1, 0, 0, 0]),
        (0x001e, BODY, value(b"The text.\r\nIts end.\0")),
    ];
    let tnef = read(&stream(&[attribute(1, 0x9003, &properties(8, &list))])).unwrap();
    assert_eq!(tnef.text, "The text.\nIts end.");
    assert_eq!(codes(&tnef), [""; 0]);
}

#[test]
fn a140_sizes_and_counts_that_lie() {
    let body = (0x001e, BODY, value(b"Hello."));
    let lying_value = |size: u32| (0x001e, BODY, [&1u32.to_le_bytes()[..], &size.to_le_bytes(), b"Hello."].concat());
    for (data, text) in [
        (properties(u32::MAX, std::slice::from_ref(&body)), "Hello."),
        (properties(1 << 31, std::slice::from_ref(&body)), "Hello."),
        (properties(0, std::slice::from_ref(&body)), ""),
        (properties(1, &[lying_value(u32::MAX)]), "Hello."),
        (properties(1, &[lying_value(1 << 31)]), "Hello."),
        (properties(2, &[(0x1003, 1, (1u32 << 31).to_le_bytes().to_vec()), body.clone()]), ""),
        (properties(2, &[(0x101f, 1, u32::MAX.to_le_bytes().to_vec()), body.clone()]), ""),
        (properties(2, &[(0x0fff, 1, vec![]), body.clone()]), ""),
        (properties(2, &[(0x001e, 0x8000, [vec![0; 16], vec![1, 0, 0, 0], vec![0xff; 4]].concat()), body.clone()]), ""),
        (vec![], ""),
    ] {
        assert_eq!(read(&stream(&[attribute(1, 0x9003, &data)])).unwrap().text, text, "{data:?}");
    }
    let mut whole = stream(&[attribute(2, 0x9002, &[0; 14]), attribute(2, 0x800f, b"octets")]);
    let at = whole.len() - 2 - 6 - 4;
    whole[at..at + 4].copy_from_slice(&[0xff; 4]);
    let tnef = read(&whole).unwrap();
    // The checksum can no longer be told from the data.
    assert_eq!((tnef.files[0].octets.len(), codes(&tnef)), (8, vec!["tnef-truncated"]));
}

#[test]
fn a140_every_beginning_of_a_stream_is_read() {
    let list = [(0x001e, BODY, value(b"Hello.\0")), (0x0102, 0x1013, value(b"<p>Hello.</p>"))];
    let whole = stream(&[
        attribute(1, 0x9007, &[0xe4, 4, 0, 0, 0, 0, 0, 0]),
        attribute(1, 0x9003, &properties(2, &list)),
        attribute(2, 0x9002, &[0; 14]),
        attribute(2, 0x800f, b"octets"),
        attribute(2, 0x8010, b"name.bin\0"),
    ]);
    for end in 0..whole.len() {
        assert_eq!(read(&whole[..end]).is_some(), end >= 4, "{end}");
    }
    let mut padded = whole;
    padded.extend([0; 100]);
    let tnef = read(&padded).unwrap();
    assert_eq!((tnef.text.as_str(), tnef.files[0].name.as_str(), codes(&tnef)), ("Hello.", "name.bin", vec![]));
    padded.extend(b"rubbish that follows");
    assert_eq!(codes(&read(&padded).unwrap()), ["tnef-unreadable"]);
}

#[test]
fn a140_messages_inside_messages_end_at_the_limit() {
    let mut inner = stream(&[attribute(1, 0x9003, &properties(1, &[(0x001e, BODY, value(b"The innermost."))]))]);
    for _ in 0..2_000 {
        inner = stream(&[attribute(2, 0x9002, &[0; 14]), attribute(2, 0x800f, &inner)]);
    }
    let tnef = read(&inner).unwrap();
    assert_eq!(codes(&tnef), ["too-deep"]);
    assert_eq!(tnef.files.len(), limits::TNEF_DEPTH + 1);
    assert!(tnef.files.iter().map(|f| f.octets.len()).sum::<usize>() < inner.len());
}

#[test]
fn a140_more_files_than_a_mail_may_have() {
    let one = [attribute(2, 0x9002, &[0; 14]), attribute(2, 0x800f, b"x")].concat();
    let tnef = read(&stream(&vec![one; 20_000])).unwrap();
    assert_eq!(tnef.files.len(), limits::PARTS);
    assert_eq!(codes(&tnef), ["too-many-files"]);
    // Twice as many octets are not given twice.
    let again = stream(&[attribute(2, 0x9002, &[0; 14]), attribute(2, 0x800f, b"first"), attribute(2, 0x800f, b"second")]);
    assert_eq!(read(&again).unwrap().files.len(), 1);
}

#[test]
fn a140_rtf_that_unpacks_without_end_is_cut() {
    let mut packed = vec![0xff; 8];
    packed.extend(b"LZFu\0\0\0\0");
    let mut at = 207;
    for _ in 0..60_000 {
        packed.extend([0xff]);
        for _ in 0..8 {
            let from = (at + 1) % 4096;
            packed.extend([(from >> 4) as u8, (from << 4) as u8 | 15]);
            at = (at + 17) % 4096;
        }
    }
    let tnef = read(&stream(&[attribute(1, 0x9003, &properties(1, &[(0x0102, 0x1009, value(&packed))]))])).unwrap();
    assert_eq!(codes(&tnef), ["tnef-rtf-too-large"]);
    assert!(tnef.text.len() <= limits::RTF_OCTETS * 3);
    for packed in [&b""[..], b"LZFu", &[0xff; 16], &[0; 4096]] {
        let tnef = read(&stream(&[attribute(1, 0x9003, &properties(1, &[(0x0102, 0x1009, value(packed))]))])).unwrap();
        assert_eq!((tnef.text.as_str(), codes(&tnef)), ("", vec!["tnef-rtf"]));
    }
}

#[test]
fn a140_attributes_of_no_octets() {
    let ids = [0x8000, 0x8004, 0x8008, 0x800c, 0x800f, 0x8010, 0x9002, 0x9003, 0x9005, 0x9007, 0xffff];
    let empty: Vec<Vec<u8>> = ids.iter().flat_map(|id| [attribute(1, *id, b""), attribute(2, *id, b"")]).collect();
    let tnef = read(&stream(&empty)).unwrap();
    assert_eq!(tnef.text, "");
    assert!(read(b"").is_none() && read(b"X\x9f>\x22").is_none());
}

#[test]
fn a140_meetings_are_told_and_classes_have_one_name() {
    let start = [&0x01dc_5055_6f1f_4000_u64.to_le_bytes()[..]].concat();
    let named =
        [&[0x02, 0x20, 6, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46][..], &[0; 4], &0x820du32.to_le_bytes(), &start].concat();
    let list = [(0x0040, 0x8001, named), (0x001e, 0x0037, value(b"Accepted: Visit")), (0x001e, 0x0042, value(b"Anna Smith"))];
    let list = properties(3, &list);
    for (class, name, method, said) in [
        ("IPM.Microsoft Mail.Note", "IPM.Note", None, None),
        ("IPM.Appointment", "IPM.Appointment", Some("PUBLISH"), Some("[Event] Visit")),
        ("IPM.Microsoft Schedule.MtgReq", "IPM.Schedule.Meeting.Request", Some("REQUEST"), Some("[Invitation] Visit")),
        ("IPM.Schedule.Meeting.Canceled", "IPM.Schedule.Meeting.Canceled", Some("CANCEL"), Some("[Cancelled] Visit")),
        (
            "IPM.Microsoft Schedule.MtgRespA",
            "IPM.Schedule.Meeting.Resp.Tent",
            Some("REPLY"),
            Some("[Answer] Anna Smith tentatively accepted: Visit"),
        ),
    ] {
        let tnef = read(&stream(&[attribute(1, 0x8008, class.as_bytes()), attribute(1, 0x9003, &list)])).unwrap();
        assert_eq!((tnef.message_class.as_str(), tnef.method), (name, method), "{class}");
        let lines: Vec<&str> = tnef.meeting.as_deref().unwrap_or_default().lines().collect();
        assert_eq!(lines.first().copied(), said, "{class}");
        assert_eq!(
            lines.iter().filter(|l| l.starts_with("When: ") && l.ends_with(" (UTC)")).count(),
            usize::from(said.is_some())
        );
    }
}
