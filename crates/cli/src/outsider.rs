//! A user who may not use a file because they are not in its group: which group, and how to get in.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What a group must have of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Need {
    /// Reading it.
    Read,
    /// Reading and writing it.
    Write,
}

/// What keeps this user out, and the cure. `None`: it is nothing that a group would help with.
pub(crate) fn cure(file: &Path, need: Need) -> Option<String> {
    let gate = gate(file)?;
    let found = fs::metadata(gate).ok()?;
    let bits = match (found.is_dir(), need) {
        (true, Need::Read) => 0o010,
        (true, Need::Write) => 0o030,
        (false, Need::Read) => 0o040,
        (false, Need::Write) => 0o060,
    };
    let is_member = uzers::group_access_list().ok()?.iter().any(|group| group.gid() == found.gid());
    let own = uzers::get_effective_uid();
    // Nobody is put into root's group for the sake of a file.
    if own == 0 || own == found.uid() || is_member || found.gid() == 0 || found.mode() & bits != bits {
        return None;
    }
    let user = uzers::get_effective_username()?.to_string_lossy().into_owned();
    let group = uzers::get_group_by_gid(found.gid())?;
    let name = group.name().to_string_lossy().into_owned();
    Some(said(&user, &name, is_enrolled(&group, &user)))
}

/// Whether the system has the user in the group by now; whoever is logged in longer is not in it yet.
fn is_enrolled(group: &uzers::Group, user: &str) -> bool {
    uzers::os::unix::GroupExt::members(group).iter().any(|member| member.to_str() == Some(user))
}

fn said(user: &str, group: &str, enrolled: bool) -> String {
    match enrolled {
        true => format!("this session of user {user} began before they came into the group {group}: log out and in again"),
        false => format!("user {user} is not in the group {group}: as root, `adduser {user} {group}`, then log in again"),
    }
}

/// The file, or the directory on the way to it that lets us go no further.
fn gate(file: &Path) -> Option<&Path> {
    file.ancestors().find(|place| fs::metadata(place).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cure_names_user_and_group() {
        assert_eq!(
            said("zoe", "postern", false),
            "user zoe is not in the group postern: as root, `adduser zoe postern`, then log in again"
        );
        assert!(said("zoe", "postern", true).contains("log out and in again"));
    }

    #[test]
    fn what_is_ours_needs_no_group() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(cure(file.path(), Need::Write), None);
        assert_eq!(gate(&file.path().join("a/b")), Some(file.path()));
    }
}
