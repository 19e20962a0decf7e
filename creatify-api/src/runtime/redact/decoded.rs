//! Encoded forms of keys. In: a text. Out: the byte ranges of keys in it: plain, escaped, in Base64 or
//! in hexadecimal, nested within each other. Changes nothing.

use std::ops::Range;

use super::secrets::{LENGTH, Part, Table};

/// How deep one way of writing may stand in another: an unescaping costs one, digits cost two.
const DEEPEST: u32 = 5;

/// A byte that was read, and the place in the text that it stands for.
#[derive(Debug, Clone)]
struct Byte {
    value: u8,
    place: Range<usize>,
}

/// Any character of no key. Keys are ASCII.
const OTHER: u8 = 0xff;

/// A character that is not seen, such as a space of no width.
const UNSEEN: u8 = 0xfe;

/// The places in the text that show parts of keys, in order, none touching another.
pub(super) fn places(text: &str, table: &Table) -> Vec<Range<usize>> {
    let decoded: Vec<Byte> = text
        .char_indices()
        .map(|(start, character)| Byte {
            value: byte(character),
            place: start..start + character.len_utf8(),
        })
        .collect();
    let mut found = Vec::new();
    search(&decoded, DEEPEST, table, &mut found);
    found.sort_by_key(|place| place.start);
    let mut places: Vec<Range<usize>> = Vec::new();
    for place in found {
        match places.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            Some(_) | None => places.push(place),
        }
    }
    places
}

fn byte(character: char) -> u8 {
    match u8::try_from(character) {
        Ok(byte) if byte.is_ascii() => byte,
        _ if character.is_whitespace() || super::is_unsafe(character) => UNSEEN,
        _ => OTHER,
    }
}

fn search(decoded: &[Byte], depth: u32, table: &Table, found: &mut Vec<Range<usize>>) {
    for window in decoded.windows(LENGTH) {
        let mut part: Part = [0; LENGTH];
        for (into, byte) in part.iter_mut().zip(window) {
            *into = byte.value.to_ascii_lowercase();
        }
        if let ([first, .., last], true) = (window, table.holds(&part)) {
            found.push(first.place.start..last.place.end);
        }
    }
    if let Some(depth) = depth.checked_sub(1) {
        let unescaped = unescaped(decoded);
        if unescaped.len() < decoded.len() {
            search(&unescaped, depth, table, found);
        }
    }
    if let Some(depth) = depth.checked_sub(2) {
        for digits in [BASE64, HEXADECIMAL] {
            for run in decoded.chunk_by(|a, b| digits.is(a.value) && digits.is(b.value)) {
                // It may begin anywhere in what looks like it.
                for start in 0..digits.group {
                    let run = run.get(start..).unwrap_or_default();
                    if run.len() * digits.bits >= LENGTH * 8 {
                        search(&digits.read(run), depth, table, found);
                    }
                }
            }
        }
    }
}

/// A way to write bytes as digits.
struct Digits {
    /// The bits of a digit.
    bits: usize,
    /// After so many digits begins another byte.
    group: usize,
    value: fn(u8) -> Option<u32>,
}

const HEXADECIMAL: Digits = Digits {
    bits: 4,
    group: 2,
    value: |digit| char::from(digit).to_digit(16),
};

/// Both alphabets of RFC 4648.
const BASE64: Digits = Digits {
    bits: 6,
    group: 4,
    value: |digit| {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        Some(u32::from(value))
    },
};

impl Digits {
    fn is(&self, byte: u8) -> bool {
        (self.value)(byte).is_some()
    }

    fn read(&self, run: &[Byte]) -> Vec<Byte> {
        let mut bytes = Vec::new();
        let (mut bits, mut collected) = (0, 0_u32);
        let mut start = run.first().map_or(0, |first| first.place.start);
        for digit in run {
            let before = bits;
            collected = (collected << self.bits | (self.value)(digit.value).unwrap_or(0)) & 0xffff;
            bits += self.bits;
            if before == 0 {
                start = digit.place.start;
            }
            if bits >= 8 {
                bits -= 8;
                let value = u8::try_from(collected >> bits & 0xff).unwrap_or(OTHER);
                let value = if value.is_ascii() { value } else { OTHER };
                let place = start..digit.place.end;
                bytes.push(Byte { value, place });
                start = digit.place.start;
            }
        }
        bytes
    }
}

/// The same without what separates and without escapes, as far as there are any.
fn unescaped(decoded: &[Byte]) -> Vec<Byte> {
    let mut bytes = Vec::with_capacity(decoded.len());
    let mut rest = decoded;
    while let Some(first) = rest.first() {
        let (code, length) = escape(rest).unwrap_or((u32::from(first.value), 1));
        let (read, after) = rest.split_at(length.clamp(1, rest.len()));
        let end = read.last().map_or(first.place.end, |last| last.place.end);
        let value = match u8::try_from(code) {
            Ok(UNSEEN) if length == 1 => UNSEEN,
            Ok(value) if value.is_ascii() => value,
            Ok(_) | Err(_) => OTHER,
        };
        let is_separator = value == UNSEEN || value.is_ascii_control() || value == b' ';
        if !is_separator {
            let place = first.place.start..end;
            bytes.push(Byte { value, place });
        }
        rest = after;
    }
    bytes
}

/// The escape at the beginning: the code of its character, and its length.
fn escape(decoded: &[Byte]) -> Option<(u32, usize)> {
    let at = |index: usize| decoded.get(index).map(|byte| byte.value);
    // Digits in braces or as many as are given.
    let digits = |start: usize, radix: u32, most: usize, least: usize| match at(start) {
        Some(b'{') => {
            let (code, end) = number(decoded, start + 1..start + 7, radix)?;
            (end > start + 1 && at(end) == Some(b'}')).then_some((code, end + 1))
        }
        _ => number(decoded, start..start + most, radix).filter(|(_, end)| *end >= start + least),
    };
    match (at(0)?, at(1)?) {
        (b'\\', b'u') => digits(2, 16, 4, 4),
        (b'\\', b'U') => digits(2, 16, 8, 8),
        (b'\\', b'x') | (b'%', b'u') => {
            let length = if at(0) == Some(b'%') { 4 } else { 2 };
            digits(2, 16, length, length)
        }
        (b'\\', b'0'..=b'7') => number(decoded, 1..4, 8),
        (b'\\', b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v') => Some((u32::from(b' '), 2)),
        (b'\\', other) => Some((u32::from(other), 2)),
        // Quoted-printable breaks lines so.
        (b'=', b'\r' | b'\n') => Some((u32::from(b' '), 2)),
        (b'%' | b'=', _) => number(decoded, 1..3, 16).filter(|(_, end)| *end == 3),
        (b'&', b'#') => {
            let (code, end) = match at(2)? {
                b'x' | b'X' => number(decoded, 3..10, 16).filter(|(_, end)| *end > 3)?,
                _ => number(decoded, 2..10, 10).filter(|(_, end)| *end > 2)?,
            };
            Some((code, end + usize::from(at(end) == Some(b';'))))
        }
        (b'&', _) => ENTITIES.iter().find_map(|(name, code)| {
            let named = name.bytes().chain([b';']).enumerate();
            let mut named = named.map(|(index, byte)| at(index + 1) == Some(byte));
            named
                .all(|same| same)
                .then(|| (u32::from(*code), name.len() + 2))
        }),
        _ => None,
    }
}

/// A number in these places, as far as there are digits: its value, and where it ends.
fn number(decoded: &[Byte], places: Range<usize>, radix: u32) -> Option<(u32, usize)> {
    let start = places.start;
    let digits = decoded.get(start..places.end.min(decoded.len()))?.iter();
    let digits = digits.map_while(|byte| char::from(byte.value).to_digit(radix));
    Some(digits.fold((0, start), |(code, end), digit| {
        (code.saturating_mul(radix).saturating_add(digit), end + 1)
    }))
}

/// The names that HTML has for what can stand in a key.
const ENTITIES: &[(&str, u8)] = &[
    ("amp", b'&'),
    ("apos", b'\''),
    ("ast", b'*'),
    ("bsol", b'\\'),
    ("colon", b':'),
    ("comma", b','),
    ("commat", b'@'),
    ("dash", b'-'),
    ("dollar", b'$'),
    ("equals", b'='),
    ("excl", b'!'),
    ("grave", b'`'),
    ("gt", b'>'),
    ("Hat", b'^'),
    ("hyphen", b'-'),
    ("lcub", b'{'),
    ("lowbar", b'_'),
    ("lpar", b'('),
    ("lsqb", b'['),
    ("lt", b'<'),
    ("nbsp", b' '),
    ("num", b'#'),
    ("percnt", b'%'),
    ("period", b'.'),
    ("plus", b'+'),
    ("quest", b'?'),
    ("quot", b'"'),
    ("rcub", b'}'),
    ("rpar", b')'),
    ("rsqb", b']'),
    ("semi", b';'),
    ("sol", b'/'),
    ("UnderBar", b'_'),
    ("verbar", b'|'),
    ("vert", b'|'),
];
