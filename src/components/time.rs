//! Dates, numbers and money, by the browser's own `Intl`.

use js_sys::{Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::language::locales;

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (key, value) in pairs {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from_str(key), value);
    }
    options
}

thread_local! {
    /// Made once: a table asks for many days, and each new format costs more than all else in its row.
    static DAY: Function = {
        let style = options(&[("dateStyle", JsValue::from_str("medium"))]);
        Intl::DateTimeFormat::new(&locales(), &style).format()
    };
}

/// A day, such as "Nov 23, 2026", of an RFC 3339 time; nothing where it is no time.
pub fn day(time: &str) -> String {
    let date = Date::new(&JsValue::from_str(time));
    if date.get_time().is_nan() {
        return String::new();
    }
    DAY.with(|format| format.call1(&JsValue::UNDEFINED, &date))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// A moment, such as "Nov 23, 2026, 4:05:06 PM", of an RFC 3339 time; nothing where it is no time.
pub fn moment(time: &str) -> String {
    thread_local! {
        static MOMENT: Function = {
            let style = options(&[
                ("dateStyle", JsValue::from_str("medium")),
                ("timeStyle", JsValue::from_str("medium")),
            ]);
            Intl::DateTimeFormat::new(&locales(), &style).format()
        };
    }
    let date = Date::new(&JsValue::from_str(time));
    if date.get_time().is_nan() {
        return String::new();
    }
    MOMENT
        .with(|format| format.call1(&JsValue::UNDEFINED, &date))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// How long ago an RFC 3339 time was: "12 days ago"; nothing where it is no time.
pub fn ago(time: &str) -> String {
    const DAY: f64 = 86_400_000.0;
    let passed = (Date::now() - Date::new(&JsValue::from_str(time)).get_time()) / DAY;
    // A clock that goes wrong makes nothing older than it is.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    if passed.is_nan() { String::new() } else { atrium_domain::invitees::age(passed.max(0.0) as u64) }
}

/// A number with its separators.
pub fn number(value: u64) -> String {
    thread_local! {
        /// Made once, as `DAY` is: every sentence that counts has one.
        static PLAIN: Function = Intl::NumberFormat::new(&locales(), &Object::new()).format();
    }
    PLAIN.with(|format| formatted(format, value))
}

/// Whole US dollars.
pub fn money(dollars: u64) -> String {
    let style = options(&[
        ("style", JsValue::from_str("currency")),
        ("currency", JsValue::from_str("USD")),
        ("maximumFractionDigits", JsValue::from_f64(0.0)),
    ]);
    formatted(&Intl::NumberFormat::new(&locales(), &style).format(), dollars)
}

#[allow(clippy::cast_precision_loss)]
fn formatted(format: &Function, value: u64) -> String {
    format
        .call1(&JsValue::UNDEFINED, &JsValue::from_f64(value as f64))
        .ok()
        .and_then(|text| text.dyn_into::<js_sys::JsString>().ok())
        .map_or_else(|| value.to_string(), String::from)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn numbers_and_money() {
        assert_eq!(number(12_345), "12,345");
        assert_eq!(money(78), "$78");
        assert_eq!(money(3_900), "$3,900");
    }

    #[wasm_bindgen_test]
    fn ages() {
        assert_eq!(ago(&String::from(Date::new_0().to_iso_string())), "today");
        assert_eq!(ago("yesterday"), "");
        assert_eq!(ago("2999-01-01T00:00:00Z"), "today");
    }

    #[wasm_bindgen_test]
    fn days() {
        assert_eq!(day("2026-11-23T12:00:00Z"), "Nov 23, 2026");
        assert_eq!(day("2026-11-23T12:00:00.123456+00:00"), "Nov 23, 2026");
        assert_eq!(day("yesterday"), "");
    }
}
