//! What the mail server must be told, as lines to copy.

use std::path::Path;

use postern_model::site::{QueueDefinition, SiteDefinition};

use super::users::{Filer, quoted};
use crate::config::{Config, DEFAULT_PATH};

/// The alias file of the queues; a directory of its own, because the table is written with the rights of the file's owner.
pub(super) const ALIAS_FILE: &str = "/etc/postern/aliases/table";

/// Lines for an alias file of Postfix (Exim and sendmail read them too): each queue's addresses, the control address and the one for
/// failure reports, piped to the gate. Comments tell how to make Postfix use it.
pub fn alias_lines(config: &Config, site: &SiteDefinition, mailgate: &Path) -> Vec<String> {
    let filer = Filer::of(config);
    let directory = ALIAS_FILE.rsplit_once('/').map_or(ALIAS_FILE, |(directory, _)| directory);
    let (name, rightful) = (filer.name(), filer.rightful());
    let owner = rightful.split_once(':').map_or(format!("-o {name}"), |(user, group)| format!("-o {user} -g {group}"));
    let mut lines = vec![
        format!(
            "# The pipe must run as {name}. Postfix runs it as the owner of the alias file: make one that is {name}'s, as root."
        ),
        format!("#   install -d {owner} -m 755 {directory}"),
        format!("# Write these lines into {ALIAS_FILE}:"),
    ];
    lines.extend(pipes(config, site, mailgate));
    lines.extend([
        "# Then:".to_owned(),
        format!("#   chown {rightful} {ALIAS_FILE}"),
        format!("#   postalias {ALIAS_FILE}"),
        "# Keep what `postconf alias_maps` shows and add the table to it, such as:".to_owned(),
        format!("#   postconf -e 'alias_maps = $alias_database, $default_database_type:{ALIAS_FILE}'"),
        "#   postfix reload".to_owned(),
    ]);
    lines
}

fn pipes(config: &Config, site: &SiteDefinition, mailgate: &Path) -> Vec<String> {
    let mut gate = quoted(&mailgate.display().to_string());
    if config.path != Path::new(DEFAULT_PATH) {
        let whole = std::fs::canonicalize(&config.path).unwrap_or_else(|_| config.path.clone());
        gate.push_str(&format!(" --config {}", quoted(&whole.display().to_string())));
    }
    let line = |address: &str, options: &str| {
        let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
        format!("{local}: \"|{}\"", format!("{gate}{options}").replace('\\', "\\\\").replace('"', "\\\""))
    };
    let mut lines = Vec::new();
    for queue in site.queues.iter().filter(|queue| !queue.disabled) {
        let options = |action: &str| format!(" --queue {} --action {action}", quoted(&queue.name));
        for address in std::iter::once(&queue.address).chain(&queue.aliases) {
            lines.push(line(address, &options("correspond")));
        }
        lines.extend(queue.comment_address.iter().map(|address| line(address, &options("comment"))));
    }
    // Without --queue: they are known by their recipient, and belong to no queue.
    let control = site.commands.control_address.iter();
    let bounce = config.bounce.iter().filter(|bounce| owner_of(&site.queues, bounce).is_none());
    lines.extend(control.chain(bounce).map(|address| line(address, "")));
    lines
}

/// The queue that has an address, in whatever way.
pub(super) fn owner_of<'q>(queues: &'q [QueueDefinition], address: &str) -> Option<&'q QueueDefinition> {
    queues.iter().find(|queue| {
        queue.address == address
            || queue.comment_address.as_deref() == Some(address)
            || queue.aliases.iter().any(|alias| alias == address)
    })
}
