//! What an operation does, in a word or two. In: its tag and operationId. Out: the part of the id that says it. Knows no Rust names.

/// The operationId without the tag in front, and without drf-spectacular's `_create` or `_retrieve` behind where
/// something else is left: `lipsyncs_v2_render_create` of `lipsyncs_v2` is `render`, `lipsyncs_create` is `create`.
pub fn of<'a>(tag: &str, operation_id: &'a str) -> &'a str {
    let untagged = operation_id
        .strip_prefix(tag)
        .and_then(|rest| rest.strip_prefix('_'));
    let rest = untagged.unwrap_or(operation_id);
    let noise = ["_create", "_retrieve"];
    let short = noise.iter().find_map(|noise| rest.strip_suffix(noise));
    short.filter(|short| !short.is_empty()).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_and_the_noise_are_dropped() {
        let table = [
            ("lipsyncs_v2", "lipsyncs_v2_render_create", "render"),
            ("lipsyncs", "lipsyncs_preview_create", "preview"),
            ("lipsyncs", "lipsyncs_create", "create"),
            ("lipsyncs", "lipsyncs_v2_create", "v2"),
            ("lipsyncs", "lipsyncs2_create", "lipsyncs2"),
            (
                "custom_template_jobs",
                "custom_template_jobs_preview_async_create",
                "preview_async",
            ),
            ("personas", "personas_paginated_retrieve", "paginated"),
            (
                "remaining_credits",
                "remaining_credits_retrieve",
                "retrieve",
            ),
            (
                "asset_generator",
                "asset_generator_schemas_list",
                "schemas_list",
            ),
            ("pets", "list_pets", "list_pets"),
        ];
        for (tag, id, expected) in table {
            assert_eq!(of(tag, id), expected, "{id}");
        }
    }
}
