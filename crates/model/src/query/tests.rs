//! The language, as tables and properties.

use super::*;
use crate::site::FieldDefinition;
use proptest::prelude::*;

fn said(text: &str) -> String {
    match parse(text) {
        Ok(query) => query.to_string(),
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn b4_queries_are_read_and_written() {
    for (text, expected) in [
        ("", ""),
        ("printer", "printer"),
        ("queue:noc status:open \"disk full\"", "queue:noc status:open \"disk full\""),
        ("Queue:noc  FROM:a@b.example", "queue:noc requestor:a@b.example"),
        ("status:\"in progress\"", "status:\"in progress\""),
        ("-status:new not tag:a", "-status:new -tag:a"),
        ("a or b c", "a or (b c)"),
        ("(a or b) c", "(a or b) c"),
        ("-(a or b)", "-(a or b)"),
        ("a AND b", "a b"),
        ("\"or\" \"-x\" \"a:b\" \"@x\"", "\"or\" \"-x\" \"a:b\" \"@x\""),
        ("print* subject:pri*", "print* subject:pri*"),
        ("\"disk fu\"*", "\"disk fu\"*"),
        ("field.Customer:ACME field.\"Room number\":\"4 b\"", "field.Customer:ACME field.\"Room number\":\"4 b\""),
        ("sort:-updated status:new sort:id", "status:new sort:-updated sort:id"),
        ("(a or b) sort:due", "(a or b) sort:due"),
        ("@mine -@noise", "@mine -@noise"),
        ("\"say \\\"x\\\"\"", "\"say \\\"x\\\"\""),
        ("text:disk example.org", "disk example.org"),
        (
            "priority:>50 updated:<2026-11-01 worked:2026-11-01..2026-11-03",
            "priority:>50 updated:<2026-11-01 worked:2026-11-01..2026-11-03",
        ),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn b4_errors_name_the_word_its_place_and_the_right_form() {
    for (text, expected) in [
        ("a colour:red", "there is no word colour: (character 3 of the query); known are text, subject, id, queue, status"),
        ("colour:red", "to find it as text, write \"colour:red\""),
        ("status:", "status: needs a value (character 1 of the query); write status:open"),
        ("is:lost", "\"lost\" is nothing that is: knows (character 1 of the query); write is:open: open, closed"),
        ("due:soon", "\"soon\" is nothing that due: knows (character 1 of the query); write due:<=today"),
        ("created:none", "\"none\" is nothing that created: knows"),
        ("priority:high", "\"high\" is nothing that priority: knows (character 1 of the query); write priority:>50"),
        ("depends:x", "\"x\" is nothing that depends: knows"),
        ("queue:n*", "only words of text can end with *"),
        ("(a", "a parenthesis is not closed (character 1 of the query)"),
        ("a )", "a parenthesis is closed that was not opened (character 3 of the query)"),
        ("()", "there is nothing between the parentheses"),
        ("a or", "or stands between two searches"),
        ("a -", "nothing follows what says not (character 3 of the query)"),
        ("\"a", "a quotation is not closed (character 1 of the query); end it with another \""),
        (":", "there is no word : (character 1"),
        ("\"!\"", "\"!\" has no letter and no digit"),
        ("@", "\"@\" is no name of a search"),
        ("sort:colour", "tickets are not sorted by \"colour\" (character 1 of the query); tickets are sorted by id, queue"),
        ("(sort:id)", "the order stands for the whole query"),
        ("field:x", "a field of the site's own has a name"),
        ("queue.x:y", "there is no word queue.x:"),
    ] {
        let error = said(text);
        assert!(error.starts_with("! ") && error.contains(expected), "{text}: {error}");
    }
    for (text, expected) in [
        ("a ".repeat(MOST_WORDS + 1), "more than 100 words"),
        ("a".repeat(MOST_OCTETS + 1), "longer than 4096 octets"),
        (format!("{}a{}", "(".repeat(17), ")".repeat(17)), "more than 16 parentheses"),
        (format!("{}a", "-".repeat(4000)), "more than 16 parentheses"),
    ] {
        assert!(said(&text).contains(expected), "{expected}");
    }
}

#[test]
fn examples_of_the_table_are_read() {
    for word in WORDS {
        let query = parse(word.example).unwrap_or_else(|error| panic!("{}: {error}", word.example));
        assert!(query.filter != Expr::default() || !query.sort.is_empty(), "{}", word.example);
        assert!(help().contains(word.help));
        for name in word.aliases {
            assert_eq!(super::word(name).map(|word| word.name), Some(word.name));
        }
    }
    let mut names: Vec<&str> = WORDS.iter().flat_map(|word| word.aliases.iter().chain([&word.name])).copied().collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "a name stands for one word");
    for search in BUILT_IN {
        assert!(is_name(search.name) && parse(search.query).is_ok(), "{}", search.name);
    }
}

const NOW: i64 = 1_795_262_400_000_000;

fn meaning(text: &str) -> Result<Meaning, QueryError> {
    let fields = [FieldDefinition { name: "Customer".to_owned(), ..FieldDefinition::default() }];
    let queues = ["noc".to_owned(), "support".to_owned()];
    let known = Known {
        names: Names::AtTerminal,
        now: NOW,
        me: Some("anna"),
        queues: &queues,
        life_cycles: &[],
        fields: &fields,
        is_login: &|login| login == "anna" || login == "ben",
    };
    let named = |name: &str| match name {
        "a" => Some("@b".to_owned()),
        "b" => Some("@a".to_owned()),
        "broken" => Some("colour:red".to_owned()),
        "both" => Some("@mine or @untaken".to_owned()),
        "wide" => Some("(@both @both) or (@both @both)".to_owned()),
        "wider" => Some("@wide @wide @wide @wide".to_owned()),
        "widest" => Some("@wider @wider @wider @wider".to_owned()),
        _ => None,
    };
    Ok(parse(text)?.expand(&named)?.resolve(&known)?.filter)
}

fn status(word: &str) -> Meaning {
    Meaning::Is(Test::Status(word.to_owned()))
}

fn text(words: &str) -> Meaning {
    Meaning::Is(Test::Text(Wording { words: words.to_owned(), prefix: false, phrases: Vec::new() }))
}

#[test]
fn b4_words_of_one_kind_widen_and_of_different_kinds_narrow() {
    use Meaning::*;
    for (query, expected) in [
        ("status:new status:open", All(vec![Any(vec![status("new"), status("open")])])),
        ("status:new disk status:open full", All(vec![Any(vec![status("new"), status("open")]), text("disk"), text("full")])),
        ("-status:new -status:open", All(vec![Not(Box::new(status("new"))), Not(Box::new(status("open")))])),
        ("status:IN-progress", status("in progress")),
        ("status:inactive", Is(Test::Kind(crate::life_cycle::StatusKind::Inactive))),
        ("queue:NOC", Is(Test::Queue("noc".into()))),
        ("owner:me", Is(Test::Person(Role::Owner, Who::Login("anna".into())))),
        ("from:Carla@Example.net", Is(Test::Person(Role::Requestor, Who::Address("carla@example.net".into())))),
        ("field.customer:none", Is(Test::Field("Customer".into(), None))),
        (
            "@mine",
            All(vec![
                Is(Test::Person(Role::Owner, Who::Login("anna".into()))),
                Not(Box::new(Is(Test::Kind(crate::life_cycle::StatusKind::Inactive)))),
            ]),
        ),
    ] {
        assert_eq!(meaning(query).unwrap(), expected, "{query}");
    }
}

#[test]
fn b4_beginnings_of_words_are_few_and_not_too_short() {
    for (text, expected) in [
        ("pri*", None),
        ("\"disk full\"*", None),
        ("\u{6771}*", None),
        (
            "pr*",
            Some(
                "\"pr*\" is too short for the beginning of a word (character 1 of the query); write at least 3 letters before the *",
            ),
        ),
        ("\"disk fu\"*", Some("too short")),
        ("\"disk f!\"*", Some("too short")),
        ("disk -(subject:p* or tag:a)", Some("\"p*\" is too short for the beginning of a word (character 8")),
        ("aaa* bbb* ccc* ddd* eee*", None),
        ("aaa* bbb* ccc* ddd* eee* fff*", Some("more than 5 words end with * (character 26 of the query)")),
    ] {
        match (meaning(text), expected) {
            (Ok(_), None) => {}
            (Err(error), Some(expected)) => assert!(error.to_string().contains(expected), "{text}: {error}"),
            (other, _) => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn b4_what_is_not_there_is_named() {
    for (query, missing, expected) in [
        ("queue:nope", true, "there is no queue \"nope\" (character 1 of the query); the queues are noc, support"),
        (
            "tag:x owner:nosuch",
            true,
            "there is no person with the login \"nosuch\" (character 7 of the query); `postern person list`",
        ),
        ("requestor:nobody", true, "there is no person with the login \"nobody\""),
        (
            "status:opne",
            false,
            "there is no status \"opne\" (character 1 of the query); a ticket is new, open, stalled, resolved",
        ),
        ("field.Colour:x", true, "there is no field \"Colour\" (character 1 of the query); the fields are Customer"),
        ("@nope", true, "there is no saved search @nope"),
        ("@a", false, "the saved search @a leads back to itself"),
        ("@broken", false, "the saved search @broken cannot be understood: there is no word colour:"),
        ("@widest", false, "with its saved searches the query has more than 100 words"),
    ] {
        let error = meaning(query).unwrap_err();
        assert!(error.to_string().contains(expected), "{query}: {error}");
        assert_eq!(error.missing, missing, "{query}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        let _ = said(&text);
    }

    #[test]
    fn what_is_written_is_read_again_as_it_was(parts in proptest::collection::vec(part(), 0..12)) {
        let text = parts.join(" ");
        if let Ok(query) = parse(&text) {
            let written = query.to_string();
            prop_assert_eq!(parse(&written).map_err(|error| error.to_string()), Ok(query), "{} -> {}", text, written);
        }
    }
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("("),
        Just(")"),
        Just("or"),
        Just("not"),
        Just("-"),
        Just("and"),
        Just("@mine"),
        Just("\"a b\""),
        Just("a"),
        Just("status:new"),
        Just("tag:\"x y\""),
        Just("field.\"N o\":v"),
        Just("sort:-due"),
        Just("pri*"),
        Just("due:none"),
    ]
    .prop_map(str::to_owned)
    .boxed()
    .prop_union("[a-z\"\\\\*.:@(-]{1,8}".boxed())
}
