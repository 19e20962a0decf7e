//! Files. In: a path, range and cache headers. Out: a small real video, whole or in part. Knows
//! which jobs are done, through the record's view.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use serde_json::json;
use uuid::Uuid;

use super::Shared;
use super::record::View;
use super::response::{Content, Reply};
use super::rng;

const VIDEO: &[u8] = include_bytes!("../sample.mp4");
const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 90 160\">\
    <rect width=\"90\" height=\"160\" fill=\"#345\"/><path d=\"M30 60l40 20-40 20z\" fill=\"#fff\"/></svg>\n";

/// Serves `{job}/{file}`. Files of a job exist when the job has them; those of the catalogue
/// always do.
pub(crate) fn serve(shared: &Shared, rest: &str, headers: &HeaderMap) -> Reply {
    let Some((job, file)) = rest.split_once('/') else {
        return missing();
    };
    let Ok(id) = job.parse::<Uuid>() else {
        return missing();
    };
    let (media_type, bytes) = match file.rsplit_once('.') {
        Some((_, "mp4")) => ("video/mp4", Bytes::from_static(VIDEO)),
        Some((_, "svg")) => ("image/svg+xml", Bytes::from_static(PICTURE.as_bytes())),
        Some(_) | None => return missing(),
    };
    if !exists(shared, id, file) {
        return missing();
    }
    let tag = format!("\"{:016x}\"", rng::number(bytes.len() as u64, file));
    send(media_type, &bytes, &tag, headers)
}

fn missing() -> Reply {
    Reply::json(404, json!({"detail": "Not found."}))
}

fn exists(shared: &Shared, id: Uuid, file: &str) -> bool {
    let state = shared.lock();
    let Some(record) = state.records.get(id) else {
        return rng::has_checksum(id);
    };
    let view = View {
        record,
        statuses: shared.api.statuses(record.resource),
        now: state.clock.now(),
        base_url: &shared.base_url,
    };
    match file {
        "preview.mp4" => view.has_preview(),
        _ => view.has_output(),
    }
}

fn send(media_type: &'static str, bytes: &Bytes, tag: &str, headers: &HeaderMap) -> Reply {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let total = bytes.len();
    let finish = |reply: Reply, length: usize| {
        reply
            .header(header::ETAG, tag)
            .header(header::ACCEPT_RANGES, "bytes")
            .header(header::CONTENT_LENGTH, length.to_string())
    };
    if text(header::IF_NONE_MATCH).is_some_and(|known| known == "*" || known.contains(tag)) {
        return Reply::empty(304).header(header::ETAG, tag);
    }
    let current = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let range = text(header::RANGE).filter(|_| current);
    match range.map(|range| parse_range(range, total)) {
        None | Some(ByteRange::Full) => {
            let reply = Reply::of(200, Content::Raw(media_type, bytes.clone()));
            finish(reply, total)
        }
        Some(ByteRange::Part(first, last)) => {
            let part = bytes.slice(first..=last);
            let range = format!("bytes {first}-{last}/{total}");
            let length = part.len();
            let reply = Reply::of(206, Content::Raw(media_type, part));
            finish(reply.header(header::CONTENT_RANGE, range), length)
        }
        Some(ByteRange::Unsatisfiable) => {
            let range = format!("bytes */{total}");
            Reply::empty(416).header(header::CONTENT_RANGE, range)
        }
    }
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum ByteRange {
    Full,
    /// The first and the last byte.
    Part(usize, usize),
    Unsatisfiable,
}

/// Reads one range. Several at once, or other units, get the whole file, as RFC 9110
/// allows.
fn parse_range(range: &str, total: usize) -> ByteRange {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return ByteRange::Full;
    };
    match (first.trim().parse::<usize>(), last.trim().parse::<usize>()) {
        (Ok(first), _) if first >= total => ByteRange::Unsatisfiable,
        (Ok(first), Ok(last)) if first <= last => ByteRange::Part(first, last.min(total - 1)),
        (Ok(first), Err(_)) if last.trim().is_empty() => ByteRange::Part(first, total - 1),
        (Err(_), Ok(0)) if first.trim().is_empty() => ByteRange::Unsatisfiable,
        (Err(_), Ok(length)) if first.trim().is_empty() => {
            ByteRange::Part(total.saturating_sub(length), total - 1)
        }
        _ => ByteRange::Full,
    }
}

#[cfg(test)]
mod tests {
    use super::{ByteRange, parse_range};

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        for (range, expected) in [
            ("bytes=0-3", ByteRange::Part(0, 3)),
            ("bytes=4-", ByteRange::Part(4, 9)),
            ("bytes=-3", ByteRange::Part(7, 9)),
            ("bytes=8-99", ByteRange::Part(8, 9)),
            ("bytes=10-", ByteRange::Unsatisfiable),
            ("bytes=-0", ByteRange::Unsatisfiable),
            ("bytes=0-1,3-4", ByteRange::Full),
            ("bytes=3-1", ByteRange::Full),
            ("lines=0-3", ByteRange::Full),
        ] {
            assert_eq!(parse_range(range, 10), expected, "{range}");
        }
    }
}
