//! Lines to the control address.

use super::*;

#[test]
fn b4_mails_to_the_control_address_name_their_tickets() {
    let site = site();
    for (text, expected) in [
        ("resolve 4 7", "#4 #7 resolve"),
        ("resolve 4, 7", "#4 #7 resolve"),
        ("!take #12", "#12 take"),
        ("12 owner=anna", "#12 owner=anna"),
        ("12 owner anna", "#12 owner=anna"),
        ("12: Owner: anna", "#12 owner=anna"),
        ("owner 12 anna", "#12 owner=anna"),
        ("4,7 priority=high", "#4 #7 priority=high"),
        ("4 7 priority=high", "#4 #7 priority=high"),
        ("12 resolve", "#12 resolve"),
        ("12 +cc=a@b.example", "#12 cc+=a@b.example"),
        ("12 cc a@b.example", "#12 cc+=a@b.example"),
        ("time 12 1h20", "#12 time_worked+=1h20"),
        ("12 Field.Customer: ACME", "#12 field.Customer=ACME"),
        ("show 12", "show 12"),
        ("#12 show", "show 12"),
        ("list queue:net status:open", "list queue:net status:open"),
        ("whoami\nmine", "whoami; mine"),
        ("limit queue:net\nresolve 4", "limit queue:net; #4 resolve"),
        ("check\nresolve 4", "check; #4 resolve"),
        ("# a remark\nresolve 4", "remark; #4 resolve"),
        ("resolve 4\nthanks\nresolve 7", "#4 resolve; stop"),
        ("resolve 4\n--\nresolve 7", "#4 resolve; stop"),
        ("> resolve 4\nresolve 7", "#7 resolve"),
        // Several commands on one line.
        ("3 priority=medium due=+3d", "#3 priority=medium, due=+3d"),
        ("3, 4 status=resolved; owner=me", "#3 #4 status=resolved, owner=me"),
        ("3 subject='New title' +cc=a@b.example", "#3 subject=New title, cc+=a@b.example"),
        ("3 take; priority high", "#3 take, priority=high"),
        ("priority 3 high; due=friday", "#3 priority=high, due=friday"),
        ("3 priority=high dew=+3d", "WRONG there is no command \"dew\""),
        ("3 take; whoami", "WRONG \"whoami\" does not go with others on a line"),
        ("3 field.Customer=ACME Ltd priority=high", "#3 field.Customer=ACME Ltd, priority=high"),
        // As in debbugs.
        ("3 resolve", "#3 resolve"),
        ("#3 take", "#3 take"),
        ("resolve 3", "#3 resolve"),
        ("priority 3 70", "#3 priority=70"),
        ("severity 123 high", "#123 priority=high"),
        ("severity #123: high", "#123 priority=high"),
        ("reassign 3 network", "#3 queue=network"),
        ("retitle 3 New title", "#3 subject=New title"),
        ("tags 3 + printer", "#3 tags+=printer"),
        ("tags 3 - printer", "#3 tags-=printer"),
        ("merge 3 4", "#3 merge 4"),
        ("owner 3 !", "#3 owner=!"),
        ("noowner 3", "#3 untake"),
        ("close 3", "#3 close"),
        ("reopen 3", "#3 open"),
        ("block 3 by 4 5", "#3 depends+=4, 5"),
        ("unblock 3 by 4", "#3 depends-=4"),
        ("3 block with #4", "#3 depends+=#4"),
        ("forwarded 3 https://tracker.example/7", "#3 refers+=https://tracker.example/7"),
        ("submitter 3 carla@customer.example", "#3 requestors=carla@customer.example"),
        ("submitter 3 !", "#3 requestors=me"),
        ("unmerge 3", "#3 unmerge 3"),
        ("clone 3 -1", "#3 clone -1"),
        ("forcemerge 3 4", "WRONG there is nothing like \"forcemerge\" here"),
        ("found 3 1.2", "WRONG there is nothing like \"found\" here"),
        ("undo", "undo"),
        ("resolve", "WRONG resolve of which ticket?"),
        ("Status: resolved", "WRONG status of which ticket?"),
        ("12", "WRONG this is no command"),
        ("1x2 take", "WRONG this is no ticket"),
        ("0 take", "WRONG this is no ticket"),
        ("frobnicate 12", "WRONG there is no command \"frobnicate\""),
        ("", "prose"),
    ] {
        let script = read_control(Known { site: &site }, &Source { text, old: &[], plain: true, last: false }, Numbers::Tickets);
        assert_eq!(told(&script), expected, "{text}");
    }
    let letter = "Dear all,\nI am\naway\nuntil\nMonday\nresolve 4";
    let script =
        read_control(Known { site: &site }, &Source { text: letter, old: &[], plain: true, last: false }, Numbers::Tickets);
    assert!(told(&script).ends_with("5 lines are no commands: what follows was not read"), "{}", told(&script));
}

#[test]
fn b4_a_name_that_is_not_known_is_answered_with_the_one_that_was_meant() {
    let site = site();
    for (text, cure) in [
        ("resolv 4", "did you mean 'resolve'? !help lists the commands"),
        ("4 ownr=anna", "did you mean 'owner'? !help lists the commands"),
        ("4 priority=high duee=+3d", "did you mean 'due'? !help lists the commands"),
        ("limitt queue:net", "did you mean 'limit'? !help lists the commands"),
        ("frobnicate 12", "!help lists the commands"),
        ("owner anna", "write 12 owner=anna, or owner 12 anna"),
        ("resolve", "write resolve 12, or resolve 4 7, or 12 resolve"),
        ("merge", "write merge 4 #12"),
        ("forcemerge 3 4", "say which goes into which: merge 4 3, and #4 goes into #3"),
    ] {
        let script = read_control(Known { site: &site }, &Source { text, old: &[], plain: true, last: false }, Numbers::Tickets);
        let Does::Wrong { cure: said, .. } = &script.lines[0].does else { panic!("{text}: {script:?}") };
        assert_eq!(said, cure, "{text}");
    }
}

#[test]
fn b4_every_form_that_is_shown_is_read_as_its_command() {
    let site = site();
    for command in crate::decide::commands::COMMANDS {
        let form = form(command);
        let form = form.strip_prefix("write ").unwrap();
        let field = command.name == "field";
        let means = |does: &Does| match does {
            Does::Orders { orders, .. } => {
                orders.iter().all(|order| order.command == command.name || field && order.command.starts_with("field."))
            }
            _ => false,
        };
        let read = line::read(Known { site: &site }, form);
        assert!(read.as_ref().is_some_and(&means), "{form}: {read:?}");
        let with = with_ticket(command);
        for form in with.strip_prefix("write ").unwrap().split(", or ") {
            let script =
                read_control(Known { site: &site }, &Source { text: form, old: &[], plain: true, last: false }, Numbers::Tickets);
            let [line] = script.lines.as_slice() else { panic!("{form}: {script:?}") };
            assert!(means(&line.does), "{form}: {line:?}");
            let value = |does: &Does| match does {
                Does::Orders { orders, .. } => orders.iter().map(|order| order.value.as_str()).collect::<Vec<_>>().join(", "),
                _ => String::new(),
            };
            if command.kind != crate::decide::commands::Kind::Question && command.name != "undo" {
                assert_eq!(value(&line.does), value(read.as_ref().unwrap()), "{form}");
            }
        }
    }
    let read = |text: &str| line::read(Known { site: &site }, text);
    for text in ["Subject: 'Printer in room 12'", "!subject \"Printer in room 12\"", "!subject: Printer in room 12"] {
        let Some(Does::Orders { orders, .. }) = read(text) else { panic!("{text}") };
        assert_eq!(orders[0].value, "Printer in room 12", "{text}");
    }
    for text in ["!owner", "!due", "!priority:", "!subject"] {
        assert!(matches!(read(text), Some(Does::Wrong { wrong, .. }) if wrong.ends_with("needs a value")), "{text}");
    }
    assert!(matches!(read("!owner="), Some(Does::Orders { .. })), "by = a field is cleared");
}
