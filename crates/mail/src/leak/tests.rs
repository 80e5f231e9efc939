//! What counts as repeated, what does not, and that it ends.

use super::*;
use proptest::prelude::*;

const COMMENT: &str = "Carla has not paid since March, and sales want to let the contract run out quietly.\n\
                       The master password of her account is Tr0ub4dor-and-3-horses.";
const HERS: &str = "Hello,\nsince this morning the printer on the second floor prints only stripes and nothing else at all.";

#[track_caller]
fn check(text: &str, internal: &[&str], open: &[&str], expected: &[&str]) {
    assert_eq!(repeated(text, internal, open), expected, "{text}");
}

#[test]
fn e12_eight_words_in_a_row_are_told_whatever_their_case_and_signs() {
    let told = "has not paid since March, and sales want";
    check(&format!("She {told} something."), &[COMMENT], &[], &[told]);
    check(
        "> HAS not paid\n> since march -- and Sales want it.",
        &[COMMENT],
        &[],
        &["HAS not paid > since march -- and Sales want"],
    );
    check("Carla has not paid since March, and.", &[COMMENT], &[], &[]);
    check("", &[COMMENT], &[], &[]);
    check("She has not paid since March, and sales want something.", &[], &[], &[]);
}

#[test]
fn e12_few_long_words_are_told_by_their_letters() {
    let comment = "Der Rahmenvertrag der Sonderkonditionen Bundesgeschäftsstelle unterschreibt niemand.";
    check(
        "Bitte: Rahmenvertrag der Sonderkonditionen Bundesgeschäftsstelle!",
        &[comment],
        &[],
        &["Rahmenvertrag der Sonderkonditionen Bundesgeschäftsstelle"],
    );
    check("Der Rahmenvertrag der Sonderkonditionen", &[comment], &[], &[]);
}

#[test]
fn e12_scripts_without_spaces_are_compared_by_letters() {
    let comment = "这位客户从三月起就没有付过款，销售部希望合同悄悄到期，请不要提供任何折扣。";
    check(
        "您好，这位客户从三月起就没有付过款，销售部希望合同悄悄到期。谢谢",
        &[comment],
        &[],
        &["这位客户从三月起就没有付过款，销售部希望合同悄悄到期"],
    );
    check("您好，客户从三月起就没有付过款。谢谢", &[comment], &[], &[]);
    let thai = "ลูกค้ารายนี้ไม่ได้ชำระเงินตั้งแต่เดือนมีนาคม";
    assert_eq!(repeated(&format!("เรียน {thai} ครับ"), &[thai], &[]).len(), 1);
}

#[test]
fn e12_what_customers_know_is_no_secret() {
    let comment = format!("{HERS}\n\nShe is right.");
    check(HERS, &[&comment], &[HERS], &[]);
    let greeting = "Hello Carla, thank you for your mail. We have looked at the printer in your office";
    check(&format!("{greeting} again."), &[&format!("I wrote: {greeting}")], &[&format!("{greeting}. Done.")], &[]);
    // Closing words that customers know, and a name below them that is new, are a signature.
    let closing = "Please do not hesitate to contact us. Best regards";
    let internal = format!("He is a pain. {closing} Anna Larsen");
    check(&format!("Done. {closing} Anna Larsen"), &[&internal], &[&format!("It is so. {closing} Ben")], &[]);
    // A phrase that they know makes no secret of the rest.
    let told = "the contract will run out quietly as soon as possible and nobody told her";
    let found = repeated(told, &[told], &["We answer as soon as possible and."]);
    assert_eq!(found, [told]);
}

#[test]
fn e12_a_signature_below_its_line_is_no_leak() {
    let signature = "Anna Larsen\nExample Support, Main Street 12, 12345 Town, phone +44 20 7946 0000, room 1984-2023-4444-5555";
    let comment = format!("I phoned her.\n-- \n{signature}\n");
    check(&format!("Please restart it.\n\n-- \n{signature}\n"), &[&comment], &[], &[]);
    check(&format!("Please restart it.\r\n-- \r\n{signature}\r\n"), &[&comment.replace('\n', "\r\n")], &[], &[]);
    // What stands below the signature of a comment is the comment again, and of an answer all is looked at.
    let secret = "Carla has not paid since March, and sales want to let the contract run out quietly.";
    check(&format!("Hello.\n{secret}"), &[&format!("{comment}\n{secret}")], &[], &[&secret[..secret.len() - 1]]);
    check(&format!("Hello.\n-- \nAnna\n{secret}"), &[secret], &[], &[&secret[..secret.len() - 1]]);
    let long = format!("Look:\n-- \n{}{secret}", "line\n".repeat(SIGNATURE_LINES));
    check(secret, &[&long], &[], &[&secret[..secret.len() - 1]]);
}

#[test]
fn e12_long_keys_are_told_alone() {
    for key in ["Tr0ub4dor-and-3-horses", "4901-2345-6789-0123-4567", "AKIAIOSFODNN7EXAMPLE", "sk_live_51H8xYzAbCdEfGh"] {
        let comment = format!("Her key (pw={key}), keep it.");
        check(&format!("Use {key}."), &[&comment], &[], &[key]);
        check(&format!("Use '{key}'."), &[&comment], &[&format!("What about {key}?")], &[]);
    }
    for innocent in [
        "https://support.example.org/handbook/page12",
        "2026-11-21T17:30:46Z",
        "carla1234567890@example.net",
        "short1",
        "Donaudampfschifffahrt",
    ] {
        check(&format!("See {innocent}"), &[&format!("Look: {innocent}")], &[], &[]);
    }
}

#[test]
fn e12_what_is_told_is_short_and_bounded() {
    let comment: String = (0..400).map(|n| format!("word{n} ")).collect();
    let found = repeated(&comment, &[&comment], &[]);
    assert_eq!((found.len(), found[0].chars().count()), (1, LEAK_CHARS + 1));
    let pieces: String = (0..40)
        .map(|n| format!("alpha{n} beta{n} gamma{n} delta{n} epsilon{n} zeta{n} eta{n} theta{n}. Different{n} "))
        .collect();
    let comment: String =
        (0..40).map(|n| format!("alpha{n} beta{n} gamma{n} delta{n} epsilon{n} zeta{n} eta{n} theta{n}. other ")).collect();
    assert_eq!(repeated(&pieces, &[&comment], &[]).len(), LEAKS);
}

#[test]
fn e12_long_and_repetitive_texts_end() {
    for unit in ["a ", "a b ", "款", "a b c d e f g h ", "0123456789abcdef "] {
        let text = unit.repeat(60_000);
        assert!(repeated(&text, &[&text], &[]).len() <= LEAKS);
        assert_eq!(repeated(&text, &[&text], &[&text]), Vec::<String>::new());
    }
}

proptest! {
    #[test]
    fn e12_any_texts_come_to_an_answer(text in "\\PC{0,200}", internal in "\\PC{0,200}", open in "\\PC{0,200}") {
        let found = repeated(&text, &[&internal], &[&open]);
        prop_assert!(found.len() <= LEAKS);
        prop_assert!(found.iter().all(|piece| !piece.contains('\n') && piece.chars().count() <= LEAK_CHARS + 1));
        prop_assert!(repeated(&text, &[&internal], &[&text, &open]).is_empty(), "what customers know is no secret");
    }

    #[test]
    fn e12_a_sentence_of_a_comment_is_found_wherever_it_stands(
        before in "[a-m ]{0,60}", after in "[a-m ]{0,60}", secret in proptest::collection::vec("[n-z]{2,7}", 8..20)
    ) {
        let secret = secret.join(" ");
        let comment = format!("{after}\n{secret}\n{before}");
        let found = repeated(&format!("{before} {secret} {after}"), &[&comment], &[]);
        prop_assert!(found.iter().any(|piece| piece.contains(&secret)), "{:?}", found);
        let innocent = format!("{before} {after}");
        prop_assert!(repeated(&innocent, &["entirely other words than those that stand above here"], &[]).is_empty());
    }
}
