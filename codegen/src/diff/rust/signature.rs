//! Judges what a method takes and gives. In: a pair of methods. Out: changes. Knows no setters but their names.

use super::Bump;
use super::changes::{Changes, Spot};
use super::methods::Pair;
use super::names::Way;
use super::words::{code, ident, listed};
use crate::krate::{Argument, CallSetter, Method, Ty};
use crate::wire::WireName;

/// Judges arguments, body and answer.
pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    arguments(pair, changes);
    body(pair, changes);
    output(pair, changes);
}

/// Whether a parameter is an argument.
pub(super) fn is_argument(method: &Method, wire: &WireName) -> bool {
    method
        .arguments
        .iter()
        .any(|argument| argument.wire == *wire)
}

fn is_setter(method: &Method, wire: &WireName) -> bool {
    method.setters.iter().any(|setter| match setter {
        CallSetter::Parameter { wire: other, .. } => other == wire,
        CallSetter::MediaType { .. } => false,
    })
}

fn arguments(pair: &Pair<'_>, changes: &mut Changes) {
    let (old, new) = (&pair.old.arguments, &pair.new.arguments);
    let same_types = old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| translated(pair, old) == new.ty);
    // Two arguments of one type that change places compile and mean something else.
    let swapped = |(old, now): (&Argument, &Argument)| {
        old.wire != now.wire
            && (is_argument(pair.new, &old.wire) || is_argument(pair.old, &now.wire))
    };
    if same_types && !old.iter().zip(new).any(swapped) {
        for (old, new) in old.iter().zip(new) {
            renamed(pair, (old, new), changes);
        }
        return;
    }
    for argument in old.iter().filter(|one| !is_argument(pair.new, &one.wire)) {
        less(pair, argument, changes);
    }
    for argument in new.iter().filter(|one| !is_argument(pair.old, &one.wire)) {
        more(pair, argument, changes);
    }
    let find = |wire: &WireName| new.iter().position(|argument| argument.wire == *wire);
    let places: Vec<usize> = old.iter().filter_map(|one| find(&one.wire)).collect();
    for (old, new) in old
        .iter()
        .filter_map(|one| Some((one, &new[find(&one.wire)?])))
    {
        retyped(pair, (old, new), changes);
    }
    if !places.is_sorted() {
        let text = format!(
            "{} takes its arguments in another order, {}: code may compile and mean something else",
            pair.method(),
            listed(new.iter().map(|argument| argument.name.as_str()))
        );
        changes.push(Bump::Major, &pair.spot, text);
    }
}

fn translated(pair: &Pair<'_>, argument: &Argument) -> Ty {
    pair.names.translated(&argument.ty, Way::Sent)
}

/// Arguments have no names in calls.
fn renamed(pair: &Pair<'_>, (old, new): (&Argument, &Argument), changes: &mut Changes) {
    let Argument {
        at,
        name,
        wire,
        ty: _,
    } = old;
    let spot = Spot::both(pair.spot.item.clone(), at, &new.at);
    let method = pair.method();
    let text = match (*name != new.name, *wire != new.wire) {
        (true, false) => format!(
            "the argument {} of {method} is now called {}",
            ident(name),
            ident(&new.name)
        ),
        (true, true) => format!(
            "the argument {} of {method} is now called {}, on the wire too",
            ident(name),
            ident(&new.name)
        ),
        (false, true) => format!(
            "the argument {} of {method} is {} instead of {} on the wire",
            ident(name),
            code(new.wire.as_str()),
            code(wire.as_str())
        ),
        (false, false) => return,
    };
    changes.push(Bump::Patch, &spot, text);
}

fn less(pair: &Pair<'_>, argument: &Argument, changes: &mut Changes) {
    let spot = Spot {
        old: Some(argument.at.clone()),
        ..pair.spot.clone()
    };
    let (method, name) = (pair.method(), ident(&argument.name));
    let text = if is_setter(pair.new, &argument.wire) {
        format!("{method} takes one argument less: {name} is a setter of its call now")
    } else {
        format!("{method} takes one argument less: {name} is gone")
    };
    changes.push(Bump::Major, &spot, text);
}

fn more(pair: &Pair<'_>, argument: &Argument, changes: &mut Changes) {
    let spot = Spot {
        new: Some(argument.at.clone()),
        ..pair.spot.clone()
    };
    let was = if is_setter(pair.old, &argument.wire) {
        ", which was a setter of its call"
    } else {
        ""
    };
    let text = format!(
        "{} takes one more argument, {}{was}",
        pair.method(),
        ident(&argument.name)
    );
    changes.push(Bump::Major, &spot, text);
}

fn retyped(pair: &Pair<'_>, (old, new): (&Argument, &Argument), changes: &mut Changes) {
    let was = translated(pair, old);
    if was != new.ty {
        let spot = Spot::both(pair.spot.item.clone(), &old.at, &new.at);
        let text = format!(
            "{} takes {} as {} instead of {}",
            pair.method(),
            ident(&new.name),
            taken(&new.ty),
            taken(&was)
        );
        changes.push(Bump::Major, &spot, text);
    }
}

/// The type of an argument or setter of a call, which only reads a text.
pub(super) fn taken(ty: &Ty) -> String {
    code(&if *ty == Ty::Text {
        "&str".to_owned()
    } else {
        ty.rust()
    })
}

fn body(pair: &Pair<'_>, changes: &mut Changes) {
    let method = pair.method();
    let shown = |ty: &Ty| code(&format!("&{}", ty.rust()));
    let (spot, text) = match (&pair.old.body, &pair.new.body) {
        (None, None) => return,
        (None, Some(new)) => (
            Spot {
                new: Some(new.at.clone()),
                ..pair.spot.clone()
            },
            format!(
                "{method} takes one more argument, the body {}",
                shown(&new.ty)
            ),
        ),
        (Some(old), None) => (
            Spot {
                old: Some(old.at.clone()),
                ..pair.spot.clone()
            },
            format!("{method} takes one argument less: it sends no body"),
        ),
        (Some(old), Some(new)) => {
            let was = pair.names.translated(&old.ty, Way::Sent);
            if was == new.ty {
                return;
            }
            (
                Spot::both(pair.spot.item.clone(), &old.at, &new.at),
                format!(
                    "{method} takes {} as its body instead of {}",
                    shown(&new.ty),
                    shown(&was)
                ),
            )
        }
    };
    changes.push(Bump::Major, &spot, text);
}

fn output(pair: &Pair<'_>, changes: &mut Changes) {
    let was = pair.names.translated(&pair.old.output, Way::Received);
    let now = &pair.new.output;
    if was != *now {
        let text = format!(
            "{} answers {} instead of {}",
            pair.method(),
            code(&now.rust()),
            code(&was.rust())
        );
        changes.push(Bump::Major, &pair.spot, text);
    }
}
