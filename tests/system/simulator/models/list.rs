//! A mailing list as list managers run them: fields of RFC 2369 and RFC 2919, a prefix, a footer, an address for its bounces.

use super::super::mail::{Mail, addresses};
use super::{Me, Model};

/// A mailing list; its targets are its members.
#[derive(Debug)]
pub(super) struct List {
    pub(super) reply_to_list: bool,
}

impl Model for List {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let post = me.address.clone();
        let (local, domain) = post.split_once('@').unwrap_or((&post, "lists.example"));
        // A list knows its own mail, and takes no reports.
        let own = mail.fields("List-Post").iter().any(|value| value.contains(&post));
        if own || mail.from.is_none() || mail.says("Precedence", &["bulk", "junk"]) {
            return Vec::new();
        }
        let prefix = format!("[{local}] ");
        let subject = mail.field("Subject");
        let subject = if subject.contains(&prefix) { subject } else { format!("{prefix}{subject}") };
        let bounces = format!("{local}-bounces@{domain}");
        let authors = addresses(&mail.field("From"));
        let members: Vec<String> = me.targets.iter().filter(|member| !authors.contains(member)).cloned().collect();
        let footer = format!("\r\n_______________________________________________\r\n{local} mailing list -- {post}\r\n");
        let send = |to: &String| {
            let dropped = ["return-path", "subject", "list-id", "list-post", "precedence"];
            let mut copy =
                mail.passed_on(to).without(|name| dropped.contains(&name) || (self.reply_to_list && name == "reply-to"));
            if self.reply_to_list {
                copy = copy.stamped(&format!("Reply-To: {post}"));
            }
            copy = copy.stamped("Precedence: list").stamped(&format!("List-Post: <mailto:{post}>"));
            copy = copy.stamped(&format!("List-Id: <{local}.{domain}>")).stamped(&format!("Subject: {subject}"));
            if !mail.says("Content-Type", &["multipart"]) {
                copy.raw.extend(footer.as_bytes());
            }
            Mail { from: Some(bounces.clone()), ..copy }
        };
        members.iter().map(send).collect()
    }
}
