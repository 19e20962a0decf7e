//! Files. In: a path, range and cache headers. Out: a small real video, whole or in part. Knows
//! which jobs are done, through the record's view.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use serde_json::json;
use uuid::Uuid;

use super::Shared;
use super::answer::{Content, Reply};
use super::chance;
use super::record::View;

const VIDEO: &[u8] = include_bytes!("sample.mp4");
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
    let tag = format!("\"{:016x}\"", chance::number(bytes.len() as u64, file));
    send(media_type, &bytes, &tag, headers)
}

fn missing() -> Reply {
    Reply::json(404, json!({"detail": "Not found."}))
}

fn exists(shared: &Shared, id: Uuid, file: &str) -> bool {
    let world = shared.lock();
    let Some(record) = world.records.get(id) else {
        return chance::is_sealed(id);
    };
    let view = View {
        record,
        statuses: shared.api.statuses(record.resource),
        now: world.clock.now(),
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
    let asked = text(header::RANGE).filter(|_| current);
    match asked.map(|range| part(range, total)) {
        None | Some(Asked::Everything) => {
            let reply = Reply::of(200, Content::Raw(media_type, bytes.clone()));
            finish(reply, total)
        }
        Some(Asked::Part(first, last)) => {
            let part = bytes.slice(first..=last);
            let range = format!("bytes {first}-{last}/{total}");
            let length = part.len();
            let reply = Reply::of(206, Content::Raw(media_type, part));
            finish(reply.header(header::CONTENT_RANGE, range), length)
        }
        Some(Asked::Beyond) => {
            let range = format!("bytes */{total}");
            Reply::empty(416).header(header::CONTENT_RANGE, range)
        }
    }
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Everything,
    /// The first and the last byte.
    Part(usize, usize),
    Beyond,
}

/// Reads one range. Several at once, or other units, are answered with everything, as RFC 9110
/// allows.
fn part(range: &str, total: usize) -> Asked {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Asked::Everything;
    };
    match (first.trim().parse::<usize>(), last.trim().parse::<usize>()) {
        (Ok(first), _) if first >= total => Asked::Beyond,
        (Ok(first), Ok(last)) if first <= last => Asked::Part(first, last.min(total - 1)),
        (Ok(first), Err(_)) if last.trim().is_empty() => Asked::Part(first, total - 1),
        (Err(_), Ok(0)) if first.trim().is_empty() => Asked::Beyond,
        (Err(_), Ok(length)) if first.trim().is_empty() => {
            Asked::Part(total.saturating_sub(length), total - 1)
        }
        _ => Asked::Everything,
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, part};

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        for (range, expected) in [
            ("bytes=0-3", Asked::Part(0, 3)),
            ("bytes=4-", Asked::Part(4, 9)),
            ("bytes=-3", Asked::Part(7, 9)),
            ("bytes=8-99", Asked::Part(8, 9)),
            ("bytes=10-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=0-1,3-4", Asked::Everything),
            ("bytes=3-1", Asked::Everything),
            ("lines=0-3", Asked::Everything),
        ] {
            assert_eq!(part(range, 10), expected, "{range}");
        }
    }
}
