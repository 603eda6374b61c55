//! JSON as a person would write it: members in the order of the specification, texts of languages on lines of their own.
//! Refuses nothing: its callers give it texts.

/// A value with its members in order.
#[derive(Debug, Clone)]
pub(super) enum Json {
    Text(String),
    Bool(bool),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
    /// A text by language.
    Each(Vec<(String, String)>),
}

impl Json {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Json::Text(text.into())
    }

    pub(super) fn texts(texts: &[impl ToString]) -> Self {
        Json::List(texts.iter().map(|text| Json::Text(text.to_string())).collect())
    }

    /// The object with a member more.
    pub(super) fn with(mut self, name: &'static str, value: Json) -> Self {
        if let Json::Object(members) = &mut self {
            members.push((name, value));
        }
        self
    }

    /// The text of a file.
    pub(super) fn print(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0);
        text.push('\n');
        text
    }

    fn write(&self, text: &mut String, depth: usize) {
        match self {
            Json::Text(value) => text.push_str(&quoted(value)),
            Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Json::List(values) if values.iter().all(|value| matches!(value, Json::Text(_))) => {
                let values: Vec<String> = values.iter().map(Json::inline).collect();
                text.push_str(&format!("[{}]", values.join(", ")));
            }
            Json::List(values) => {
                let write = |value: &Json, text: &mut String| value.write(text, depth + 1);
                lines(text, depth, ('[', ']'), values, write);
            }
            Json::Object(members) => lines(text, depth, ('{', '}'), members, |(name, value), text| {
                text.push_str(&format!("\"{name}\": "));
                value.write(text, depth + 1);
            }),
            Json::Each(texts) => lines(text, depth, ('{', '}'), texts, |(tag, value), text| {
                text.push_str(&format!("\"{tag}\": {}", quoted(value)));
            }),
        }
    }

    fn inline(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0);
        text
    }
}

fn lines<T>(
    text: &mut String,
    depth: usize,
    (open, close): (char, char),
    items: &[T],
    write: impl Fn(&T, &mut String),
) {
    text.push(open);
    for (at, item) in items.iter().enumerate() {
        text.push_str(if at == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        write(item, text);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(close);
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
