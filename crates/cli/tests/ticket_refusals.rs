//! What the verbs about tickets refuse: exit status, one line, and what to do instead. Nothing is changed by any of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::Write;
use std::process::{Output, Stdio};
use support::{Site, assert_fails, command};

/// Ticket 1 in the sample's queue, owned by anna.
fn site() -> Site {
    let site = Site::new();
    let more = "[[queue]]\nname = \"noc\"\naddress = \"noc@example.org\"\n[[person]]\nlogin = \"ben\"\nname = \"Ben\"\nemail = [\"ben@example.org\"]\nrole = \"staff\"\n[[person]]\nlogin = \"gus\"\nname = \"Gus\"\nemail = [\"gus@example.net\"]\nrole = \"guest\"\n";
    let sample = std::fs::read_to_string(site.path("site.toml")).unwrap();
    std::fs::write(site.path("site.toml"), format!("{sample}\n{more}")).unwrap();
    site.text(&["apply"]);
    site.text(&["ticket", "create", "Printer", "--queue", "support", "--owner", "anna", "--as", "anna"]);
    site
}

#[test]
fn a_command_line_that_is_wrong_exits_2() {
    let site = site();
    for (arguments, said) in [
        (&["create"][..], "a ticket needs a subject; write it on the line"),
        (&["create", "-"], "a ticket needs a subject; "),
        (&["create", "--text", "Words"], "a ticket needs a subject; "),
        (&["create", "X", "-", "--text", "Words"], "--text and --edit cannot be; leave one away"),
        (&["create", "X", "--set", "colour=red"], "there is no field \"colour\"; `postern ticket fields` lists the fields"),
        (&["reply"], "<N>"),
        (&["reply", "1"], "there is no text; give it with --text, or write - to read it from standard input"),
        (&["comment", "1"], "there is no text; "),
        (&["reply", "1", "Hello"], "only - may stand here, for a text from standard input; give words with --text"),
        (&["reply", "one", "-"], "a ticket is named by its number, such as 12"),
        (&["reply", "1", "--text", "X", "--edit"], "'--edit'"),
        (&["reply", "1", "--text", "X", "--verbose"], "--dry-run"),
        (&["reply", "1", "--text", "X", "--set", "status"], "write FIELD=VALUE; "),
        (&["set"], "<N|FIELD=VALUE>..."),
        (&["set", "1"], "FIELD=VALUE is missing; "),
        (&["set", "status=open"], "its number is missing; "),
        (&["set", "1", "statsu=open"], "there is no field \"statsu\"; "),
        (&["set", "1", "open"], "\"open\" is neither a ticket's number nor FIELD=VALUE; "),
        (&["set", "1", "owner", "anna"], "a field and its value are one word; write owner=anna"),
        (&["set", "1", "owner", "=", "anna"], "a field and its value are one word; write owner=anna"),
        (&["take"], "<N>"),
        (&["resolve", "-"], "its number is missing; "),
        (&["forward", "1"], "--to"),
        (&["forward", "1", "2", "3", "--to", "x@example.com"], "one entry is forwarded at a time; "),
    ] {
        let all = [&["ticket"], arguments, &["--as", "anna"]].concat();
        assert_fails(&site.run_with(&all, b"words\n"), 2, said);
    }
}

#[test]
fn what_cannot_be_done_exits_1() {
    let site = site();
    for (arguments, said) in [
        (&["create", "X"][..], "there are several queues; say --queue, one of support, noc"),
        (&["create", "X", "--queue", "nope"], "there is no queue \"nope\"; the queues are support, noc"),
        (&["create", "X", "--queue", "noc", "--requestor", "carla"], "\"carla\" is neither an address nor a login; "),
        (&["create", "X", "--queue", "noc", "--cc", "noc@example.org"], "is an address of ours; "),
        (&["reply", "99", "--text", "X"], "there is no ticket 99; "),
        (&["reply", "1", "--text", "X", "--attach", "nothing"], "reading nothing failed: "),
        (&["reply", "1", "--text", "X", "--attach", "/dev/zero"], "/dev/zero is no file; "),
        (&["reply", "1", "--text", "  "], "the text is empty, nothing was done; "),
        (&["reply", "1", "--text", "X", "--cc", "nobody-there"], "is neither an address nor a login; "),
        (&["set", "1", "status=finished"], "there is no status \"finished\"; "),
        (&["set", "1", "owner=gus"], "gus does not work here; "),
        (&["set", "1", "owner=nobody-there"], "there is nobody called \"nobody-there\"; "),
        (&["set", "1", "queue=nope"], "there is no queue \"nope\"; "),
        (&["set", "1", "priority=900"], "\"900\" is no priority; "),
        (&["set", "1", "due=2026-02-30"], "\"2026-02-30\" is no date; "),
        (&["set", "1", "status+=open"], "it is one value and no list; write status=VALUE"),
        (&["set", "1", "subject="], "a ticket needs a subject; "),
        (&["take", "1"], "#1 is owned by anna; steal takes it over all the same"),
        (&["watch", "1", "not-there"], "\"not-there\" is neither an address nor a login; "),
        (&["watch", "1", "support@example.org"], "is an address of ours; "),
        (&["forward", "1", "77", "--to", "x@example.com"], "ticket 1 has no entry 77; `postern ticket show 1` numbers them"),
        (&["forward", "1", "--to", "not-there"], "is neither an address nor a login; "),
    ] {
        let before = (site.json(&["ticket", "show", "1"]), site.json(&["ticket", "list"]), site.json(&["outbox", "list"]));
        for dry_run in [false, true] {
            let mut all = [&["ticket"], arguments, &["--as", "ben"]].concat();
            all.extend(dry_run.then_some("--dry-run"));
            assert_fails(&site.run(&all), 1, said);
        }
        let after = (site.json(&["ticket", "show", "1"]), site.json(&["ticket", "list"]), site.json(&["outbox", "list"]));
        assert_eq!(before, after, "{arguments:?}");
    }
}

#[test]
fn standard_input_that_is_empty_sends_nothing() {
    let site = site();
    for input in [&b""[..], b" \n\n"] {
        let output = site.run_with(&["ticket", "reply", "1", "-", "--as", "ben"], input);
        assert_fails(&output, 1, "the text is empty, nothing was done; ");
    }
}

/// Runs `postern ticket` on ticket 1 with a standard input that is there before the program begins.
fn with_input(site: &Site, arguments: &[&str], input: impl Into<Stdio>) -> Output {
    let config = site.path("postern.toml");
    let all = [&["--config", config.to_str().unwrap(), "ticket"], arguments, &["--as", "anna"]].concat();
    command(&all).stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
}

#[test]
fn a_text_that_nobody_reads_is_not_lost() {
    let site = site();
    let before = (site.text(&["ticket", "list", "--json"]), site.text(&["ticket", "show", "1", "--json"]));
    std::fs::write(site.path("report"), "Disk full\n").unwrap();
    let dash =
        "there is a text on standard input, which is not read; write - after the rest to read it as the text, or </dev/null";
    for (arguments, said) in [
        (&["create", "Disks", "--queue", "noc"][..], dash),
        (&["resolve", "1"], dash),
        (&["comment", "1", "--attach", "/etc/hostname"], dash),
        (&["forward", "1", "--to", "x@example.com"], dash),
        (&["accept", "1"], "write what the verb needs behind the number, or </dev/null"),
        (&["comment", "1"], "there is no text; give it with --text, or write - "),
    ] {
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"Disk full\n").unwrap();
        // Its other end stays open, as under ssh: nobody waits for more.
        assert_fails(&with_input(&site, arguments, reader), 2, said);
        assert_fails(&with_input(&site, arguments, std::fs::File::open(site.path("report")).unwrap()), 2, said);
    }
    assert_eq!((site.text(&["ticket", "list", "--json"]), site.text(&["ticket", "show", "1", "--json"])), before);
}

#[test]
fn a_standard_input_without_a_text_is_none() {
    let site = site();
    let done = |output: Output| assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let create = &["create", "Disks", "--queue", "noc"][..];
    done(with_input(&site, create, Stdio::null()));
    let (open_and_silent, _writer) = std::io::pipe().unwrap();
    done(with_input(&site, create, open_and_silent));
    // The second line of a file, as in `while read line; do … done <list`.
    std::fs::write(site.path("list"), "one\ntwo\n").unwrap();
    let mut list = std::fs::File::open(site.path("list")).unwrap();
    std::io::Read::read_exact(&mut list, &mut [0; 4]).unwrap();
    done(with_input(&site, create, list));
    // Whoever says the text on the line, or that there is none to read, means what they say.
    let words = [create, &["--text", "Words"]].concat();
    done(with_input(&site, &words, std::fs::File::open(site.path("list")).unwrap()));
    let output = with_input(&site, &[create, &["-"]].concat(), std::fs::File::open(site.path("list")).unwrap());
    done(output);
    assert!(site.text(&["ticket", "show", "6"]).contains("two"));
}

#[test]
fn standard_input_that_is_no_text_sends_nothing() {
    let site = site();
    for verb in [&["reply", "1", "-"][..], &["comment", "1", "-"], &["create", "X", "-", "--queue", "noc"]] {
        let output = site.run_with(&[&["ticket"], verb, &["--as", "ben"]].concat(), b"\x7fELF\x02\x01\x01\0\0");
        assert_fails(&output, 1, "what came on standard input is no text, nothing was done; attach it with --attach FILE");
    }
}

#[test]
fn standard_input_without_end_is_left_early() {
    let site = site();
    let config = std::fs::read_to_string(site.path("postern.toml")).unwrap();
    std::fs::write(site.path("postern.toml"), format!("{config}\n[gateway]\nmax_message_size = \"64 KiB\"\n")).unwrap();
    let config = site.path("postern.toml");
    let mut child = command(&["--config", config.to_str().unwrap(), "ticket", "reply", "1", "-", "--as", "ben"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // It ends before it has read everything, which breaks the pipe.
    while input.write_all(&[b'x'; 4096]).is_ok() {}
    assert_fails(&child.wait_with_output().unwrap(), 1, "standard input is larger than 66 kB; send less");
    std::fs::write(site.path("large"), vec![b'x'; 40_000]).unwrap();
    let twice = ["ticket", "reply", "1", "--text", "X", "--attach", "large", "--attach", "large", "--as", "ben"];
    assert_fails(&site.run(&twice), 1, "large, with the other files, is larger than 26 kB; send less");
}

#[test]
fn who_acts_must_be_somebody() {
    let site = site();
    assert_fails(&site.run(&["ticket", "resolve", "1", "--as", "nosuch"]), 1, "there is no person with the login \"nosuch\"; ");
    assert_fails(&site.run(&["ticket", "create", "X", "--as", ""]), 1, "there is no person with the login \"\"; ");
}

#[test]
fn of_two_who_take_a_ticket_at_once_one_is_refused() {
    let site = site();
    let config = site.path("postern.toml");
    let config = config.to_str().unwrap();
    for round in 2..7 {
        let number = site.json(&["ticket", "create", "Free", "--queue", "noc", "--as", "anna"])["ticket"].to_string();
        assert_eq!(number, round.to_string());
        let take = |who| {
            let mut command = command(&["--config", config, "ticket", "take", &number, "--as", who]);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let ends = [take("anna"), take("ben")].map(|child| child.wait_with_output().unwrap());
        let refused: Vec<&Output> = ends.iter().filter(|end| !end.status.success()).collect();
        let [refused] = refused[..] else { panic!("{ends:?}") };
        assert_fails(refused, 1, &format!("#{number} is owned by "));
    }
}
