//! What an answer is to a download. In: its status and headers, and what is there already. Out: which
//! bytes will come, or why none that can be used. Knows no network and no disk. The rules are those of
//! RFC 9110, sections 13.1.5 (If-Range), 14 (ranges) and 15.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, DATE, ETAG, HeaderMap,
    HeaderName, HeaderValue, LAST_MODIFIED,
};

/// What the server said of the file when it was read from its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Version {
    /// The bytes of the whole file.
    pub(super) total: Option<u64>,
    /// What tells this version of the file from any other, byte for byte.
    pub(super) validator: Option<HeaderValue>,
    pub(super) etag: Option<String>,
    pub(super) content_type: Option<String>,
}

/// What an answer is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// The file from its beginning.
    Whole(Version),
    /// The file from where it broke off until before this position.
    Rest { end: u64, total: Option<u64> },
    /// There is no more of the file.
    Nothing,
    /// The rest cannot be had; the whole file might.
    Anew(&'static str),
    /// Not now.
    Later,
    /// Not at all, and why.
    Never(String),
}

/// What was asked for: everything, or what follows the bytes of this version that are there.
pub(super) type Asked<'a> = Option<(u64, &'a Version)>;

/// Reads the head of an answer.
pub(super) fn read(status: StatusCode, headers: &HeaderMap, asked: Asked<'_>) -> Head {
    match (status.as_u16(), asked) {
        (200, _) => match text(headers, &CONTENT_ENCODING) {
            Some(coding) if is_compressed(&coding) => Head::Never(format!(
                "the server compressed the file ({coding:?}), which it was asked not to"
            )),
            Some(_) | None => Head::Whole(version(headers)),
        },
        (206, Some((start, version))) => rest(headers, start, version),
        (206, None) => Head::Never("the server sent a part where the whole was asked for".into()),
        (416, Some((start, version))) => beyond(headers, start, version),
        (408 | 425 | 429 | 500..=599, _) => Head::Later,
        (300..=399, _) => Head::Never("the server redirects, and that was not followed".into()),
        (401 | 403 | 404 | 410, _) => Head::Never(
            "the server does not give the file, the address may have expired: take it from the job anew".into(),
        ),
        (_, _) => Head::Never("the server does not give the file".into()),
    }
}

fn version(headers: &HeaderMap) -> Version {
    Version {
        total: text(headers, &CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        validator: validator(headers),
        etag: text(headers, &ETAG),
        content_type: text(headers, &CONTENT_TYPE),
    }
}

/// What `If-Range` may hold: a strong entity tag; where there is none, also no weak one, the date of the
/// last change, if a second change could not have had the same date.
fn validator(headers: &HeaderMap) -> Option<HeaderValue> {
    /// RFC 9110 asks for one second where the clocks are known to be the same one, and for enough
    /// where they are not; RFC 7232 meant a minute.
    const ENOUGH: Duration = Duration::from_secs(60);
    if let Some(tag) = headers.get(ETAG) {
        return is_strong(tag.as_bytes()).then(|| tag.clone());
    }
    let date = |name| httpdate::parse_http_date(&text(headers, &name)?).ok();
    let (changed, sent) = (date(LAST_MODIFIED)?, date(DATE)?);
    let age = sent.duration_since(changed).ok()?;
    (age >= ENOUGH).then(|| headers.get(LAST_MODIFIED).cloned())?
}

fn is_strong(tag: &[u8]) -> bool {
    matches!(tag, [b'"', inside @ .., b'"'] if !inside.contains(&b'"'))
}

/// A part must be the one that was asked for, of the file that it was asked of.
fn rest(headers: &HeaderMap, start: u64, version: &Version) -> Head {
    let range = text(headers, &CONTENT_RANGE).and_then(|range| parse_range(&range));
    let Some(Range {
        part: Some((first, last)),
        total,
    }) = range
    else {
        return Head::Anew("the server does not say which part of the file it sends");
    };
    let end = last.checked_add(1);
    let sane = first <= last && total.is_none_or(|total| last < total);
    let (Some(end), true) = (end, sane && first == start) else {
        return Head::Anew("the server sends another part of the file than it was asked for");
    };
    if !is_same(headers, total, version) {
        return Head::Anew("the file has changed since it was begun");
    }
    let length = text(headers, &CONTENT_LENGTH);
    if length.is_some_and(|length| length.parse() != Ok(end - start)) {
        return Head::Anew("the server contradicts itself about the length of a part");
    }
    Head::Rest {
        end,
        total: total.or(version.total),
    }
}

/// Nothing follows. That is well only if the file ends where it broke off.
fn beyond(headers: &HeaderMap, start: u64, version: &Version) -> Head {
    let range = text(headers, &CONTENT_RANGE).and_then(|range| parse_range(&range));
    match range {
        Some(Range { part: None, total })
            if total == Some(start) && is_same(headers, total, version) =>
        {
            Head::Nothing
        }
        Some(_) | None => Head::Anew("the file has become shorter since it was begun"),
    }
}

fn is_same(headers: &HeaderMap, total: Option<u64>, version: &Version) -> bool {
    let same_length = match (total, version.total) {
        (Some(now), Some(then)) => now == then,
        (_, _) => true,
    };
    // Only what vouches for every byte can contradict.
    let tag = headers.get(ETAG).filter(|tag| is_strong(tag.as_bytes()));
    let known = version.validator.as_ref();
    let known = known.filter(|known| is_strong(known.as_bytes()));
    let same_tag = match (tag, known) {
        (Some(now), Some(then)) => now == then,
        (_, _) => true,
    };
    same_length && same_tag
}

/// A `Content-Range`: the first and the last byte, unless nothing is sent, and the length of the whole.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    part: Option<(u64, u64)>,
    total: Option<u64>,
}

fn parse_range(text: &str) -> Option<Range> {
    let (part, total) = text.strip_prefix("bytes ")?.trim().split_once('/')?;
    let part = match part {
        "*" => None,
        part => {
            let (first, last) = part.split_once('-')?;
            Some((first.parse().ok()?, last.parse().ok()?))
        }
    };
    let total = match total {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    Some(Range { part, total })
}

/// Whether the bytes would have to be unpacked. Other names are put there by mistake and mean nothing.
fn is_compressed(coding: &str) -> bool {
    let known = [
        "br",
        "compress",
        "deflate",
        "gzip",
        "x-compress",
        "x-gzip",
        "zstd",
    ];
    let mut codings = coding.split(',').map(str::trim);
    codings.any(|coding| known.iter().any(|known| coding.eq_ignore_ascii_case(known)))
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests;
