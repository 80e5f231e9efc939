//! What a run is made of, as plain data: sites, parties, aliases, and how it begins. Numbers name places modulo how many there are, so
//! that any of them means something, whatever was left out to make a failing case smaller.

use super::models::Kind;

/// A run.
#[derive(Debug, Clone)]
pub(crate) struct Topology {
    /// Of the times that mails take.
    pub(crate) seed: u64,
    /// The Posterns, one or two.
    pub(crate) sites: Vec<SitePlan>,
    /// Everybody else.
    pub(crate) parties: Vec<PartyPlan>,
    /// Addresses that stand for others.
    pub(crate) aliases: Vec<Vec<Place>>,
    /// What people do.
    pub(crate) beginnings: Vec<Beginning>,
}

/// A Postern.
#[derive(Debug, Clone, Default)]
pub(crate) struct SitePlan {
    /// Whether it has a second queue.
    pub(crate) two_queues: bool,
    /// Whether the last queue opens tickets for programs.
    pub(crate) automatic: bool,
    /// Whether failure reports have an address of their own.
    pub(crate) bounce: bool,
    /// Whether it has the first site's name.
    pub(crate) same_name: bool,
    /// Addresses that the first queue tells of everything as customers.
    pub(crate) cc: Vec<Place>,
    /// Addresses that the first queue tells of everything as staff.
    pub(crate) admincc: Vec<Place>,
}

/// A party.
#[derive(Debug, Clone)]
pub(crate) struct PartyPlan {
    pub(crate) kind: Kind,
    /// The site that it works for, if any: it watches all queues there.
    pub(crate) staff_of: Option<usize>,
    /// Where it passes mail on to.
    pub(crate) targets: Vec<Place>,
}

/// Something that has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A site's queue.
    Queue(usize, usize),
    /// The comment address of a site's first queue.
    Comment(usize),
    Party(usize),
    Alias(usize),
}

/// What somebody does, and how many minutes after the beginning.
#[derive(Debug, Clone)]
pub(crate) struct Beginning {
    pub(crate) minute: u16,
    pub(crate) deed: Deed,
}

/// What people do.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// A person writes from a party's mailbox.
    Mail { from: usize, to: Place, cc: Vec<Place> },
    /// Somebody at a site answers on a ticket by command.
    Reply { site: usize, ticket: u64, closing: bool },
    /// Somebody at a site opens a ticket for an address by command.
    Ask { site: usize, of: Place },
}

impl Topology {
    /// The domain of a site.
    pub(crate) fn domain(site: usize) -> &'static str {
        ["one.example", "two.example"][site % 2]
    }

    /// The name of a site.
    pub(crate) fn name(&self, site: usize) -> &'static str {
        if self.sites[site].same_name { Topology::domain(0) } else { Topology::domain(site) }
    }

    /// Where a party reads its mail.
    pub(crate) fn party_address(&self, index: usize) -> String {
        match self.parties[index].staff_of {
            Some(site) => format!("p{index}@{}", Topology::domain(site % self.sites.len())),
            None => format!("p{index}@party{index}.example"),
        }
    }

    /// The address of a place. Nobody but sites: the first queue.
    pub(crate) fn address(&self, place: Place) -> String {
        match place {
            Place::Party(index) if !self.parties.is_empty() => self.party_address(index % self.parties.len()),
            Place::Alias(index) if !self.aliases.is_empty() => format!("alias{}@alias.example", index % self.aliases.len()),
            Place::Queue(site, queue) => {
                let site = site % self.sites.len();
                let name = if self.sites[site].two_queues && queue % 2 == 1 { "noc" } else { "support" };
                format!("{name}@{}", Topology::domain(site))
            }
            Place::Comment(site) => format!("support-comment@{}", Topology::domain(site % self.sites.len())),
            _ => self.address(Place::Queue(0, 0)),
        }
    }

    /// The addresses of places, each once.
    pub(crate) fn addresses(&self, places: &[Place]) -> Vec<String> {
        let mut found: Vec<String> = places.iter().map(|place| self.address(*place)).collect();
        found.sort();
        found.dedup();
        found
    }

    /// The addresses of a site to which it takes mail in.
    pub(crate) fn own(&self, site: usize) -> Vec<String> {
        let plan = &self.sites[site];
        let mut names = vec!["support", "support-comment"];
        names.extend(if plan.two_queues { &["noc", "noc-comment"][..] } else { &[] });
        names.extend(plan.bounce.then_some("bounces"));
        names.iter().map(|name| format!("{name}@{}", Topology::domain(site))).collect()
    }

    /// The logins of those who work for a site.
    pub(crate) fn staff(&self, site: usize) -> Vec<usize> {
        let works = |index: &usize| self.parties[*index].staff_of.is_some_and(|of| of % self.sites.len() == site);
        (0..self.parties.len()).filter(works).collect()
    }

    /// The two files of a site.
    pub(crate) fn files(&self, site: usize) -> (String, String) {
        let (plan, domain) = (&self.sites[site], Topology::domain(site));
        let bounce = if plan.bounce { format!("bounce = \"bounces@{domain}\"\n") } else { String::new() };
        let postern = format!(
            "[site]\nname = \"{}\"\n[outgoing]\ncourier = \"directory:outgoing\"\nfrom = \"support@{domain}\"\n{bounce}",
            self.name(site)
        );
        let own = self.own(site);
        let quoted = |addresses: Vec<String>| {
            let others = addresses.into_iter().filter(|address| !own.contains(address));
            others.map(|address| format!("\"{address}\"")).collect::<Vec<_>>()
        };
        let staff = self.staff(site);
        // An address of somebody who works there is said by login.
        let outside = |places: &[Place]| {
            let inside: Vec<String> = staff.iter().map(|index| self.party_address(*index)).collect();
            quoted(self.addresses(places).into_iter().filter(|address| !inside.contains(address)).collect())
        };
        let admincc: Vec<String> = staff.iter().map(|index| format!("\"p{index}\"")).collect();
        let mut text = String::new();
        for name in if plan.two_queues { &["support", "noc"][..] } else { &["support"] } {
            let last = *name == "noc" || !plan.two_queues;
            let cc = if *name == "support" { outside(&plan.cc) } else { Vec::new() };
            let mut watching = admincc.clone();
            if *name == "support" {
                watching.extend(outside(&plan.admincc).into_iter().filter(|address| !cc.contains(address)));
            }
            text += &format!(
                "[[queue]]\nname = \"{name}\"\naddress = \"{name}@{domain}\"\ncomment_address = \"{name}-comment@{domain}\"\n\
                 cc = [{}]\nadmincc = [{}]\n{}\n",
                cc.join(", "),
                watching.join(", "),
                if plan.automatic && last { "automatic_mail = \"ticket\"\n" } else { "" },
            );
        }
        for index in staff {
            let address = self.party_address(index);
            text += &format!("[[person]]\nlogin = \"p{index}\"\nemail = [\"{address}\"]\nrole = \"staff\"\n");
        }
        (postern, text)
    }
}
