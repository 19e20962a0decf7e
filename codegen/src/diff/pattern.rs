//! Which of two patterns matches more. In: two regular expressions. Out: how they lie to each other, where that can be decided.
//! Knows no schema.
//!
//! A pattern without look-around and back references describes a regular set of texts; whether one such set holds another
//! is decided by walking both automata side by side. Anything else, and what grows too large, is left undecided.

mod automaton;
mod parse;

use super::judge::Relation;
use automaton::Automaton;

/// Whether a pattern is one that every text matches.
pub(super) fn accepts_everything(pattern: &str) -> bool {
    let automaton = parse::pattern(pattern).as_ref().and_then(Automaton::of);
    let anything = parse::pattern("").as_ref().and_then(Automaton::of);
    match (automaton, anything) {
        (Some(automaton), Some(anything)) => {
            automaton::includes(&automaton, &anything) == Some(true)
        }
        _ => false,
    }
}

/// Whether a pattern matches a text.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    const MEANING: &str = r"\^$.|?*+()[]{}/-";
    let mut literal = String::from("^");
    for character in text.chars() {
        if MEANING.contains(character) {
            literal.push('\\');
        }
        literal.push(character);
    }
    literal.push('$');
    let pattern = Automaton::of(&parse::pattern(pattern)?)?;
    let literal = Automaton::of(&parse::pattern(&literal)?)?;
    automaton::includes(&pattern, &literal)
}

/// How what the new pattern matches lies to what the old one does.
pub(super) fn relation(old: &str, new: &str) -> Option<Relation> {
    let old = Automaton::of(&parse::pattern(old)?)?;
    let new = Automaton::of(&parse::pattern(new)?)?;
    Some(Relation {
        narrowed: !automaton::includes(&new, &old)?,
        widened: !automaton::includes(&old, &new)?,
        ..Relation::EQUAL
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn lies(old: &str, new: &str, expected: Option<Relation>) {
        assert_eq!(relation(old, new), expected, "{old} to {new}");
        let inverted = expected.map(Relation::inverted);
        assert_eq!(relation(new, old), inverted, "{new} to {old}");
    }

    #[test]
    fn spellings_of_one_set_are_equal() {
        for (old, new) in [
            ("^[0-9]+$", r"^\d+$"),
            ("^(a|b)$", "^[ab]$"),
            ("^a{2,3}$", "^aaa?$"),
            ("abc", "^.*abc|[\\s\\S]*abc"),
            ("^(?:ab)*$", "^((ab)+)?$"),
            (r"^\w$", "^[A-Za-z0-9_]$"),
            ("^[^a]$", "^[\\s\\S]$|^[^a]$"),
        ] {
            let equal = old != "^[^a]$";
            let expected = if equal {
                Relation::EQUAL
            } else {
                Relation::WIDENED
            };
            lies(old, new, Some(expected));
        }
    }

    #[test]
    fn a_pattern_that_matches_more_is_wider() {
        for (old, new) in [
            ("^[a-f]+$", "^[a-z]+$"),
            ("^a+$", "^a*$"),
            ("^abc$", "^abc"),
            ("^a{3}$", "^a{2,}$"),
            ("^https://", "^https?://"),
            ("^x$", ""),
        ] {
            lies(old, new, Some(Relation::WIDENED));
        }
        lies("^[a-f]+$", "^[d-k]+$", Some(Relation::CHANGED));
    }

    #[test]
    fn a_text_is_matched_as_it_is() {
        for (pattern, text, expected) in [
            ("^[a-z]+$", "abc", Some(true)),
            ("^[a-z]+$", "a-c", Some(false)),
            (r"^\d+/\d+$", "16/9", Some(true)),
            ("b", "a.b*c", Some(true)),
            (r"^\.$", "x", Some(false)),
            (r"^(a)\1$", "aa", None),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_not_regular_or_too_large_stays_undecided() {
        for pattern in [
            "^(?=a)b$",
            r"^(a)\1$",
            r"\bword",
            "(",
            "[z-a]",
            "a{5000}",
            "^((((a{30}){30}){30}){30})$",
            "a^b",
        ] {
            assert_eq!(relation(pattern, "^c$"), None, "{pattern}");
        }
    }

    #[test]
    fn everything_has_many_spellings() {
        for pattern in ["", "^", "^.*", ".*", "$", r"^[\s\S]*$", "(x?)"] {
            assert!(accepts_everything(pattern), "{pattern}");
        }
        for pattern in ["^.+$", "a", "^[a-z]*$"] {
            assert!(!accepts_everything(pattern), "{pattern}");
        }
    }
}
