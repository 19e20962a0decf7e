//! Response heads of a download. In: status, headers and final address of a response, and the part of
//! the file already there. Out: the byte range that follows, or why the response cannot be used. Reads
//! neither network nor disk. The rules are those of RFC 9110, sections 8.4 (codings), 8.8 (validators),
//! 13.1.5 (If-Range), 14 (ranges) and 15.3.7 (parts).

use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, TRANSFER_ENCODING,
};
use reqwest::{StatusCode, Url};

/// What the server said of the file when it was read from its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Version {
    /// The bytes of the whole file.
    pub(super) total: Option<u64>,
    /// What tells this version of the file from any other, byte for byte: a strong entity tag of a
    /// response without a content coding.
    pub(super) validator: Option<HeaderValue>,
    /// Which address gave it, as far as the transport knows: an entity tag says nothing of the files at others.
    pub(super) url: Option<Url>,
    pub(super) etag: Option<String>,
    pub(super) content_type: Option<String>,
}

/// What a response is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// The file from its beginning.
    Whole(Version),
    /// The file from where it broke off until before this position.
    Rest { end: u64, total: u64 },
    /// There is no more of the file.
    Nothing,
    /// The rest cannot be had; the whole file might.
    Anew(&'static str),
    /// Not now.
    RetryLater,
    /// Not at all, and why.
    Permanent(String),
}

/// What was asked for: everything, or what follows the bytes of this version that are there.
pub(super) type Asked<'a> = Option<(u64, &'a Version)>;

/// Reads the head of a response that came from this address.
pub(super) fn read(
    status: StatusCode,
    headers: &HeaderMap,
    url: Option<&Url>,
    asked: Asked<'_>,
) -> Head {
    match (status.as_u16(), asked) {
        (200, asked) => whole(headers, url, asked),
        (206, Some((start, version))) => rest(headers, url, start, version),
        (206, None) => Head::Permanent("the response is a part of the file (206), and the request had no `Range`".into()),
        (416, Some((start, version))) => beyond(headers, url, start, version),
        (408 | 425 | 429 | 500..=599, _) => Head::RetryLater,
        (300..=399, _) => Head::Permanent("the server redirects, and the redirect could not be followed".into()),
        (401 | 403 | 404 | 410, _) => Head::Permanent(
            "the server does not give the file, the address may have expired: take it from the job anew".into(),
        ),
        (_, _) => Head::Permanent("the server does not give the file".into()),
    }
}

const PART_AS_WHOLE: &str =
    "the response has the status of the whole file (200) and the `Content-Range` of a part";

fn whole(headers: &HeaderMap, url: Option<&Url>, asked: Asked<'_>) -> Head {
    let codings = [&CONTENT_ENCODING, &TRANSFER_ENCODING].map(|name| list(headers, name));
    if let Some(coding) = codings
        .iter()
        .flatten()
        .find(|coding| is_registered(coding))
    {
        return Head::Permanent(format!(
            "the server compressed the file (coding {coding:?}), which `Accept-Encoding: identity` forbids"
        ));
    }
    let version = version(headers, url);
    // It means nothing here, but servers that write 200 above a part have been seen.
    let is_part = headers.contains_key(CONTENT_RANGE) && !is_everything(headers, &version);
    match asked {
        Some(_) if is_part => Head::Anew(PART_AS_WHOLE),
        None if is_part => Head::Permanent(PART_AS_WHOLE.into()),
        Some(_) | None => Head::Whole(version),
    }
}

/// Whether the range that the response names has no byte less than the file.
fn is_everything(headers: &HeaderMap, version: &Version) -> bool {
    let Some(Range {
        part: Some((0, last)),
        total: Some(total),
    }) = range(headers)
    else {
        return false;
    };
    last.checked_add(1) == Some(total) && version.total.is_none_or(|length| length == total)
}

fn version(headers: &HeaderMap, url: Option<&Url>) -> Version {
    Version {
        total: single(headers, &CONTENT_LENGTH).and_then(number),
        validator: strong_tag(headers).filter(|_| is_identity(headers)),
        url: url.cloned(),
        etag: text(headers, &ETAG),
        content_type: text(headers, &CONTENT_TYPE),
    }
}

/// The entity tag, if it is one that vouches for every byte: neither weak nor malformed (RFC 9110, 8.8.3). An
/// empty one is well-formed, and tells no version from any other.
///
/// A date of the last change is no substitute. That nothing changed a second time within its second
/// is an assumption about the server's clock and file system (8.8.2.2), and nothing in a part that is sent
/// later shows that it held.
fn strong_tag(headers: &HeaderMap) -> Option<HeaderValue> {
    let tag = one(headers, &ETAG)?;
    let [b'"', inside @ .., b'"'] = tag.as_bytes() else {
        return None;
    };
    let well_formed = inside
        .iter()
        .all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..));
    (!inside.is_empty() && well_formed).then(|| tag.clone())
}

/// Whether the bytes are those of the file, in no coding at all.
fn is_identity(headers: &HeaderMap) -> bool {
    let codings = list(headers, &CONTENT_ENCODING);
    codings
        .iter()
        .all(|coding| coding.eq_ignore_ascii_case("identity"))
}

/// A part must be the one that was asked for, of the file that it was asked of.
fn rest(headers: &HeaderMap, url: Option<&Url>, start: u64, version: &Version) -> Head {
    let content_type = text(headers, &CONTENT_TYPE).unwrap_or_default();
    if content_type.to_ascii_lowercase().starts_with("multipart/") {
        return Head::Anew(
            "the response has several parts (`multipart/byteranges`), and the request asked for one",
        );
    }
    let Some(Range {
        part: Some((first, last)),
        total: Some(total),
    }) = range(headers)
    else {
        return Head::Anew(
            "the response does not say which part of the file it is (`Content-Range`)",
        );
    };
    if first != start || last < first || last >= total {
        return Head::Anew("the response is another part of the file than the request asked for");
    }
    if !is_same(headers, url, total, version) {
        return Head::Anew(
            "the server does not vouch, by a strong `ETag`, that the file is still the same",
        );
    }
    // Below the total, so it cannot overflow.
    let end = last + 1;
    let length = headers.contains_key(CONTENT_LENGTH);
    if length && single(headers, &CONTENT_LENGTH).and_then(number) != Some(end - start) {
        return Head::Anew(
            "`Content-Length` and `Content-Range` of the response contradict each other",
        );
    }
    Head::Rest { end, total }
}

/// Nothing follows. That is well only if the file ends where it broke off.
fn beyond(headers: &HeaderMap, url: Option<&Url>, start: u64, version: &Version) -> Head {
    match range(headers) {
        Some(Range {
            part: None,
            total: Some(total),
        }) if total == start && is_same(headers, url, total, version) => Head::Nothing,
        Some(_) | None => {
            Head::Anew("the server does not vouch, by a strong `ETag`, that the file ends there")
        }
    }
}

/// Whether these bytes belong to that version of the file. Only what is said twice is known.
fn is_same(headers: &HeaderMap, url: Option<&Url>, total: u64, version: &Version) -> bool {
    let tag = strong_tag(headers);
    let same_tag = tag.is_some() && tag == version.validator;
    let same_length = version.total.is_none_or(|then| then == total);
    same_tag && same_length && is_identity(headers) && url == version.url.as_ref()
}

/// A `Content-Range`: the first and the last byte, unless nothing is sent, and the length of the whole.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    part: Option<(u64, u64)>,
    total: Option<u64>,
}

fn range(headers: &HeaderMap) -> Option<Range> {
    let (unit, range) = single(headers, &CONTENT_RANGE)?.split_once(' ')?;
    let (part, total) = range.trim().split_once('/')?;
    let part = match part {
        "*" => None,
        part => {
            let (first, last) = part.split_once('-')?;
            Some((number(first)?, number(last)?))
        }
    };
    let total = match total {
        "*" => None,
        total => Some(number(total)?),
    };
    unit.eq_ignore_ascii_case("bytes")
        .then_some(Range { part, total })
}

/// Digits and nothing else: the standard library would take a sign as well.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Whether the bytes would have to be unpacked: the names that IANA lists. Other names are put there by
/// mistake (`utf-8`, `aws-chunked`) and mean nothing.
fn is_registered(coding: &str) -> bool {
    const REGISTERED: &[&str] = &[
        "aes128gcm",
        "br",
        "compress",
        "dcb",
        "dcz",
        "deflate",
        "exi",
        "gzip",
        "pack200-gzip",
        "x-compress",
        "x-gzip",
        "zstd",
    ];
    REGISTERED
        .iter()
        .any(|known| coding.eq_ignore_ascii_case(known))
}

/// The value of a header that is there once; whatever contradicts itself says nothing.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    Some(one(headers, name)?.to_str().ok()?.trim())
}

/// The members of a header that is a list, on one line or on several.
fn list(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter();
    let members = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    members
        .map(|member| String::from_utf8_lossy(member).trim().to_owned())
        .filter(|member| !member.is_empty())
        .collect()
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests;
