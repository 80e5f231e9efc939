//! Every bound of the reader in one table. Beyond a limit nothing fails: the message gets a defect, and the rest stays in
//! its raw octets, which the store keeps anyway (A86).

/// Octets of header fields kept for one message.
pub const HEADER_OCTETS: usize = 1 << 20;
/// Octets kept of one field value.
pub const FIELD_OCTETS: usize = 128 << 10;
/// Header fields kept for one message. Beyond it only those fields are kept that say who wrote what to whom.
pub const HEADERS: usize = 2_000;
/// Such fields kept beyond [`HEADERS`] or [`HEADER_OCTETS`].
pub const CORE_HEADERS: usize = 40;
/// Octets kept of each of them.
pub const CORE_FIELD_OCTETS: usize = 16 << 10;
/// Header fields kept of one part inside a multipart.
pub const PART_HEADERS: usize = 100;
/// Octets of header fields kept of one part inside a multipart.
pub const PART_HEADER_OCTETS: usize = 64 << 10;
/// Lines of a field without a space in front that are looked past for the next field.
pub const BROKEN_LINES: usize = 4;
/// Lines behind such a line that tell whether the header goes on.
pub const LINES_AHEAD: usize = 20;
/// Multiparts inside multiparts.
pub const DEPTH: usize = 32;
/// Parts of one message.
pub const PARTS: usize = 1_000;
/// Characters of a multipart boundary; RFC 2046 section 5.1.1 allows 70.
pub const BOUNDARY_OCTETS: usize = 1_000;
/// Addresses read from one field.
pub const ADDRESSES: usize = 1_000;
/// Characters of a display name.
pub const NAME_CHARS: usize = 500;
/// Octets of an address. RFC 5321 section 4.5.3.1 allows 254; bounce addresses in the wild are longer.
pub const ADDRESS_OCTETS: usize = 500;
/// Characters of a subject.
pub const SUBJECT_CHARS: usize = 2_000;
/// Octets of a Message-ID; one line of a header.
pub const MESSAGE_ID_OCTETS: usize = 998;
/// In-Reply-To ids.
pub const IN_REPLY_TO: usize = 20;
/// References: so many of the oldest ...
pub const REFERENCES_FIRST: usize = 10;
/// ... and so many of the newest.
pub const REFERENCES_LAST: usize = 90;
/// Octets of decoded text of one message.
pub const TEXT_OCTETS: usize = 2 << 20;
/// Octets of a mail in UTF-16 or UTF-32, those of NUL not counted, that is put into UTF-8; a larger one is a file.
pub const WIDE_OCTETS: usize = 16 << 20;
/// Octets that tell whether it is one.
pub const WIDE_HEAD_OCTETS: usize = 4 << 10;
/// Octets of text that a guess of the charset looks at.
pub const GUESS_OCTETS: usize = 64 << 10;
/// Octets of them that are tried in other charsets, to say what else the text might be.
pub const ALTERNATIVES_OCTETS: usize = 4 << 10;
/// Texts of one message whose decoding is told.
pub const DECODINGS: usize = 50;
/// Ways in which fields of a header were read that are told.
pub const HEADER_DECODINGS: usize = 10;
/// Fields in which a guess looks for a mail's other charsets and its language.
pub const CLUE_FIELDS: usize = 200;
/// Parts among them.
pub const CLUE_PARTS: usize = 50;
/// Octets among them, of one field and of all raw octets together.
pub const CLUE_OCTETS: usize = 2 << 10;
/// Octets read of one HTML part.
pub const HTML_OCTETS: usize = 4 << 20;
/// Nesting of HTML elements; what is deeper is read as the words it holds. Browsers stop there, too.
pub const HTML_DEPTH: usize = 512;
/// Octets kept of one HTML attribute.
pub const HTML_ATTRIBUTE_OCTETS: usize = 8 << 10;
/// Pictures of an HTML document that are looked for among the files.
pub const HTML_REFERENCES: usize = 5_000;
/// Octets of text that are made of one HTML part.
pub const HTML_TEXT_OCTETS: usize = TEXT_OCTETS;
/// Octets of a document that is sanitised with its layout.
pub const SANITISED_OCTETS: usize = 2 << 20;
/// Elements and attributes of such a document, those counted that its tree will repeat.
pub const SANITISED_COST: usize = 300_000;
/// Octets of an attached message that are read for its subject.
pub const INNER_HEAD_OCTETS: usize = 16 << 10;
/// Octets of an attached message that are read for its text, where it is all that a message has.
pub const FORWARDED_OCTETS: usize = 4 << 20;
/// Messages inside messages that are read for the text.
pub const FORWARDED_DEPTH: usize = 4;
/// Octets of each header line that is shown above that text, or read from a forwarded header block.
pub const FORWARDED_LINE_OCTETS: usize = 1_000;
/// Lines of a note above a forwarded message; more is no note.
pub const FORWARD_NOTE_LINES: usize = 25;
/// Octets of such a note.
pub const FORWARD_NOTE_OCTETS: usize = 2_500;
/// Lines of a forwarded header block.
pub const FORWARD_BLOCK_LINES: usize = 30;
/// Octets of a delivery report that are read.
pub const REPORT_OCTETS: usize = 256 << 10;
/// Recipients read from a delivery report.
pub const REPORT_RECIPIENTS: usize = 1_000;
/// Octets of a winmail.dat that is opened.
pub const TNEF_OCTETS: usize = 64 << 20;
/// Messages inside messages inside winmail.dat.
pub const TNEF_DEPTH: usize = 4;
/// Octets of a signature of S/MIME whose content is read.
pub const SIGNED_OCTETS: usize = 64 << 20;
/// Such signatures of one message, beside or inside each other.
pub const SIGNED: usize = 8;
/// Strings of them in pieces in pieces.
pub const CMS_DEPTH: usize = 32;
/// Octets of RTF that are unpacked for one winmail.dat.
pub const RTF_OCTETS: usize = 4 << 20;
/// Groups inside groups of RTF that have a state of their own.
pub const RTF_DEPTH: usize = 200;
/// Fonts of RTF whose charsets are kept.
pub const RTF_FONTS: usize = 1_000;
/// Octets kept of a link in RTF.
pub const RTF_LINK_OCTETS: usize = 2_000;
/// Octets of a calendar that are read.
pub const CALENDAR_OCTETS: usize = 1 << 20;
/// Calendars of one message that are read.
pub const CALENDARS: usize = 5;
/// Events of a calendar that are told.
pub const CALENDAR_EVENTS: usize = 5;
/// Octets kept of one line of a calendar.
pub const CALENDAR_LINE_OCTETS: usize = 8 << 10;
/// Attendees of an event that are told.
pub const CALENDAR_ATTENDEES: usize = 10;
/// Recipients read from a read receipt or a feedback report.
pub const FEEDBACK_RECIPIENTS: usize = 100;
/// Octets of a fact that a class rests on, as it is told.
pub const EVIDENCE_OCTETS: usize = 300;
/// Parts of a report that are read.
pub const REPORT_PARTS: usize = 20;
/// Octets by which a part of a report with another label is known.
pub const REPORT_SNIFF_OCTETS: usize = 4 << 10;
/// Fields read of one part of a report.
pub const REPORT_FIELDS: usize = 20_000;
/// Octets of one field of a report.
pub const REPORT_VALUE_OCTETS: usize = 8 << 10;
/// Octets of a part's own header that are looked through for the report that should stand below it.
pub const REPORT_HEAD_OCTETS: usize = 8 << 10;
/// Characters kept of what a remote server said about a recipient.
pub const DIAGNOSTIC_CHARS: usize = 1_000;
/// Octets of a bounce's text that are looked through for recipients and the id of the mail that came back.
pub const BOUNCE_TEXT_OCTETS: usize = 64 << 10;
/// Lines that a bounce may say about one recipient.
pub const BOUNCE_LINES: usize = 20;
/// Octets of all files of a message that are unpacked from BinHex.
pub const BINHEX_OCTETS: usize = 16 << 20;
/// Octets of an attachment's name.
pub const FILE_NAME_OCTETS: usize = 180;
/// Defects told of one message.
pub const DEFECTS: usize = 100;
/// Words of texts that we sent on a ticket that a reply is compared with.
pub const SENT_WORDS: usize = 50_000;
/// Octets of each alternative whose words are compared ...
pub const ALTERNATIVE_OCTETS: usize = 256 << 10;
/// ... and so many words of the HTML.
pub const ALTERNATIVE_WORDS: usize = 2_000;
/// Octets above the parts of a mail that are read where it has no other text.
pub const PREAMBLE_OCTETS: usize = 64 << 10;
/// Octets of HTML that are searched for the place where a quoted message begins.
pub const QUOTE_SEARCH_OCTETS: usize = 512 << 10;
/// Pictures of one message of which is told where in the text they stand.
pub const PICTURES: usize = 200;
/// Calendars of one message that are compared with each other.
pub const SAME_CALENDARS: usize = 10;
/// Octets read of one Authentication-Results field. What is longer proves nothing.
pub const AUTHENTICATION_OCTETS: usize = 16 << 10;
/// Such fields of one server that are read.
pub const AUTHENTICATION_FIELDS: usize = 20;
/// Results read of one of them.
pub const AUTHENTICATION_RESULTS: usize = 100;
/// Properties read of one result.
pub const AUTHENTICATION_PROPERTIES: usize = 50;
/// Results that are told as evidence.
pub const AUTHENTICATION_EVIDENCE: usize = 40;
/// Claims of such fields that are told, and fields in which they are looked for.
pub const AUTHENTICATION_CLAIMS: usize = 100;
/// Words of an answer, and of each side's texts on its ticket, that are compared for what leaks. What is older goes unseen.
pub const LEAK_WORDS: usize = 50_000;
/// Repeated pieces that are told of one answer ...
pub const LEAKS: usize = 5;
/// ... and characters of each.
pub const LEAK_CHARS: usize = 200;
