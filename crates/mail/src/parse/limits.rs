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
/// Octets of text that a guess of the charset looks at.
pub const GUESS_OCTETS: usize = 64 << 10;
/// Octets of HTML that are rendered with structure; more is stripped of its tags.
pub const HTML_OCTETS: usize = 512 << 10;
/// Nesting of HTML elements that is rendered with structure.
pub const HTML_DEPTH: usize = 200;
/// Tags of HTML that are rendered with structure.
pub const HTML_TAGS: usize = 20_000;
/// Cells of HTML tables that are rendered with structure.
pub const HTML_CELLS: usize = 4_000;
/// Attributes of one HTML tag that is rendered with structure.
pub const HTML_ATTRIBUTES: usize = 500;
/// Formatting elements that a parser would open again in further blocks, in HTML that is rendered with structure.
pub const HTML_ANEW: usize = 100_000;
/// Octets that quotes and lists may put in front of the lines of HTML that is rendered with structure.
pub const HTML_PREFIXES: usize = 1 << 20;
/// Octets of an attached message that are read for its subject.
pub const INNER_HEAD_OCTETS: usize = 16 << 10;
/// Octets of a delivery report that are read.
pub const REPORT_OCTETS: usize = 256 << 10;
/// Recipients read from a delivery report.
pub const REPORT_RECIPIENTS: usize = 1_000;
/// Octets of an attachment's name.
pub const FILE_NAME_OCTETS: usize = 180;
/// Defects told of one message.
pub const DEFECTS: usize = 100;
