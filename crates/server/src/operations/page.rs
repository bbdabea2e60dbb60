//! The document as a page for people: plain HTML made once at the start, without any script, so
//! that it works under the strictest Content-Security-Policy.

use std::fmt::Write;

use serde_json::{Map, Value};

/// The page of a document.
pub fn page(document: &Value) -> String {
    let info = &document["info"];
    let mut html = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n",
    );
    let title = escape(text(&info["title"]));
    put(&mut html, format_args!("<title>{title}: the API</title>\n"));
    html.push_str(
        "<link rel=\"stylesheet\" href=\"/docs/style.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#operations\">Skip to the operations</a>\n<header>\n",
    );
    put(&mut html, format_args!("<h1>{title}</h1>\n<p>Version {}. ", escape(text(&info["version"]))));
    html.push_str("<a href=\"/api/v1/openapi.json\">The OpenAPI document</a></p>\n");
    put(&mut html, format_args!("<p>{}</p>\n", prose(text(&info["description"]))));
    for scheme in values(&document["components"]["securitySchemes"]) {
        put(&mut html, format_args!("<p>{}</p>\n", prose(text(&scheme["description"]))));
    }
    html.push_str("</header>\n");
    contents(&mut html, document);
    html.push_str("<main id=\"operations\">\n");
    for tag in items(&document["tags"]) {
        let name = text(&tag["name"]);
        put(&mut html, format_args!("<section>\n<h2 id=\"{}\">{}</h2>\n", anchor(name), escape(name)));
        for (method, path, operation) in operations(document, name) {
            describe(&mut html, method, path, operation);
        }
        html.push_str("</section>\n");
    }
    schemas(&mut html, &document["components"]["schemas"]);
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn put(html: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = html.write_fmt(arguments);
}

/// The operations of a subject, by path.
fn operations<'a>(document: &'a Value, subject: &str) -> Vec<(&'a str, &'a str, &'a Value)> {
    let mut found = Vec::new();
    for (path, methods) in entries(&document["paths"]) {
        for (method, operation) in entries(methods) {
            if operation["tags"][0] == subject {
                found.push((method, path, operation));
            }
        }
    }
    found
}

fn contents(html: &mut String, document: &Value) {
    html.push_str("<nav aria-label=\"Contents\">\n");
    for tag in items(&document["tags"]) {
        let name = text(&tag["name"]);
        put(html, format_args!("<h2><a href=\"#{}\">{}</a></h2>\n<ul>\n", anchor(name), escape(name)));
        for (_, _, operation) in operations(document, name) {
            let (id, summary) = (text(&operation["operationId"]), text(&operation["summary"]));
            put(html, format_args!("<li><a href=\"#{}\">{}</a></li>\n", anchor(id), escape(summary)));
        }
        html.push_str("</ul>\n");
    }
    html.push_str("<h2><a href=\"#schemas\">Schemas</a></h2>\n</nav>\n");
}

fn describe(html: &mut String, method: &str, path: &str, operation: &Value) {
    let id = anchor(text(&operation["operationId"]));
    let upper = method.to_uppercase();
    put(html, format_args!("<article aria-labelledby=\"{id}\">\n<h3 id=\"{id}\">"));
    put(html, format_args!("{}</h3>\n", escape(text(&operation["summary"]))));
    put(
        html,
        format_args!(
            "<p class=\"address\"><b class=\"{}\">{upper}</b> <code>{}</code></p>\n",
            escape(method),
            escape(path)
        ),
    );
    put(html, format_args!("<p>{}</p>\n", prose(text(&operation["description"]))));
    let parameters = items(&operation["parameters"]);
    if !parameters.is_empty() {
        html.push_str("<table>\n<caption>Parameters</caption>\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">In</th><th scope=\"col\">Type</th></tr></thead>\n<tbody>\n");
        for parameter in parameters {
            put(
                html,
                format_args!(
                    "<tr><th scope=\"row\"><code>{}</code>{}</th><td>{}</td><td>{}</td></tr>\n",
                    escape(text(&parameter["name"])),
                    if parameter["required"] == true { " (required)" } else { "" },
                    escape(text(&parameter["in"])),
                    kind(&parameter["schema"])
                ),
            );
        }
        html.push_str("</tbody>\n</table>\n");
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !body.is_null() {
        put(html, format_args!("<p>Body: {}</p>\n", kind(body)));
    }
    html.push_str("<dl>\n");
    for (status, response) in entries(&operation["responses"]) {
        let schema = values(&response["content"]).next().map(|content| kind(&content["schema"]));
        put(
            html,
            format_args!(
                "<dt>{}</dt><dd>{}{}</dd>\n",
                escape(status),
                prose(text(&response["description"])),
                schema.map(|schema| format!(" {schema}")).unwrap_or_default()
            ),
        );
    }
    html.push_str("</dl>\n</article>\n");
}

fn schemas(html: &mut String, schemas: &Value) {
    html.push_str("<section>\n<h2 id=\"schemas\">Schemas</h2>\n");
    for (name, schema) in entries(schemas) {
        let id = anchor(&format!("schema-{name}"));
        put(
            html,
            format_args!("<article aria-labelledby=\"{id}\">\n<h3 id=\"{id}\">{}</h3>\n", escape(name)),
        );
        put(html, format_args!("<p>{}</p>\n", prose(text(&schema["description"]))));
        let required = items(&schema["required"]);
        let mut rows = String::new();
        for (field, schema) in entries(&schema["properties"]) {
            let needed = required.iter().any(|name| name == field);
            put(
                &mut rows,
                format_args!(
                    "<tr><th scope=\"row\"><code>{}</code>{}</th><td>{}</td><td>{}</td></tr>\n",
                    escape(field),
                    if needed { " (required)" } else { "" },
                    kind(schema),
                    prose(text(&schema["description"]))
                ),
            );
        }
        if rows.is_empty() {
            put(html, format_args!("<p>{}</p>\n", kind(schema)));
        } else {
            html.push_str("<table>\n<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Type</th><th scope=\"col\">What it is</th></tr></thead>\n<tbody>\n");
            html.push_str(&rows);
            html.push_str("</tbody>\n</table>\n");
        }
        html.push_str("</article>\n");
    }
    html.push_str("</section>\n");
}

/// A schema in a few words, with links to named ones.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#{}\">{}</a>", anchor(&format!("schema-{name}")), escape(name));
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(parts) = schema[key].as_array() {
            return parts.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words = words.iter().map(|word| format!("<code>{}</code>", escape(&plain(word))));
        return words.collect::<Vec<_>>().join(", ");
    }
    let mut told = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(plain).collect::<Vec<_>>().join(" or "),
        Value::String(kind) if kind == "array" => format!("list of {}", kind_of_items(schema)),
        Value::String(kind) => kind.clone(),
        _ => "anything".to_owned(),
    };
    if let Some(format) = schema["format"].as_str() {
        put(&mut told, format_args!(" ({})", escape(format)));
    }
    for (key, word) in [
        ("minimum", "from"),
        ("maximum", "to"),
        ("minLength", "at least"),
        ("maxLength", "at most"),
        ("maxItems", "at most"),
        ("default", "by default"),
    ] {
        if !schema[key].is_null() {
            put(&mut told, format_args!(", {word} {}", escape(&plain(&schema[key]))));
        }
    }
    told
}

fn kind_of_items(schema: &Value) -> String {
    kind(&schema["items"])
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(key, value)| (key.as_str(), value))
}

fn values(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_object().into_iter().flat_map(Map::values)
}

/// A name as the target of a link.
fn anchor(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(plain).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A sentence, its `code` marked as such.
fn prose(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escape(part);
        if index % 2 == 1 {
            put(&mut html, format_args!("<code>{part}</code>"));
        } else {
            html.push_str(&part);
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_escaped_and_code_is_marked() {
        assert_eq!(prose("a < `b & c` \"d\""), "a &lt; <code>b &amp; c</code> &quot;d&quot;");
        assert_eq!(anchor("schema-A.B_c"), "schema-a-b-c");
    }

    #[test]
    fn schemas_in_words() {
        let list =
            json!({ "type": "array", "items": { "$ref": "#/components/schemas/Role" }, "maxItems": 5 });
        assert_eq!(kind(&list), "list of <a href=\"#schema-role\">Role</a>, at most 5");
        assert_eq!(kind(&json!({ "type": ["string", "null"], "format": "uuid" })), "string or null (uuid)");
        assert_eq!(kind(&json!({})), "anything");
    }
}
