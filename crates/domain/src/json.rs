//! Reading JSON in the app.
//!
//! serde compiles a reader anew for every type: 130 KB of wasm before wasm-opt for this app's 25 types, a tenth of
//! all (measured). Here a text becomes a tree, by one function, and a type takes its fields out of the tree. The
//! server keeps serde; tests hold the two against each other.

mod parse;
mod wire;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`; also what a missing field reads as.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; `None` where it is no whole number from 0, since the API counts and measures nothing else.
    Number(Option<u64>),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, its fields in their order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value of a JSON text; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        parse::value(text)
    }

    /// A field of an object; null where there is none.
    pub fn get(&self, name: &str) -> &Self {
        let Self::Object(fields) = self else { return &Self::Null };
        fields.iter().find(|(own, _)| own == name).map_or(&Self::Null, |(_, value)| value)
    }

    /// Adds it to a text, as JSON. A number that was not kept is null.
    pub fn write(&self, into: &mut String) {
        match self {
            Self::Null | Self::Number(None) => into.push_str("null"),
            Self::Bool(true) => into.push_str("true"),
            Self::Bool(false) => into.push_str("false"),
            Self::Number(Some(number)) => into.push_str(&number.to_string()),
            Self::Text(text) => quote(into, text),
            Self::List(items) => {
                into.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        into.push(',');
                    }
                    item.write(into);
                }
                into.push(']');
            }
            Self::Object(fields) => {
                into.push('{');
                for (index, (name, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        into.push(',');
                    }
                    quote(into, name);
                    into.push(':');
                    value.write(into);
                }
                into.push('}');
            }
        }
    }

    /// Whether an object has a field, be it null.
    pub fn has(&self, name: &str) -> bool {
        matches!(self, Self::Object(fields) if fields.iter().any(|(own, _)| own == name))
    }

    /// Whether this has fields.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// A field that must be there.
    pub fn read<T: FromJson>(&self, name: &str) -> Option<T> {
        T::from_json(self.get(name))
    }

    /// A field that may be missing, or hold what this version does not understand.
    pub fn read_or_default<T: FromJson + Default>(&self, name: &str) -> T {
        self.read(name).unwrap_or_default()
    }
}

/// Adds a text as JSON has it.
pub fn quote(into: &mut String, text: &str) {
    into.push('"');
    for letter in text.chars() {
        match letter {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            control if control < ' ' => into.push_str(&format!("\\u{:04x}", control as u32)),
            other => into.push(other),
        }
    }
    into.push('"');
}

/// What can be read from a JSON value.
pub trait FromJson: Sized {
    /// The value; `None` where this JSON holds none.
    fn from_json(json: &Json) -> Option<Self>;
}

/// Nothing is wanted, so anything will do.
impl FromJson for () {
    fn from_json(_: &Json) -> Option<Self> {
        Some(())
    }
}

impl FromJson for String {
    fn from_json(json: &Json) -> Option<Self> {
        if let Json::Text(text) = json { Some(text.clone()) } else { None }
    }
}

impl FromJson for bool {
    fn from_json(json: &Json) -> Option<Self> {
        if let Json::Bool(value) = json { Some(*value) } else { None }
    }
}

impl FromJson for u64 {
    fn from_json(json: &Json) -> Option<Self> {
        if let Json::Number(value) = json { *value } else { None }
    }
}

impl FromJson for u32 {
    fn from_json(json: &Json) -> Option<Self> {
        u64::from_json(json)?.try_into().ok()
    }
}

/// Null, and what cannot be understood, is absence.
impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json) -> Option<Self> {
        Some(T::from_json(json))
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Option<Self> {
        if let Json::List(items) = json { items.iter().map(T::from_json).collect() } else { None }
    }
}
