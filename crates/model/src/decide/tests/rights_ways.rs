//! Ways of a life cycle that are for some people alone: whatever they are, and whoever else may change the status.

use super::act::update;
use super::rights::{HOLDERS, Holder, Holder::*, world_of};
use super::rights_table::Takes::Nothing;
use super::*;
use crate::act::{Act, Actor};
use crate::life_cycle::{LifeCycle, Transition, built_in};
use crate::rights::{GrantDefinition, Grantee, Right};

/// Whom a word behind `by` means, administrators left out: they go every way.
const MEANT: &[(&str, &[Holder])] = &[
    ("everyone", &[Stranger, Guest, Requestor, Cc, Named, AdminCc, QueueAdminCc, Owner, Member, Staff]),
    ("role:guest", &[Stranger, Guest, Requestor, Cc, Named, AdminCc, QueueAdminCc, Owner, Member, Staff]),
    ("role:staff", &[Staff]),
    ("role:admin", &[]),
    ("role:requestor", &[Requestor]),
    ("role:cc", &[Cc, Named]),
    ("role:admincc", &[AdminCc, QueueAdminCc]),
    ("role:owner", &[Owner]),
    ("group:noc", &[Member]),
    ("group:night", &[]),
    ("holder", &[Guest, Requestor, Cc, Named, AdminCc, QueueAdminCc, Owner, Member, Staff]),
    ("somebody", &[]),
    ("somebody, role:owner, group:noc", &[Owner, Member]),
];

#[test]
fn a149_a_way_for_some_is_gone_by_them_alone() {
    for (by, meant) in MEANT {
        let transitions = ["open -> resolved", &format!("open -> stalled by {by}")].map(|way| Transition::parse(way).unwrap());
        for holder in HOLDERS {
            let mut w = world_of(*holder, Nothing, "");
            let cycle = LifeCycle { name: "ways".into(), transitions: transitions.to_vec(), ..built_in()[0].clone() };
            w.site.life_cycles = vec![cycle];
            w.site.queues[0].life_cycle = Some("ways".into());
            w.tickets[0].status = Status::OPEN;
            // All may change the status, which is not enough.
            w.site.grants = vec![GrantDefinition { to: Grantee::Everyone, rights: vec![Right::Modify], queue: None }];
            let who = Actor::Person(w.people.last().unwrap().clone());
            for (order, goes) in [("status=stalled", meant.contains(holder)), ("status=resolved", *holder != Disabled)] {
                let answer = decide_act(&w, &Act { quiet: true, ..update(who.clone(), &[order]) });
                assert_eq!(answer.is_ok(), goes || *holder == Admin, "{order}, by {by}, of {holder:?}: {:?}", answer.err());
            }
        }
    }
}
