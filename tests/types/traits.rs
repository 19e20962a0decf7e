//! Which traits each public type has. In: the types of `table.rs`, which the compiler judges. Out: `traits.txt`, and the
//! laws of the table. Knows no module of the client.

use crate::public::{self, Public};
use crate::{BLESS, matches_file, table};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::{Debug, Display};
use std::future::IntoFuture;
use std::hash::Hash;
use std::marker::PhantomData;
use std::str::FromStr;

/// A public type, and the traits that it has.
pub(crate) struct Row {
    pub(crate) path: &'static str,
    pub(crate) traits: &'static [(&'static str, bool)],
}

/// Asks the compiler about one type: where the bound of an inherent constant holds, it comes before that of a trait.
pub(crate) struct Probe<T>(PhantomData<T>);

macro_rules! probes {
    ($($constant:ident $without:ident $name:literal $bound:path;)*) => {
        $(
            #[allow(dead_code)]
            pub(crate) trait $without {
                const $constant: bool = false;
            }
            impl<T> $without for Probe<T> {}
            #[allow(dead_code)]
            impl<T: $bound> Probe<T> {
                pub(crate) const $constant: bool = true;
            }
        )*

        /// The row of a type.
        macro_rules! row {
            ($path:literal, $type:ty) => {
                $crate::traits::Row {
                    path: $path,
                    traits: &[$(($name, $crate::traits::Probe::<$type>::$constant)),*],
                }
            };
        }
    };
}

probes! {
    SEND WithoutSend "Send" Send;
    SYNC WithoutSync "Sync" Sync;
    UNPIN WithoutUnpin "Unpin" Unpin;
    DEBUG WithoutDebug "Debug" Debug;
    DISPLAY WithoutDisplay "Display" Display;
    ERROR WithoutError "Error" std::error::Error;
    CLONE WithoutClone "Clone" Clone;
    COPY WithoutCopy "Copy" Copy;
    DEFAULT WithoutDefault "Default" Default;
    EQUAL WithoutPartialEq "PartialEq" PartialEq;
    EQ WithoutEq "Eq" Eq;
    HASH WithoutHash "Hash" Hash;
    ORD WithoutOrd "Ord" Ord;
    TEXT WithoutPartialEqText "PartialEq<&str>" PartialEq<&'static str>;
    FROM_STR WithoutFromStr "FromStr" FromStr;
    SERIALIZE WithoutSerialize "Serialize" Serialize;
    DESERIALIZE WithoutDeserialize "DeserializeOwned" DeserializeOwned;
    INTO_FUTURE WithoutIntoFuture "IntoFuture" IntoFuture;
}
#[expect(
    clippy::single_component_path_imports,
    reason = "the table is another module, and comes first"
)]
pub(crate) use row;

/// What stands for the parameters of a type: any type that the bounds allow.
const ARGUMENTS: &[(&str, &str)] = &[
    ("'_", "'static"),
    ("T", "creatify_api::types::LipsyncRetrieve"),
    ("K", "String"),
    ("O", "()"),
    ("S", "Vec<u8>"),
];

fn argument(parameter: &str) -> &'static str {
    let row = ARGUMENTS.iter().find(|(name, _)| *name == parameter);
    row.unwrap_or_else(|| panic!("say in ARGUMENTS what stands for the parameter `{parameter}`"))
        .1
}

fn concrete(one: &Public) -> String {
    let arguments: Vec<&str> = one.parameters.iter().map(|name| argument(name)).collect();
    match arguments.is_empty() {
        true => one.path.clone(),
        false => format!("{}<{}>", one.path, arguments.join(", ")),
    }
}

/// A type that becomes public needs a row, and one that is gone has none: the table is written anew from the sources.
#[test]
fn every_public_type_has_a_row() {
    let types = public::types();
    assert!(types.len() > 80, "the walk lost its way: {types:#?}");
    let rows: String = types
        .iter()
        .map(|one| format!("    row!({:?}, {}),\n", short(&one.path), concrete(one)))
        .collect();
    let generated = types.iter().filter(|one| is_generated(&one.path));
    let kept: String = generated
        .map(|one| format!("    ({:?}, again::<{}>),\n", short(&one.path), one.path))
        .collect();
    let text = format!(
        "//! Every public type of the client. Written by `{BLESS}`: do not edit.\n\n\
         use crate::round_trip::{{Again, again}};\n\
         use crate::traits::*;\n\n\
         /// The traits of each public type.\n\
         #[rustfmt::skip]\n\
         pub(crate) const TYPES: &[Row] = &[\n{rows}];\n\n\
         /// Each generated type, to be read from JSON and written again.\n\
         #[rustfmt::skip]\n\
         pub(crate) const KEPT: &[(&str, Again)] = &[\n{kept}];\n"
    );
    matches_file("tests/types/table.rs", &text);
}

fn short(path: &str) -> &str {
    path.trim_start_matches("creatify_api::")
}

pub(crate) fn is_generated(path: &str) -> bool {
    short(path).starts_with("types::")
}

/// A trait that a type loses breaks programs that use it, and one that it gains is a promise: both are seen here.
#[test]
fn the_traits_of_each_public_type_are_written_down() {
    let mut text = format!(
        "The traits of each public type, as the compiler sees them. Written by `{BLESS}`.\n\n"
    );
    for row in table::TYPES {
        let traits = row.traits.iter().filter(|(_, has)| *has);
        let traits: Vec<&str> = traits.map(|(name, _)| *name).collect();
        text += &format!("{}: {}\n", row.path, traits.join(" "));
    }
    matches_file("tests/types/traits.txt", &text);
}

fn has(row: &Row, name: &str) -> bool {
    let found = row.traits.iter().find(|(one, _)| *one == name);
    found.unwrap_or_else(|| panic!("no trait {name}")).1
}

/// What cannot be shared between threads, and why nobody needs to.
const NOT_SYNC: &[(&str, &str)] = &[
    ("Items", "a stream, read by one task"),
    ("blocking::Iter", "a stream, read by one thread"),
    (
        "download::Download",
        "holds the caller's progress function, called by one task",
    ),
    (
        "jobs::Settle",
        "holds the caller's predicate, called by one task",
    ),
    (
        "jobs::SettleAll",
        "holds the caller's key function, called by one task",
    ),
    ("jobs::Updates", "a stream, read by one task"),
    (
        "jobs::Wait",
        "holds the caller's update function, called by one task",
    ),
    ("jobs::WaitAll", "a stream, read by one task"),
    ("transport::Body", "a stream, read by one task"),
    ("transport::Response", "holds a body"),
];

/// What stays on the thread that made it.
const NOT_SEND: &[(&str, &str)] = &[("blocking::Iter", "runs its stream on this thread")];

#[test]
fn every_public_type_can_be_sent_shared_and_printed() {
    let excuses = [("Send", NOT_SEND), ("Sync", NOT_SYNC)];
    let mut complaints = String::new();
    for row in table::TYPES {
        for name in ["Send", "Sync", "Unpin", "Debug"] {
            let mut excuses = excuses.iter().filter(|(excused, _)| *excused == name);
            let is_excused =
                excuses.any(|(_, rows)| rows.iter().any(|(path, _)| *path == row.path));
            match (has(row, name), is_excused) {
                (true, false) | (false, true) => {}
                (false, false) => complaints += &format!("{} is not {name}\n", row.path),
                (true, true) => complaints += &format!("{} is {name} after all\n", row.path),
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// What is kept in a database or a queue.
const KEPT: &[&str] = &[
    "Estimate",
    "FieldError",
    "Patch",
    "Spending",
    "UnknownValue",
    "Violation",
    "jobs::JobHandle",
    "journal::PendingCall",
    "webhook::Event",
];

#[test]
fn what_is_kept_can_be_written_read_cloned_and_compared() {
    let mut complaints = String::new();
    let mut seen = 0;
    for row in table::TYPES {
        let is_generated = is_generated(row.path);
        if !is_generated && !KEPT.contains(&row.path) {
            continue;
        }
        seen += 1;
        for name in ["Serialize", "DeserializeOwned", "Clone", "PartialEq"] {
            if !has(row, name) {
                complaints += &format!("{} is not {name}\n", row.path);
            }
        }
        // The generated types without fields are the enumerations.
        if is_generated && has(row, "FromStr") != has(row, "PartialEq<&str>") {
            complaints += &format!("{} is half an enumeration\n", row.path);
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
    assert_eq!(
        seen,
        table::KEPT.len() + KEPT.len(),
        "a type of KEPT is gone"
    );
}
