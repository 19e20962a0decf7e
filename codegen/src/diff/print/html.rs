//! For a browser. In: a review. Out: one page that loads nothing, with filters. Knows no other format.

use super::super::review::{Item, Note, Review, Ruling};
use super::super::rust::RustChange;
use super::{
    CRATE, Group, LEVELS, Span, WHOLE, crate_bump, groups, place_in, spans, summary, visible, was,
};
use crate::diagnostic::Position;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the browser runs: this script alone. A browser that refuses it prints the hash that it would take instead; the
/// filters of the page are tested in one.
const SCRIPT_HASH: &str = "sha256-omhkm4lov9vXbxeKIdYtjV1yhom7iv4bKkvy/Y2csX4=";

/// The review as a page.
pub fn html(review: &Review) -> String {
    let title = format!("API changes: {}", summary(review));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src '{SCRIPT_HASH}'; form-action 'none'; base-uri 'none'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        title = prose(&title),
    );
    page.push_str(&head(review));
    page.push_str(&controls());
    for group in groups(&review.items) {
        page.push_str(&section(review, &group));
    }
    page.push_str(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    page
}

fn head(review: &Review) -> String {
    let mut head = format!(
        "<header>\n<h1>API changes: {}</h1>\n<p><b>API</b>: {}, <b>{CRATE}</b>: {}</p>\n\
         <p class=\"dim\">{} to {}</p>\n",
        prose(&summary(review)),
        review.api,
        prose(&crate_bump(review)),
        code(&review.old),
        code(&review.new),
    );
    for Note {
        file,
        position: Position { line, column },
        text,
    } in &review.notes
    {
        let place = code(&format!("{file}:{line}:{column}"));
        head.push_str(&format!("<p>{place}: {}</p>\n", sentence(text)));
    }
    if let Some(reason) = &review.unplanned {
        let lines: Vec<String> = reason
            .lines()
            .map(|line| format!("<li>{}</li>", sentence(line)))
            .collect();
        head.push_str(&format!(
            "<p>{CRATE} is not judged, for no client can be planned from one of the documents:</p>\n<ul>{}</ul>\n",
            lines.concat()
        ));
    }
    if !review.rust.is_empty() {
        let lines: Vec<String> = review.rust.iter().map(rust).collect();
        head.push_str(&format!(
            "<p>{CRATE}, by no single change:</p>\n<ul>{}</ul>\n",
            lines.concat()
        ));
    }
    head + "</header>\n"
}

fn controls() -> String {
    let level = |level| {
        format!(
            "<label><input type=\"checkbox\" name=\"level\" value=\"{level}\" checked>{level}</label>\n"
        )
    };
    let levels: Vec<String> = LEVELS.iter().map(level).collect();
    format!(
        "<form>\n{}<label>direction <select name=\"direction\"><option value=\"\">any</option>\
         <option>request</option><option>response</option></select></label>\n\
         <input type=\"search\" name=\"text\" placeholder=\"operation, name, rule\" aria-label=\"text\">\n\
         <output class=\"dim\"></output>\n</form>\n",
        levels.concat()
    )
}

fn section(review: &Review, group: &Group<'_>) -> String {
    let title = match group.operations {
        [] => WHOLE.to_owned(),
        operations => operations
            .iter()
            .map(|name| code(name))
            .collect::<Vec<_>>()
            .join(" "),
    };
    let items: Vec<String> = group
        .items
        .iter()
        .map(|item| article(review, item))
        .collect();
    format!(
        "<section>\n<h2>{title}</h2>\n{}</section>\n",
        items.concat()
    )
}

fn article(review: &Review, item: &Item) -> String {
    let Ruling {
        rule,
        level,
        text,
        accepted,
        ..
    } = &item.ruling;
    let rulings = std::iter::once(&item.ruling).chain(&item.also);
    let directions: Vec<String> = rulings
        .filter_map(|ruling| Some(ruling.direction?.to_string()))
        .collect();
    let class = if accepted.is_some() { " accepted" } else { "" };
    let mut article = format!(
        "<article class=\"{level}{class}\" data-level=\"{level}\" data-direction=\"{}\">\n<p><b>{level}</b> {}</p>\n",
        directions.join(" "),
        sentence(text)
    );
    let mut lines = Vec::new();
    if let Some(accepted) = accepted {
        lines.push(format!(
            "<li>accepted until {}: {}</li>\n",
            accepted.expires,
            sentence(&accepted.reason)
        ));
    }
    for also in &item.also {
        let word = if also.accepted.is_some() {
            ", accepted"
        } else {
            ""
        };
        lines.push(format!(
            "<li>also {}{word}: {} {}</li>\n",
            also.level,
            sentence(&also.text),
            code(also.rule)
        ));
    }
    lines.extend(item.rust.iter().map(rust));
    if !lines.is_empty() {
        article.push_str(&format!("<ul>\n{}</ul>\n", lines.concat()));
    }
    let mut places = vec![code(rule)];
    let sides = [
        ("", &review.new, item.new.as_ref()),
        ("was ", &review.old, was(item)),
    ];
    for (word, file, place) in sides {
        if let Some(place) = place {
            places.push(format!(
                "{word}{} {}",
                prose(&place_in(file, place)),
                code(&place.pointer.to_string())
            ));
        }
    }
    article + &format!("<p class=\"dim\">{}</p>\n</article>\n", places.join("<br>"))
}

fn rust(change: &RustChange) -> String {
    let text = sentence(&change.text);
    format!("<li>in Rust, <b>{}</b>: {text}</li>\n", change.bump)
}

fn sentence(text: &str) -> String {
    let span = |span: &Span<'_>| match span {
        Span::Prose(text) => prose(text),
        Span::Code(text) => code(text),
    };
    spans(text).iter().map(span).collect()
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", prose(text))
}

/// Text between tags; also safe within the quotes of an attribute.
fn prose(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_a_document_stays_text() {
        assert_eq!(
            sentence("`<b>` \"'&</script>"),
            "<code>&lt;b&gt;</code> &quot;&#39;&amp;&lt;/script&gt;"
        );
    }

    #[test]
    fn the_script_ends_where_it_should() {
        assert!(!SCRIPT.contains("</") && !STYLE.contains("</"));
    }
}
