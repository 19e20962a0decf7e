//! Judges the keys that calls send. In: those of two clients. Out: changes, and which key became which. Knows no operations.

use super::Bump;
use super::changes::{Changes, Spot};
use super::words::code;
use crate::krate::Key;

/// Keys of one header; of the others those of one constant, which users do not see.
pub(super) fn paired<'a>(old: &'a [Key], new: &'a [Key]) -> Vec<(&'a Key, &'a Key)> {
    let mut pairs = Vec::new();
    for key in old {
        let same_header = new.iter().find(|other| other.header == key.header);
        let same_constant = || {
            let mut others = new.iter();
            others.find(|other| {
                let is_other = |one: &Key| one.header == other.header;
                other.constant == key.constant && !old.iter().any(is_other)
            })
        };
        pairs.extend(same_header.or_else(same_constant).map(|now| (key, now)));
    }
    pairs
}

/// Judges all keys.
pub(super) fn compare(old: &[Key], new: &[Key], changes: &mut Changes) {
    let pairs = paired(old, new);
    for (was, now) in &pairs {
        let Key {
            at,
            constant: _,
            header,
            docs,
        } = was;
        let spot = Spot::both("Client", at, &now.at);
        let header_now = code(now.header.as_str());
        if *header != now.header {
            let text = format!(
                "a key is sent in {header_now} instead of {}",
                code(header.as_str())
            );
            changes.push(Bump::Patch, &spot, text);
        } else if *docs != now.docs {
            let text = format!("the description of the key in {header_now} changed");
            changes.push(Bump::Patch, &spot, text);
        }
    }
    for key in old
        .iter()
        .filter(|key| !pairs.iter().any(|(was, _)| was == key))
    {
        let text = format!(
            "no call sends a key in {} any more",
            code(key.header.as_str())
        );
        changes.push(Bump::Patch, &Spot::old("Client", &key.at), text);
    }
    for key in new
        .iter()
        .filter(|key| !pairs.iter().any(|(_, now)| now == key))
    {
        let text = format!("calls may send a key in {}", code(key.header.as_str()));
        changes.push(Bump::Patch, &Spot::new("Client", &key.at), text);
    }
}
