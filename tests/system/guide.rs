//! The guides are followed to the letter: every command that they print is run, in order, on a machine of their own below a temporary
//! directory, and what they show of its output is compared; every part of a configuration is read by the programs.
//!
//! The administrator's pages are followed as root, with a private Postfix in the place of the machine's. Paths of the machine and the
//! mail server's port are exchanged for those below the directory, in commands and, the other way round, in what they print.
//! `cargo test -p postern-tests --test guide -- --nocapture` prints every command with what it said, to be shown in a page.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::guide::{Block, alike, as_typed_by, blocks, mentioned};
use harness::postfix::{Postfix, ensure_user, free_port, give};
use harness::process::{Outcome, run, wait_until};
use harness::programs::{directory, not_run, program, source_tree};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const PAGES: [&str; 14] = [
    "README.md",
    "docs/install-postfix.md",
    "docs/guide.md",
    "docs/trouble.md",
    "docs/desk.md",
    "docs/configuration.md",
    "docs/security.md",
    "docs/life-cycles.md",
    "docs/rights.md",
    "docs/mail-desk.md",
    "docs/mail-commands.md",
    "docs/audit.md",
    "docs/people.md",
    "docs/search.md",
];

/// Pages with mails in them: mail_desk.rs sends these, runs the commands between them, and compares what comes of both.
const MAIL_PAGES: [&str; 3] = ["docs/mail-desk.md", "docs/mail-commands.md", "docs/audit.md"];

/// These two tell of the inside and print no commands to type; of the third, border.rs writes each file and runs the mail servers with it, as
/// one of several, which no reader does in a row.
const NOT_GUIDES: [&str; 3] = ["docs/architecture.md", "docs/mail-behaviour.md", "docs/install-border.md"];

/// What mail_desk.rs sends and compares.
const MAILS: [&str; 3] = ["mail", "answer", "clock"];

/// The people and queues of the pages that do not say how to set up a site.
const SITE: &str = r#"
[[queue]]
name = "support"
address = "support@example.org"
comment_address = "support-comment@example.org"
from_name = "Example Support"
admincc = ["anna", "ben"]

[[queue]]
name = "noc"
address = "noc@example.org"
automatic_mail = "ticket"
admincc = ["group:noc"]

[[person]]
login = "anna"
name = "Anna Larsen"
email = "anna@example.org"
role = "staff"

[[person]]
login = "ben"
name = "Ben Okafor"
email = "ben@example.org"
role = "staff"

[[group]]
name = "noc"
members = ["anna", "ben"]
"#;

const MACHINE: &str = r#"
[site]
name = "example.org"
[database]
url = "sqlite:/var/lib/postern/postern.db"
[outgoing]
courier = "directory:outgoing"
from = "support@example.org"
bounce = "postern-bounces@example.org"
"#;

fn page(name: &str) -> String {
    std::fs::read_to_string(source_tree().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A machine as the guides know it, below a temporary directory.
struct Machine {
    directory: TempDir,
    postfix: Option<Postfix>,
    /// As whom `$` commands act.
    actor: Option<&'static str>,
}

impl Machine {
    fn new(postfix: Option<Postfix>) -> Self {
        let directory = TempDir::with_prefix("postern-guide-").unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
        for name in ["bin", "home"] {
            std::fs::create_dir(directory.path().join(name)).unwrap();
        }
        Machine { directory, postfix, actor: None }
    }

    /// A machine on which Postern is set up, one mail has come in and mail leaves into files; all commands act for somebody.
    fn set_up(actor: &'static str) -> Self {
        let mut machine = Machine::new(None);
        for name in ["conf", "data"] {
            std::fs::create_dir(machine.path(name)).unwrap();
        }
        machine.write("/etc/postern/postern.toml", MACHINE);
        machine.write("/etc/postern/site.toml", SITE);
        let wrapper = format!(
            "#!/bin/sh\ncase \" $* \" in *' --as '*) exec {0} \"$@\" ;; *) exec {0} --as {actor} \"$@\" ;; esac\n",
            program("postern").display()
        );
        std::fs::write(machine.path("bin/postern"), wrapper).unwrap();
        std::fs::set_permissions(machine.path("bin/postern"), PermissionsExt::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(program("postern-mailgate"), machine.path("bin/postern-mailgate")).unwrap();
        machine.actor = Some(actor);
        let customer = source_tree().join("examples/mails/customer.eml");
        let arrive =
            format!("postern init && postern-mailgate --queue support <{} && postern outbox run --once", customer.display());
        machine.bash(&arrive, false).expect_code(0);
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// What stands in the guides, and what it is here. A pipe that Postfix starts knows no environment of ours.
    fn exchanges(&self) -> Vec<(String, String)> {
        let here = |name: &str| self.path(name).display().to_string();
        let config = format!(" --config {}", here("conf/postern.toml"));
        let mut exchanges = vec![
            ("\"|/usr/local/bin/postern-mailgate".to_owned(), format!("\"|{}{config}", here("bin/postern-mailgate"))),
            ("/etc/postern".to_owned(), here("conf")),
            ("/var/lib/postern".to_owned(), here("data")),
            ("/usr/local/bin".to_owned(), here("bin")),
            ("/usr/local/share/man".to_owned(), here("home/man")),
            ("target/release/".to_owned(), format!("{}/", directory().display())),
        ];
        if let Some(postfix) = &self.postfix {
            exchanges.push(("127.0.0.1:25".to_owned(), format!("127.0.0.1:{}", postfix.port())));
        }
        exchanges
    }

    fn here(&self, text: &str) -> String {
        self.exchanges().iter().fold(text.to_owned(), |text, (there, here)| text.replace(there, here))
    }

    fn there(&self, text: &str) -> String {
        self.exchanges().iter().fold(text.to_owned(), |text, (there, here)| text.replace(here, there))
    }

    /// Writes a file as an editor does: who it belongs to and its mode stay.
    fn write(&self, path: &str, text: &str) {
        let path = self.here(path);
        std::fs::write(&path, self.here(text)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    fn bash(&self, script: &str, by_root: bool) -> Outcome {
        let as_postern = self.actor.is_none() && !by_root;
        let mut command = Command::new(if as_postern { "runuser" } else { "bash" });
        if as_postern {
            command.args(["-u", "postern", "--", "bash"]);
        }
        command.arg("-c").arg(format!("set -euo pipefail; exec 2>&1; {}", self.here(script)));
        command.current_dir(if by_root { source_tree() } else { self.path("home") }).env_clear();
        let path = format!("{}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", self.path("bin").display());
        command.env("PATH", path).env("HOME", self.path("home")).env("LC_ALL", "C.UTF-8").env("EDITOR", "true");
        command.env("POSTERN_CONFIG", self.path("conf/postern.toml"));
        if let Some(postfix) = &self.postfix {
            command.env("MAIL_CONFIG", postfix.path("etc"));
        }
        run(&mut command, b"")
    }

    /// Does what a block says; complaints are what went otherwise than it says.
    fn follow(&self, block: &Block) -> Vec<String> {
        if block.told("not run:").is_some() {
            return Vec::new();
        }
        if block.language == "toml" || block.told("file:").is_some() {
            self.edit(block);
            return Vec::new();
        }
        let steps = block.steps();
        if steps.is_empty() {
            return Vec::new();
        }
        let by_root = steps[0].by_root;
        assert!(steps.iter().all(|step| step.by_root == by_root), "line {}: one block, one prompt", block.line);
        let script: String = steps.iter().map(|step| format!("printf '\\001'\n{}\n", step.command)).collect();
        let outcome = self.bash(&script, by_root);
        let wanted = block.told("ends with").map_or(0, |code| code.parse().expect("an exit status"));
        let printed = self.there(&outcome.out);
        let printed = self.actor.map_or_else(|| printed.clone(), |actor| as_typed_by(Some(actor), &printed));
        let mut complaints = Vec::new();
        if outcome.code != Some(wanted) {
            complaints.push(format!("line {}: status {:?} instead of {wanted}:\n{printed}", block.line, outcome.code));
        }
        for (step, printed) in steps.iter().zip(printed.split('\u{1}').skip(1)) {
            print!("{} {}\n{printed}", if by_root { '#' } else { '$' }, step.command);
            if !step.shown.is_empty() && !alike(&step.shown, printed) {
                complaints
                    .push(format!("line {}: {}\n--- printed:\n{printed}--- shown:\n{}", block.line, step.command, step.shown));
            }
        }
        if let Some(postfix) = self.postfix.as_ref().filter(|_| script.contains("sendmail")) {
            wait_until("Postfix to deliver or to put off", Duration::from_secs(60), || postfix.waiting() == postfix.deferred());
        }
        complaints
    }

    fn edit(&self, block: &Block) {
        if let Some(path) = block.told("file:") {
            return self.write(path, &block.text);
        }
        let read = |path: &str| self.there(&std::fs::read_to_string(self.here(path)).expect("a file that was there"));
        if let Some(path) = block.told("added to:") {
            return self.write(path, &format!("{}\n{}", read(path), block.text));
        }
        let Some((section, path)) = block.told("below").and_then(|rest| rest.split_once(" of: ")) else {
            return read_alone(block);
        };
        let before = read(path);
        assert!(before.contains(&format!("{section}\n")), "line {}: {path} has no {section}", block.line);
        self.write(path, &before.replacen(&format!("{section}\n"), &format!("{section}\n{}", block.text), 1));
    }

    #[track_caller]
    fn follow_pages(&self, pages: &[&str]) {
        let mut complaints = Vec::new();
        for name in pages {
            for block in blocks(&page(name)) {
                complaints.extend(self.follow(&block).into_iter().map(|complaint| format!("{name} {complaint}")));
            }
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
    }
}

/// A part of a configuration that belongs to nothing before it: the programs read it on a machine of its own.
#[track_caller]
fn read_alone(block: &Block) {
    let machine = Machine::new(None);
    let machine = Machine { actor: Some("system"), ..machine };
    for name in ["conf", "data"] {
        std::fs::create_dir(machine.path(name)).unwrap();
    }
    std::os::unix::fs::symlink(program("postern"), machine.path("bin/postern")).unwrap();
    std::fs::write(machine.path("conf/smtp.password"), "secret\n").unwrap();
    let of_the_machine = ["[database]", "[outgoing]", "[gateway]"].iter().any(|section| block.text.contains(section));
    machine.write("/etc/postern/postern.toml", if of_the_machine { &block.text } else { MACHINE });
    machine.write("/etc/postern/site.toml", if of_the_machine { SITE } else { &block.text });
    let outcome = machine.bash("postern init && postern apply --dry-run && postern outbox run --once", false);
    assert_eq!(outcome.code, Some(0), "line {}: {}\n{}", block.line, outcome.out, block.text);
    assert!(outcome.out.contains("Nothing changes."), "line {}: {}", block.line, outcome.out);
}

#[test]
fn a_new_administrator_gets_from_nothing_to_a_site_that_works() {
    if let Some(why) = Postfix::missing() {
        return not_run("guide: installation, administration, trouble", &why);
    }
    if !Path::new("/usr/bin/sqlite3").exists() {
        return not_run("guide: backup", "Debian's package sqlite3 is not installed");
    }
    ensure_user();
    let postfix = Postfix::new(free_port());
    let mail = postfix.path("mail").display().to_string();
    postfix.write_aliases(&format!("anna: {mail}/anna/\nben: {mail}/ben/\n"));
    let main = std::fs::read_to_string(postfix.path("etc/main.cf")).unwrap();
    let table = format!("alias_database = $default_database_type:{}", postfix.path("aliases/table").display());
    std::fs::write(postfix.path("etc/main.cf"), main.replace("alias_database =", &table)).unwrap();
    postfix.start();
    let machine = Machine::new(Some(postfix));
    give(&machine.path("home"), "postern");
    machine.follow_pages(&["docs/install-postfix.md", "docs/guide.md", "docs/trouble.md"]);
}

#[test]
fn a_technician_works_as_the_desk_guide_says() {
    Machine::set_up("anna").follow_pages(&["docs/desk.md"]);
}

#[test]
fn an_administrator_makes_a_life_cycle() {
    Machine::set_up("anna").follow_pages(&["docs/life-cycles.md"]);
}

#[test]
fn the_readme_and_the_reference_show_commands_that_work() {
    Machine::set_up("anna").follow_pages(&["README.md"]);
    Machine::set_up("anna").follow_pages(&["docs/configuration.md"]);
}

#[test]
fn an_administrator_gives_rights_as_the_page_says() {
    Machine::set_up("anna").follow_pages(&["docs/rights.md"]);
}

#[test]
fn an_administrator_merges_and_erases_people_as_the_page_says() {
    Machine::set_up("anna").follow_pages(&["docs/people.md"]);
}

#[test]
fn tickets_are_found_as_the_page_says() {
    Machine::set_up("anna").follow_pages(&["docs/search.md"]);
}

/// The reference against the programs' own tables: every key, every rule that comes with Postern, every name in texts and conditions.
#[test]
fn the_reference_leaves_nothing_out() {
    let machine = Machine::set_up("anna");
    let reference = page("docs/configuration.md");
    let mut missing = Vec::new();
    for file in ["postern.toml", "site.toml"] {
        let source = machine.bash(&format!("postern man --page {file}"), false).out;
        let keys = source.lines().filter_map(|line| line.strip_prefix("\\fB")?.split_once("\\fR = ")).map(|(key, _)| key);
        missing.extend(
            keys.filter(|key| !reference.contains(&format!("`{key}`")) && !reference.contains(&format!(".{key}`")))
                .map(str::to_owned),
        );
    }
    let rules: serde_json::Value = serde_json::from_str(&machine.bash("postern rule list --json", false).out).unwrap();
    for rule in rules.as_array().unwrap() {
        let word = |key: &str| rule[key].as_str().unwrap().to_owned();
        let when = Some(word("when")).filter(|when| !when.is_empty()).map_or(" ".to_owned(), |when| format!(" `{when}` "));
        let (beginning, end) = (
            format!("| `{}` | {} |{when}|", word("name"), word("on")),
            format!("| {} | `{}` |", word("audience"), word("template")),
        );
        let recipients = rule["notify"].as_array().unwrap();
        let row = reference.lines().find(|line| line.starts_with(&beginning) && line.ends_with(&end));
        if row.is_none_or(|row| recipients.iter().any(|who| !row.contains(who.as_str().unwrap()))) {
            missing.push(format!("{beginning} ... {end} {recipients:?}"));
        }
    }
    let in_texts = machine.bash("printf 'Subject: x\\n\\n{{ unheard }}\\n' | postern template check - || true", false).out;
    let rule = "on=create when=unheard notify=owner audience=staff template=owner";
    let in_conditions = machine.bash(&format!("postern rule add x {rule} --dry-run || true"), false).out;
    for said in [in_texts, in_conditions] {
        let (_, known) = said.split_once("known are ").unwrap_or_else(|| panic!("no list of names: {said}"));
        let names = known.split([';', '\n']).next().unwrap().split(", ").map(str::trim);
        missing.extend(names.filter(|name| !reference.contains(&format!("`{name}`"))).map(str::to_owned));
    }
    assert!(missing.is_empty(), "docs/configuration.md does not have {missing:#?}");
}

#[test]
fn every_block_is_of_a_kind_that_is_looked_at_and_what_is_not_run_says_why() {
    let mut complaints = Vec::new();
    for entry in std::fs::read_dir(source_tree().join("docs")).unwrap() {
        let file = format!("docs/{}", entry.unwrap().file_name().to_string_lossy());
        if file.ends_with(".md") && !PAGES.contains(&file.as_str()) && !NOT_GUIDES.contains(&file.as_str()) {
            complaints.push(format!("{file} is followed by no test"));
        }
    }
    for name in PAGES {
        for block in blocks(&page(name)) {
            let language = block.language.as_str();
            let of_mails = MAIL_PAGES.contains(&name) && MAILS.contains(&language);
            let known = ["sh", "console", "toml", "text"].contains(&language) || of_mails;
            let hidden = block.language == "text" && block.text.lines().any(|line| line.starts_with("$ "));
            if !known || hidden {
                complaints.push(format!("{name} line {}: a block of '{}' is run by nobody", block.line, block.language));
            }
            if let Some(why) = block.told("not run:") {
                eprintln!("{name} line {}: not run, {why}: {}", block.line, block.text.trim_end().replace('\n', "; "));
            }
        }
        let indented = page(name).lines().any(|line| line.starts_with("    postern ") || line.starts_with("    runuser "));
        if indented {
            complaints.push(format!("{name}: commands in an indented block are run by nobody"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn links_between_pages_lead_somewhere() {
    let slug = |title: &str| {
        let kept = title.to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect::<String>()
    };
    let mut complaints = Vec::new();
    for name in PAGES {
        let text = page(name);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let file =
                if path.is_empty() { source_tree().join(name) } else { source_tree().join(name).parent().unwrap().join(path) };
            let target = std::fs::read_to_string(&file).unwrap_or_default();
            let mut titles =
                target.lines().filter(|line| line.starts_with('#')).map(|line| slug(line.trim_start_matches(['#', ' '])));
            if !file.is_file() || !anchor.is_empty() && !titles.any(|title| title == anchor) {
                complaints.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(complaints.is_empty(), "links to nowhere: {complaints:#?}");
}

/// `postern ticket list` in a sentence: the verb exists and knows the options.
#[test]
fn verbs_and_options_in_sentences_exist() {
    let mut help: BTreeMap<Vec<String>, Outcome> = BTreeMap::new();
    let mut complaints = Vec::new();
    for name in PAGES {
        for mention in mentioned(&page(name)) {
            let words: Vec<&str> = mention.split_whitespace().skip(1).collect();
            let is_verb = |word: &&&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
            let verbs: Vec<String> = words.iter().take_while(is_verb).map(|word| (*word).to_owned()).collect();
            let told = help_of(&mut help, &verbs);
            let options = words.iter().filter(|word| word.starts_with("--")).map(|word| word.trim_end_matches(','));
            let unknown: Vec<&str> = options.filter(|option| !told.out.contains(*option)).collect();
            if told.code != Some(0) || !unknown.is_empty() {
                complaints.push(format!("{name}: `{mention}`: {unknown:?} {}", told.err));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// What `--help` says of the verb that the words begin with: a login or another word after it is no part of it.
fn help_of<'a>(cache: &'a mut BTreeMap<Vec<String>, Outcome>, verbs: &[String]) -> &'a Outcome {
    cache.entry(verbs.to_vec()).or_insert_with(|| {
        let ask = |verbs: &[String]| run(Command::new(program("postern")).args(verbs).arg("--help"), b"");
        let told = ask(verbs);
        if told.code == Some(0) || verbs.len() < 3 { told } else { ask(&verbs[..2]) }
    })
}
