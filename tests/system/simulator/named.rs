//! The worst days of help desks, by name.

use super::models::{Careless, How, Kind, Name, Text, Whom};
use super::random::told;
use super::topology::{Beginning, Deed, PartyPlan, Place, SitePlan, Topology};
use super::world::{Question, Report, run};

/// Everything must end by itself, within the bound.
const BOUNDED: Question = Question { bounded: true, ends: true, most: 1_000 };

const SUPPORT: Place = Place::Queue(0, 0);

fn customer(kind: Kind) -> PartyPlan {
    PartyPlan { kind, staff_of: None, targets: Vec::new() }
}

fn staff(kind: Kind) -> PartyPlan {
    PartyPlan { kind, staff_of: Some(0), targets: Vec::new() }
}

fn passing(kind: Kind, targets: &[Place]) -> PartyPlan {
    PartyPlan { kind, staff_of: None, targets: targets.to_vec() }
}

/// Somebody writes to the first queue.
fn writes(from: usize) -> Beginning {
    mails(from, SUPPORT, &[])
}

fn mails(from: usize, to: Place, cc: &[Place]) -> Beginning {
    Beginning { minute: 0, deed: Deed::Mail { from, to, cc: cc.to_vec() } }
}

fn answers(ticket: u64, closing: bool) -> Beginning {
    Beginning { minute: 30, deed: Deed::Reply { site: 0, ticket, closing } }
}

/// One site with these parties.
fn one_site(parties: Vec<PartyPlan>, beginnings: Vec<Beginning>) -> Topology {
    Topology { seed: 1, sites: vec![SitePlan::default()], parties, aliases: Vec::new(), beginnings }
}

#[track_caller]
fn ends(topology: &Topology) -> Report {
    match run(topology, BOUNDED) {
        Ok(report) => {
            eprintln!("{} mails, {} arrivals, {} of them did something", report.sent, report.arrivals, report.effective);
            report
        }
        Err(failure) => {
            panic!("{}\n{topology:#?}\n{}", failure.why, told(&failure.transcript))
        }
    }
}

fn careless(text: Text) -> Kind {
    Kind::Careless(Careless::saying(text))
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a115_careless_answers_on_both_sides_of_a_ticket_end() {
    for text in [Text::Fixed, Text::Quoting, Text::Growing, Text::Number, Text::Chatter] {
        let parties = vec![customer(careless(text)), staff(careless(Text::Fixed))];
        ends(&one_site(parties, vec![writes(0)]));
    }
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a115_two_careless_customers_of_one_ticket_end() {
    let parties = vec![customer(careless(Text::Fixed)), customer(careless(Text::Quoting)), staff(Kind::Quiet)];
    ends(&one_site(parties, vec![mails(0, SUPPORT, &[Place::Party(1)]), answers(1, false)]));
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a115_subjects_that_grow_end() {
    let parties = vec![customer(careless(Text::Growing)), staff(careless(Text::Growing))];
    ends(&one_site(parties, vec![writes(0)]));
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a115_talking_programs_on_both_sides_end() {
    let parties = vec![customer(careless(Text::Chatter)), staff(careless(Text::Chatter))];
    ends(&one_site(parties, vec![writes(0)]));
}

/// Slower than the windows are long, so that no count in them ever grows: such a loop is bounded by time alone.
#[test]
fn a115_a_slow_loop_stays_within_the_bound() {
    let slow = |text, minutes| Kind::Careless(Careless { minutes, ..Careless::saying(text) });
    for (text, minutes) in [(Text::Fixed, 110), (Text::Chatter, 170)] {
        let parties = vec![customer(slow(text, minutes)), staff(slow(text, minutes))];
        let report = run(&one_site(parties, vec![writes(0)]), Question { ends: false, ..BOUNDED }).unwrap();
        assert!(!report.stopped, "{report:?}");
    }
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a114_an_answerer_that_threads_nothing_gets_few_acknowledgements() {
    for name in [Name::Own, Name::NoReply, Name::Changing] {
        let kind = Kind::Careless(Careless { threads: false, name, text: Text::Number, ..Careless::fixed() });
        ends(&one_site(vec![customer(kind), staff(Kind::Quiet)], vec![writes(0)]));
    }
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a115_a_tracker_that_writes_under_another_address_each_time_ends() {
    for threads in [true, false] {
        let kind = Kind::Careless(Careless { name: Name::Changing, whom: Whom::ReplyTo, threads, ..Careless::fixed() });
        let parties = vec![customer(kind), staff(careless(Text::Fixed))];
        ends(&one_site(parties, vec![writes(0)]));
    }
}

#[test]
fn a117_polite_answering_machines_on_both_sides_end_at_once() {
    for kind in [Kind::Sieve(1), Kind::Exchange, Kind::Gmail, Kind::Classic] {
        let parties = vec![customer(kind.clone()), staff(kind)];
        let report = ends(&one_site(parties, vec![writes(0), answers(1, true)]));
        assert!(report.sent <= 8, "{report:?}");
    }
}

/// Two sites.
fn two_sites(second: SitePlan, parties: Vec<PartyPlan>, beginnings: Vec<Beginning>) -> Topology {
    Topology { sites: vec![SitePlan::default(), second], ..one_site(parties, beginnings) }
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a113_two_posterns_that_are_customers_of_each_other_end() {
    let ask = |site, of| Beginning { minute: 0, deed: Deed::Ask { site, of } };
    for same_name in [false, true] {
        let second = SitePlan { same_name, ..SitePlan::default() };
        let begin = vec![ask(0, Place::Queue(1, 0)), ask(1, SUPPORT), answers(1, false)];
        ends(&two_sites(second.clone(), vec![staff(Kind::Quiet)], begin));
        let begin = vec![mails(0, SUPPORT, &[Place::Queue(1, 0)]), answers(1, true)];
        ends(&two_sites(second.clone(), vec![customer(careless(Text::Fixed)), staff(Kind::Quiet)], begin));
        let watching = SitePlan { cc: vec![SUPPORT], ..second };
        let mut topology =
            two_sites(watching, vec![customer(Kind::Person(2))], vec![writes(0), mails(0, Place::Queue(1, 0), &[])]);
        topology.sites[0].cc = vec![Place::Queue(1, 0)];
        ends(&topology);
    }
}

#[test]
fn a115_a_list_that_has_the_queue_as_member_ends() {
    for reply_to_list in [false, true] {
        let list = passing(Kind::List { reply_to_list }, &[SUPPORT, Place::Party(1), Place::Party(2)]);
        let parties = vec![list, customer(careless(Text::Fixed)), customer(Kind::Person(2)), staff(Kind::Quiet)];
        ends(&one_site(parties, vec![mails(2, Place::Party(0), &[]), answers(1, false)]));
    }
}

#[test]
fn a115_a_list_that_is_told_of_everything_and_has_the_queue_as_member_ends() {
    let list = passing(Kind::List { reply_to_list: true }, &[SUPPORT, Place::Party(1)]);
    let mut topology = one_site(vec![list, customer(Kind::Person(1)), staff(careless(Text::Fixed))], vec![writes(1)]);
    topology.sites[0].cc = vec![Place::Party(0)];
    ends(&topology);
}

#[test]
fn a113_what_we_send_and_somebody_forwards_to_us_ends() {
    for how in [How::Whole, How::WithoutTrace, How::Anew] {
        let parties = vec![passing(Kind::Forwards(how), &[SUPPORT]), staff(Kind::Quiet)];
        ends(&one_site(parties, vec![writes(0), answers(1, false)]));
        let parties = vec![passing(Kind::Forwards(how), &[Place::Party(1)]), passing(Kind::Forwards(how), &[SUPPORT])];
        ends(&one_site(parties, vec![writes(0)]));
    }
}

#[test]
fn a115_staff_who_forward_everything_to_the_queue_end() {
    for how in [How::Whole, How::WithoutTrace, How::Anew] {
        let forwarder = PartyPlan { staff_of: Some(0), ..passing(Kind::Forwards(how), &[SUPPORT]) };
        ends(&one_site(vec![customer(careless(Text::Fixed)), forwarder], vec![writes(0)]));
    }
}

#[test]
fn a116_aliases_that_point_to_one_another_end() {
    let mut topology = one_site(vec![customer(Kind::Person(2)), staff(Kind::Quiet)], vec![mails(0, Place::Alias(0), &[])]);
    topology.aliases = vec![vec![Place::Alias(1), SUPPORT], vec![Place::Alias(0), Place::Party(1)]];
    ends(&topology);
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a124_bouncers_of_whatever_we_send_end() {
    for kind in [Kind::Refused, Kind::Bounces, Kind::Delays, Kind::CarelessBouncer] {
        for bounce in [false, true] {
            let mut topology = one_site(
                vec![customer(kind.clone()), staff(Kind::Bounces), staff(kind.clone())],
                vec![writes(0), answers(1, true)],
            );
            topology.sites[0].bounce = bounce;
            ends(&topology);
        }
    }
}

#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a115_another_tracker_and_ours_end() {
    for marked in [false, true] {
        for to in [SUPPORT, Place::Party(0)] {
            let parties = vec![customer(Kind::Tracker { marked }), customer(Kind::Person(2)), staff(careless(Text::Fixed))];
            let mut topology = one_site(parties, vec![mails(1, to, &[Place::Party(0), SUPPORT]), writes(0), answers(1, false)]);
            topology.sites[0].cc = vec![Place::Party(0)];
            ends(&topology);
        }
    }
}

/// What random topologies found: one machine is enough where it answers under another address than the one that we write to.
#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a115_one_machine_that_answers_under_another_address_ends() {
    for name in [Name::NoReply, Name::Changing] {
        let kind = Kind::Careless(Careless { name, ..Careless::fixed() });
        ends(&one_site(vec![customer(Kind::Quiet), staff(kind.clone())], vec![writes(0)]));
    }
    ends(&one_site(vec![customer(Kind::Quiet), staff(Kind::CarelessBouncer)], vec![writes(0)]));
}

/// The same, with the second address in Cc.
#[test]
#[ignore = "no brake on rate and likeness yet"]
fn a115_a_machine_that_is_in_cc_under_an_alias_ends() {
    let mut topology =
        one_site(vec![customer(careless(Text::Fixed)), staff(Kind::Quiet)], vec![mails(0, SUPPORT, &[Place::Alias(0)])]);
    topology.aliases = vec![vec![Place::Party(0)]];
    ends(&topology);
}

/// Nobody but a machine writes to an envelope sender that is no queue's.
#[test]
#[ignore = "what comes to the bounce address is taken for a person's"]
fn a115_a_machine_that_answers_the_envelope_sender_ends_at_once() {
    let kind = Kind::Careless(Careless { whom: Whom::Envelope, ..Careless::fixed() });
    let mut topology = one_site(vec![customer(kind.clone()), staff(kind)], vec![writes(0), answers(1, false)]);
    topology.sites[0].bounce = true;
    let report = ends(&topology);
    assert!(report.sent <= 8, "{report:?}");
}

/// Sites that name each other, and nobody else who answers: the marks that go on with a mail end every circle.
#[test]
fn a113_two_posterns_alone_end_at_once() {
    let ask = |site, of| Beginning { minute: 0, deed: Deed::Ask { site, of } };
    for same_name in [false, true] {
        let second = SitePlan { same_name, cc: vec![SUPPORT], ..SitePlan::default() };
        let begin = vec![ask(0, Place::Queue(1, 0)), ask(1, SUPPORT), answers(1, false), writes(0)];
        let mut topology = two_sites(second, vec![customer(Kind::Person(2)), staff(Kind::Quiet)], begin);
        topology.sites[0].cc = vec![Place::Queue(1, 0)];
        let report = ends(&topology);
        assert!(report.sent <= 40, "{report:?}");
    }
}

#[test]
fn a_run_is_the_same_each_time() {
    let parties = vec![customer(careless(Text::Chatter)), staff(Kind::Person(3)), customer(Kind::Tracker { marked: false })];
    let topology = two_sites(
        SitePlan::default(),
        parties,
        vec![mails(0, SUPPORT, &[Place::Party(2), Place::Queue(1, 0)]), answers(1, true)],
    );
    let question = Question { bounded: false, ends: false, most: 40 };
    let [first, second] = [(), ()].map(|()| run(&topology, question).unwrap().transcript);
    assert!(first.len() > 20, "{}", told(&first));
    assert_eq!(told(&first), told(&second));
}
