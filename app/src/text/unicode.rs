//! What needs Unicode's tables: the composed form (UAX #15), grapheme clusters (UAX #29), capitals, and what a letter is. A
//! browser has the tables already; sending them again would double the weight of the page. This is the only place where the
//! two sides differ.

#[cfg(target_arch = "wasm32")]
pub(super) use browser::{capitals, composed, grapheme_bytes, is_letter_or_digit, small_letters};
#[cfg(not(target_arch = "wasm32"))]
pub(super) use library::{capitals, composed, grapheme_bytes, is_letter_or_digit, small_letters};

#[cfg(not(target_arch = "wasm32"))]
mod library {
    use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
    use unicode_segmentation::UnicodeSegmentation;

    /// The text in NFC.
    pub(in super::super) fn composed(text: &str) -> String {
        if is_nfc_quick(text.chars()) == IsNormalized::Yes { text.to_owned() } else { text.nfc().collect() }
    }

    /// How many bytes each grapheme cluster has, in order.
    pub(in super::super) fn grapheme_bytes(text: &str) -> Vec<usize> {
        text.graphemes(true).map(str::len).collect()
    }

    pub(in super::super) fn capitals(text: &str) -> String {
        text.to_uppercase()
    }

    pub(in super::super) fn small_letters(text: &str) -> String {
        text.to_lowercase()
    }

    pub(in super::super) fn is_letter_or_digit(character: char) -> bool {
        character.is_alphanumeric()
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::Intl::{SegmentData, Segmenter};
    use js_sys::{JsString, RegExp, try_iter};
    use leptos::wasm_bindgen::JsCast;

    thread_local! {
        static LETTER_OR_DIGIT: RegExp = RegExp::new(r"^[\p{Alphabetic}\p{N}]", "u");
    }

    pub(in super::super) fn composed(text: &str) -> String {
        JsString::from(text).normalize("NFC").into()
    }

    pub(in super::super) fn grapheme_bytes(text: &str) -> Vec<usize> {
        // The default segmenter is by grapheme; every string can be iterated.
        let segments = try_iter(&Segmenter::default().segment(text)).ok().flatten().into_iter().flatten().flatten();
        segments.map(|part| String::from(part.unchecked_into::<SegmentData>().segment()).len()).collect()
    }

    pub(in super::super) fn capitals(text: &str) -> String {
        JsString::from(text).to_upper_case().into()
    }

    pub(in super::super) fn small_letters(text: &str) -> String {
        JsString::from(text).to_lower_case().into()
    }

    pub(in super::super) fn is_letter_or_digit(character: char) -> bool {
        LETTER_OR_DIGIT.with(|pattern| pattern.test(character.encode_utf8(&mut [0; 4])))
    }
}
