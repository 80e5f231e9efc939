//! Lists of MAPI properties (MS-OXTNEF 2.1.3.4), as slices of the stream.

use std::collections::BTreeMap;

/// Properties by the numbers that MS-OXPROPS gives them.
pub(super) mod tag {
    pub(in super::super) const MESSAGE_CLASS: u16 = 0x001a;
    pub(in super::super) const SUBJECT: u16 = 0x0037;
    pub(in super::super) const CLIENT_SUBMIT_TIME: u16 = 0x0039;
    pub(in super::super) const REPRESENTING_NAME: u16 = 0x0042;
    pub(in super::super) const ORIGINAL_SUBJECT: u16 = 0x0049;
    pub(in super::super) const ORIGINAL_SUBMIT_TIME: u16 = 0x004e;
    pub(in super::super) const START_DATE: u16 = 0x0060;
    pub(in super::super) const END_DATE: u16 = 0x0061;
    pub(in super::super) const REPRESENTING_ADDRESS: u16 = 0x0065;
    pub(in super::super) const SENDER_NAME: u16 = 0x0c1a;
    pub(in super::super) const SUPPLEMENTARY_INFO: u16 = 0x0c1b;
    pub(in super::super) const SENDER_ADDRESS: u16 = 0x0c1f;
    pub(in super::super) const DISPLAY_TO: u16 = 0x0e04;
    pub(in super::super) const BODY: u16 = 0x1000;
    pub(in super::super) const REPORT_TEXT: u16 = 0x1001;
    pub(in super::super) const RTF_COMPRESSED: u16 = 0x1009;
    pub(in super::super) const BODY_HTML: u16 = 0x1013;
    pub(in super::super) const ORIGINAL_MESSAGE_ID: u16 = 0x1046;
    pub(in super::super) const DISPLAY_NAME: u16 = 0x3001;
    pub(in super::super) const EMAIL_ADDRESS: u16 = 0x3003;
    pub(in super::super) const ATTACH_DATA: u16 = 0x3701;
    pub(in super::super) const ATTACH_FILE_NAME: u16 = 0x3704;
    pub(in super::super) const ATTACH_METHOD: u16 = 0x3705;
    pub(in super::super) const ATTACH_LONG_FILE_NAME: u16 = 0x3707;
    pub(in super::super) const ATTACH_MIME_TAG: u16 = 0x370e;
    pub(in super::super) const ATTACH_CONTENT_ID: u16 = 0x3712;
    pub(in super::super) const ATTACH_FLAGS: u16 = 0x3714;
    pub(in super::super) const SMTP_ADDRESS: u16 = 0x39fe;
    pub(in super::super) const INTERNET_CODE_PAGE: u16 = 0x3fde;
    pub(in super::super) const SENDER_SMTP: u16 = 0x5d01;
    pub(in super::super) const REPRESENTING_SMTP: u16 = 0x5d02;
    pub(in super::super) const ATTACHMENT_HIDDEN: u16 = 0x7ffe;
}

/// Named properties of appointments that are read, by their number in PSETID_Appointment.
pub(super) mod appointment {
    pub(in super::super) const LOCATION: u32 = 0x8208;
    pub(in super::super) const START: u32 = 0x820d;
    pub(in super::super) const END: u32 = 0x820e;
    pub(in super::super) const ALL_DAY: u32 = 0x8215;
    pub(in super::super) const RECURRENCE: u32 = 0x8232;
    pub(in super::super) const ZONE: u32 = 0x8234;
}

/// PSETID_Appointment, {00062002-0000-0000-C000-000000000046}.
const PSETID_APPOINTMENT: [u8; 16] = [0x02, 0x20, 0x06, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// A value, by the width and kind that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A number of at most 32 bits, or a truth.
    Number(u32),
    /// 64 bits; a time counts 100 ns since 1601.
    Long(u64),
    /// Text in the code page of the stream.
    String8(&'a [u8]),
    /// Text in UTF-16, little end first.
    Unicode(&'a [u8]),
    /// Octets.
    Binary(&'a [u8]),
    /// An object: 16 octets that name its interface, then the object.
    Object(&'a [u8]),
}

/// The properties that somebody may ask for; of equal ones the first counts.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    plain: BTreeMap<u16, Value<'a>>,
    appointment: BTreeMap<u32, Value<'a>>,
}

impl<'a> Properties<'a> {
    /// A property by its number.
    pub(super) fn get(&self, tag: u16) -> Option<Value<'a>> {
        self.plain.get(&tag).copied()
    }

    /// A named property of an appointment.
    pub(super) fn appointment(&self, number: u32) -> Option<Value<'a>> {
        self.appointment.get(&number).copied()
    }

    /// A property that is a number.
    pub(super) fn number(&self, tag: u16) -> Option<u32> {
        match self.get(tag)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Adds the properties of a list; `false` when it was not readable to its end.
    pub(super) fn read(&mut self, data: &'a [u8]) -> bool {
        self.list(&mut Cursor { rest: data })
    }

    fn list(&mut self, cursor: &mut Cursor<'a>) -> bool {
        let Some(count) = cursor.u32() else { return false };
        for _ in 0..count {
            // Every property takes octets, so a count that lies ends with them.
            if self.one(cursor).is_none() {
                return false;
            }
        }
        true
    }

    fn one(&mut self, cursor: &mut Cursor<'a>) -> Option<()> {
        let kind = cursor.u16()?;
        let tag = cursor.u16()?;
        let name = if tag >= 0x8000 { Some(cursor.name()?) } else { None };
        let (value, whole) = cursor.values(kind)?;
        if let Some(value) = value {
            match name {
                // Numbers above 0x8000 mean something else in each stream; only the name says what.
                Some(Some(number)) => {
                    self.appointment.entry(number).or_insert(value);
                }
                Some(None) => {}
                None => {
                    self.plain.entry(tag).or_insert(value);
                }
            }
        }
        whole.then_some(())
    }
}

/// The rows of a table, each a list of properties (MS-OXTNEF 2.1.3.5.1); at most so many, as far as they can be read.
pub(super) fn rows(data: &[u8], most: usize) -> Vec<Properties<'_>> {
    let mut cursor = Cursor { rest: data };
    let mut rows = Vec::new();
    for _ in 0..cursor.u32().unwrap_or(0) {
        let mut row = Properties::default();
        if rows.len() >= most || !row.list(&mut cursor) {
            break;
        }
        rows.push(row);
    }
    rows
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let (data, rest) = self.rest.split_at_checked(size)?;
        self.rest = rest;
        Some(data)
    }

    /// Goes on to the next multiple of four from a value of `size` octets. At the end of the list padding may lack.
    fn pad(&mut self, size: usize) {
        let padding = (4 - size % 4) % 4;
        self.rest = self.rest.get(padding..).unwrap_or_default();
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(*self.take(2)?.first_chunk()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }

    /// The name of a named property: its number, if it is one of an appointment.
    fn name(&mut self) -> Option<Option<u32>> {
        let space = self.take(16)?;
        if self.u32()? == 0 {
            let number = self.u32()?;
            return Some((space == PSETID_APPOINTMENT).then_some(number));
        }
        let size = self.size()?;
        self.take(size)?;
        self.pad(size);
        Some(None)
    }

    /// The first of a property's values; and whether it was there to its end. Nothing comes of what has several by nature.
    fn values(&mut self, kind: u16) -> Option<(Option<Value<'a>>, bool)> {
        let several = kind & 0x1000 != 0;
        let kind = kind & 0x0fff;
        if matches!(kind, 0x000d | 0x001e | 0x001f | 0x0102) {
            let mut found = None;
            for _ in 0..self.u32()? {
                let size = self.size()?;
                let whole = self.rest.len() >= size;
                let data = self.take(size.min(self.rest.len()))?;
                self.pad(size);
                found = found.or(Some(match kind {
                    0x000d => Value::Object(data),
                    0x001e => Value::String8(data),
                    0x001f => Value::Unicode(data),
                    _ => Value::Binary(data),
                }));
                if !whole {
                    return Some((found.filter(|_| !several), false));
                }
            }
            return Some((found.filter(|_| !several), true));
        }
        let width = match kind {
            0x0000 | 0x0001 => 0,
            0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => 4,
            0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
            0x0048 => 16,
            _ => return None,
        };
        if several {
            let all = self.size()?.checked_mul(width)?;
            self.take(all)?;
            return Some((None, true));
        }
        let data = self.take(width)?;
        let value = match width {
            4 => data.first_chunk().map(|n| Value::Number(u32::from_le_bytes(*n))),
            8 => data.first_chunk().map(|n| Value::Long(u64::from_le_bytes(*n))),
            _ => None,
        };
        Some((value, true))
    }
}
