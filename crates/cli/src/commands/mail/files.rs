//! The files of a mail, with the numbers that they have on its ticket.

use crate::output::text::{self, line};
use crate::output::{Out, STRONG};
use postern_core::store::engine::{StoreError, Tx};
use postern_core::view::{self, MailDetail};
use postern_mail::Message;
use serde::Serialize;
use std::io;

/// A file of a mail.
#[derive(Debug, Serialize)]
pub(super) struct File {
    name: String,
    #[serde(rename = "type")]
    media_type: String,
    size: usize,
    /// Its number on the ticket; null: it is on none.
    number: Option<u64>,
}

/// The files as the mail is read. Where as many came with the entry that it became, these are they, in the same order.
pub(super) fn of(tx: &Tx<'_>, mail: &MailDetail, read: &Message) -> Result<Vec<File>, StoreError> {
    let mut numbers = Vec::new();
    if let (Some(ticket), Some(entry)) = (mail.mail.ticket, mail.entry)
        && !read.attachments.is_empty()
    {
        let ticket = view::ticket::show(tx, ticket)?;
        let there = ticket.iter().flat_map(|ticket| &ticket.attachments).filter(|file| file.entry == entry);
        numbers.extend(there.map(|file| file.number));
    }
    let known = numbers.len() == read.attachments.len();
    let file = |(at, file): (usize, &postern_mail::Attachment)| File {
        name: file.name.clone(),
        media_type: file.content_type.clone(),
        size: file.size,
        number: numbers.get(at).copied().filter(|_| known),
    };
    Ok(read.attachments.iter().enumerate().map(file).collect())
}

/// A list of them below the text.
pub(super) fn print(out: &mut Out, ticket: Option<u64>, files: &[File]) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.styled("Its files", STRONG)?;
    for file in files {
        let size = text::size(i64::try_from(file.size).unwrap_or(i64::MAX));
        let command = match (ticket, file.number) {
            (Some(ticket), Some(number)) => format!(": postern ticket attachment {ticket} {number}"),
            _ => String::new(),
        };
        out.line(format!("    {} ({}, {size}){command}", line(&file.name), line(&file.media_type)))?;
    }
    Ok(())
}
