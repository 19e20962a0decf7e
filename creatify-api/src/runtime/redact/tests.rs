//! Redaction. In: keys, and encodings of them that a server may echo. Out: that nothing of a key is
//! left and everything else is kept.

use super::*;

const ID: &str = "6d0e1f52-93c8-4f7a-a8c1-3b2f5d9e7a60";
const KEY: &str = "Zk4+b1946ac92/492d2347~c6235b4d26_11184\"x";

fn secrets() -> std::sync::Arc<Secrets> {
    Secrets::new([ID, KEY])
}

/// Whether eight characters of a key in a row are in the text.
fn shows(text: &str) -> bool {
    let text = text.to_lowercase();
    let parts = |key: &str| -> Vec<String> {
        let key = key.to_lowercase();
        (0..=key.len() - 8)
            .map(|at| key[at..at + 8].to_owned())
            .collect()
    };
    [ID, KEY]
        .iter()
        .any(|key| parts(key).iter().any(|part| text.contains(part)))
}

fn base64(bytes: &[u8], alphabet: [char; 2]) -> String {
    let digit = |value: u8| match value {
        0..=25 => char::from(b'A' + value),
        26..=51 => char::from(b'a' + value - 26),
        52..=61 => char::from(b'0' + value - 52),
        62 => alphabet[0],
        _ => alphabet[1],
    };
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut all = [0; 3];
        all[..group.len()].copy_from_slice(group);
        let [a, b, c] = all;
        let digits = [
            a >> 2,
            (a & 3) << 4 | b >> 4,
            (b & 15) << 2 | c >> 6,
            c & 63,
        ];
        text.extend(digits[..=group.len()].iter().map(|value| digit(*value)));
        text.extend(std::iter::repeat_n('=', 3 - group.len()));
    }
    text
}

fn each(text: &str, write: impl Fn(u8) -> String) -> String {
    text.bytes().map(write).collect()
}

/// The ways in which a server may write a key.
fn ways(key: &str) -> Vec<String> {
    let unicode = |byte| format!("\\u{byte:04x}");
    let percent = |byte| format!("%{byte:02X}");
    let twice = each(key, unicode).replace('\\', "\\\\");
    let lines: Vec<String> = key
        .as_bytes()
        .chunks(6)
        .map(|part| String::from_utf8_lossy(part).into())
        .collect();
    vec![
        key.to_owned(),
        key.to_uppercase(),
        key.to_lowercase(),
        key[..key.len() - 1].to_owned(),
        key[3..].to_owned(),
        format!("{key:?}"),
        key.replace('/', "\\/"),
        each(key, unicode),
        twice,
        each(key, |byte| format!("\\u{{{byte:X}}}")),
        each(key, |byte| format!("\\x{byte:02x}")),
        each(key, |byte| format!("\\{byte:03o}")),
        each(key, percent),
        each(key, percent).replace('%', "%25"),
        each(key, |byte| format!("&#{byte};")),
        each(key, |byte| format!("&#x{byte:X};")),
        each(key, |byte| format!("={byte:02X}")),
        key.replace('-', "&hyphen;")
            .replace('+', "&plus;")
            .replace('"', "&quot;"),
        key.replace('+', "%2B")
            .replace('/', "%2F")
            .replace('-', "%2D"),
        each(key, |byte| format!("{byte:02x}")),
        each(key, |byte| format!("{byte:02X} ")),
        lines.join("\n  "),
        lines.join("\u{200b}"),
        base64(key.as_bytes(), ['+', '/']),
        base64(key.as_bytes(), ['-', '_']),
        base64(format!("{ID}:{key}").as_bytes(), ['+', '/']),
        base64(format!("a{key}").as_bytes(), ['+', '/']),
        base64(each(key, percent).as_bytes(), ['+', '/']),
        base64(base64(key.as_bytes(), ['+', '/']).as_bytes(), ['+', '/']),
        each(&base64(key.as_bytes(), ['+', '/']), percent),
    ]
}

#[test]
fn a_key_is_found_however_it_is_written() {
    let _secrets = secrets();
    for key in [ID, KEY] {
        for way in ways(key) {
            for text in [
                way.clone(),
                format!("you sent {way}, which is wrong"),
                format!("\u{202e}ä{way}ö"),
            ] {
                let safe = ServerText::new(&text);
                assert!(
                    safe.as_str().contains(REDACTED),
                    "{text}\n{}",
                    safe.as_str()
                );
                assert!(!shows(safe.as_str()), "{text}\n{}", safe.as_str());
                // Nothing that can be read back remains: what is left says the same under the gate.
                assert_eq!(ServerText::new(safe.as_str()).as_str(), safe.as_str());
            }
        }
    }
}

#[test]
fn what_is_no_key_stays() {
    let _secrets = secrets();
    for text in [
        "the request was throttled, expected available in 5 seconds",
        "ünïcödé & emoji 👩\u{200d}👧, 100% of \"it\" = \\n",
        "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "aHR0cHM6Ly9leGFtcGxlLmNvbS8= 6d0e1f5",
        "",
    ] {
        assert_eq!(ServerText::new(text).as_str(), text);
        assert!(is_free_of_keys(text));
    }
    let text = ServerText::new(format!("id: {ID}, key: {KEY}!"));
    assert_eq!(text.as_str(), "id: [redacted], key: [redacted]!");
}

#[test]
fn controls_are_escaped() {
    let text = ServerText::new("a\u{1b}[31m\nb\u{202e}c\u{7}\u{85}\u{feff}\r\t");
    assert_eq!(
        text.as_str(),
        "a\\u{1b}[31m\\nb\\u{202e}c\\u{7}\\u{85}\\u{feff}\\r\\t"
    );
    assert_eq!(format!("{text}"), text.as_str());
    assert_eq!(
        format!("{:?}", ServerText::new("\"a\"\n")),
        "\"\\\"a\\\"\\n\""
    );
}

#[test]
fn what_is_printed_is_cut_after_it_was_redacted() {
    let _secrets = secrets();
    for before in 0..LONGEST {
        let text = ServerText::new(format!("{}{KEY}", "ä".repeat(before)));
        assert!(!shows(&text.to_string()), "{before}");
    }
    let long = "ä".repeat(200_000);
    let text = ServerText::new(&long);
    assert!(text.as_str().len() <= MOST_BYTES + 3 && text.as_str().ends_with("ä..."));
    assert_eq!(text.to_string().chars().count(), LONGEST);
    assert_eq!(text.quoted(3), "\"äää\"...");
    assert_eq!(ServerText::new("ä\n").quoted(3), "\"ä\\n\"");
}

#[test]
fn an_excerpt_is_one_short_line() {
    let _secrets = secrets();
    let excerpt = |text: &str| ServerText::excerpt(text.as_bytes()).to_string();
    assert_eq!(excerpt("a\n  b\u{7}"), "a b\\u{7}");
    let long = excerpt(&"ä".repeat(100_000));
    assert!(
        long.ends_with("ä...") && long.chars().count() == 200,
        "{long}"
    );
    let (start, end) = KEY.split_at(KEY.len() / 2);
    assert!(!shows(&excerpt(&format!("<b>{start}\n    {end}</b>"))));
}

#[test]
fn errors_of_libraries_pass_the_gate() {
    let _secrets = secrets();
    let clean = source(std::io::Error::other("reset").into());
    assert!(clean.downcast_ref::<std::io::Error>().is_some());
    for text in [format!("could not send {KEY}"), "a\nb".to_owned()] {
        let inner = std::io::Error::other(text);
        let outer = source(std::io::Error::other(inner).into());
        let shown = format!("{outer} {outer:?}");
        assert!(!shows(&shown) && !shown.contains('\n'), "{shown}");
    }
}

#[test]
fn a_value_is_printed_as_it_is_but_without_keys() {
    let _secrets = secrets();
    let value = Some(vec![KEY, "a"]);
    assert_eq!(
        format!("{:?}", Redacted(&value)),
        "Some([\"[redacted]\", \"a\"])"
    );
    assert!(format!("{:#?}", Redacted(&value)).lines().count() > 3);
}
