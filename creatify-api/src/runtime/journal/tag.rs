//! Unique names of jobs. In: the body of a call that makes a job, and the key of the call. Out: the
//! body with a tag behind the name. Reads no other member of the body.

use serde_json::Value;

/// What tells the name of a job from every other one, such as `#k3f9w2hq`: 40 bits of the key of its call.
pub(crate) fn of(key: u128) -> String {
    // Without letters that look like digits (Crockford's alphabet).
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let digit = |place: u32| char::from(DIGITS[(key >> (5 * place)) as usize & 31]);
    std::iter::once('#').chain((0..8).map(digit)).collect()
}

/// Puts the tag of a call behind the name in its body, in place of the one of the call that it was copied from.
pub(crate) fn put(body: &mut Value, member: &str, before: Option<u128>, key: u128) {
    let Value::Object(fields) = body else { return };
    let name = fields
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default();
    let given = match before {
        Some(before) => given_name(name, before),
        None => name,
    };
    let name = match given {
        "" => of(key),
        given => format!("{given} {}", of(key)),
    };
    fields.insert(member.to_owned(), Value::String(name));
}

/// The name as the caller gave it.
pub(crate) fn given_name(name: &str, key: u128) -> &str {
    match name.strip_suffix(of(key).as_str()) {
        Some(given) => given.strip_suffix(' ').unwrap_or(given),
        None => name,
    }
}

/// What stands where a tag does: the service may have removed blanks around the name.
pub(crate) fn in_name(name: &str) -> Option<&str> {
    const LENGTH: usize = 9;
    let name = name.trim_end();
    let start = name.len().checked_sub(LENGTH)?;
    name.get(start..).filter(|tag| tag.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_copy_of_a_call_gets_a_tag_of_its_own() {
        assert_eq!(of(0), "#00000000");
        assert_eq!(of(u128::MAX), "#zzzzzzzz");
        for (body, once, twice) in [
            (
                json!({"name": "order-7"}),
                "order-7 #10000000",
                "order-7 #20000000",
            ),
            (
                json!({"name": " order 9\n"}),
                " order 9\n #10000000",
                " order 9\n #20000000",
            ),
            (json!({"name": null}), "#10000000", "#20000000"),
            (json!({}), "#10000000", "#20000000"),
        ] {
            let mut body = body;
            put(&mut body, "name", None, 1);
            assert_eq!(body["name"], once);
            put(&mut body, "name", Some(1), 2);
            assert_eq!(body["name"], twice);
        }
        assert_eq!(given_name(" order 9\n #10000000", 1), " order 9\n");
        assert_eq!(given_name("#10000000", 1), "");
        for (name, tag) in [
            ("order #10000000", Some("#10000000")),
            ("#10000000 ", Some("#10000000")),
            ("order-10000000", None),
            ("#1", None),
            ("ä0000000ä", None),
            ("", None),
        ] {
            assert_eq!(in_name(name), tag, "{name}");
        }
        let mut list = json!([]);
        put(&mut list, "name", None, 1);
        assert_eq!(list, json!([]));
    }
}
