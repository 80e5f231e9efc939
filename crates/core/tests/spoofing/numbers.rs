//! Nothing that leaves tells whoever guesses numbers which of them exist (A97).

use crate::mail_support::Site;
use crate::outbox::{copy, words};
use crate::world::{From, Mode, Named, Path, Results, Row, STAFF, Thread, Token, Wish, World, setting, sql, world};
use postern_core::intake::{self, Delivery};

/// The mails to whoever neither works here nor is a customer of the ticket, octet by octet.
fn to_outsiders(world: &World, mail: &str, to: &Delivery) -> Vec<Vec<String>> {
    let (_directory, mut engine) = copy(world);
    let before = words(&engine, "SELECT CAST(max(id) AS TEXT) FROM outbox", 1)[0][0].clone();
    intake::deliver(&mut engine, &setting(&world.site), mail.as_bytes(), to).unwrap();
    let sql = format!(
        "SELECT o.address, o.envelope_from, o.kind, o.headers, CAST(c.data AS TEXT) FROM outbox o JOIN content c ON c.id = o.text_id
         WHERE o.id > {before} ORDER BY o.id"
    );
    let mut mails = words(&engine, &sql, 5);
    mails.retain(|mail| !STAFF.contains(&mail[0].as_str()) && mail[0] != From::Carla.address());
    mails
}

/// Rows that name a ticket by its number alone.
fn rows(mode: Mode) -> Vec<Row> {
    let mut rows = Vec::new();
    for from in From::ALL {
        for (token, thread) in [(Token::Absent, Thread::Tag), (Token::Bent, Thread::Absent), (Token::Bent, Thread::Tag)] {
            for wish in [Wish::Reply, Wish::Comment, Wish::Resolve] {
                for reply_to in [Named::Absent, Named::Elsewhere] {
                    let (results, sender, path) = (Results::Silent, Named::Absent, Path::Same);
                    rows.push(Row { mode, from: *from, results, token, thread, wish, reply_to, sender, path });
                }
            }
        }
    }
    rows
}

fn alike(world: &World, mode: Mode) -> usize {
    let mut mailed = 0;
    for row in rows(mode) {
        let (mail, to) = world.mail(&row);
        let other = |text: &str| text.replace("#1]", "#77]").replace("support+1.", "support+77.");
        let mut elsewhere = to.clone();
        for route in &mut elsewhere.routes {
            route.recipient = route.recipient.as_deref().map(other);
        }
        assert_ne!(mail, other(&mail));
        let there = to_outsiders(world, &mail, &to);
        assert_eq!(there, to_outsiders(world, &other(&mail), &elsewhere), "{row:?}");
        mailed += there.len();
    }
    mailed
}

#[test]
fn a97_mails_to_outsiders_are_the_same_for_numbers_that_exist_and_that_do_not() {
    for mode in [Mode::Weak, Mode::Strong] {
        assert!(alike(&world(mode), mode) > 10, "strangers are answered");
    }
}

#[test]
fn a97_where_strangers_may_join_guessing_tells_nothing_either() {
    for policy in ["internal", "accept"] {
        let mut world = world(Mode::Weak);
        let site: &mut Site = &mut world.site;
        sql(site, &format!("UPDATE queue SET strangers = '{policy}'"));
        alike(&world, Mode::Weak);
    }
}
