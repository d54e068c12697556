//! From JSON to values: the browser parses, serde takes the parsed object from here. Errors say no more than that the text
//! is not one of ours; the sentences that serde would write for each of them would weigh more than this whole file.

use js_sys::{Array, JSON, Object};
use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::{JsCast, JsValue};

/// Decodes a value; `None` when the text is not one of these.
pub(crate) fn decode<Value: DeserializeOwned>(text: &str) -> Option<Value> {
    Value::deserialize(Parsed(JSON::parse(text).ok()?)).ok()
}

/// The text is not what was expected.
#[derive(Debug)]
struct NotOurs;

/// A value that the browser has parsed.
struct Parsed(JsValue);

/// What a value is. Found out here once, and not in the copy of the code that every type brings.
enum Kind {
    Nothing,
    Flag(bool),
    Number(i64),
    Text(String),
    Items(Items),
    Entries(Entries),
}

impl Parsed {
    #[inline(never)]
    fn kind(self) -> Kind {
        let value = self.0;
        if let Some(text) = value.as_string() {
            Kind::Text(text)
        } else if let Some(number) = value.as_f64() {
            // The wire has whole numbers only, below 2^53.
            Kind::Number(number as i64)
        } else if let Some(flag) = value.as_bool() {
            Kind::Flag(flag)
        } else if is_nothing(&value) {
            Kind::Nothing
        } else if Array::is_array(&value) {
            Kind::Items(Items { items: value.unchecked_into(), at: 0 })
        } else {
            Kind::Entries(Entries { entries: Object::entries(value.unchecked_ref()), at: 0 })
        }
    }

    /// The value as a word and what belongs to it: `"word"` or `{"word": content}`.
    #[inline(never)]
    fn variant(self) -> Option<Variant> {
        if let Some(word) = self.0.as_string() {
            return Some(Variant { word, content: JsValue::UNDEFINED });
        }
        let (word, content) = pair(&Object::entries(self.0.dyn_ref()?).get(0))?;
        Some(Variant { word, content })
    }
}

#[inline(never)]
fn is_nothing(value: &JsValue) -> bool {
    value.is_null() || value.is_undefined()
}

impl<'de> Deserializer<'de> for Parsed {
    type Error = NotOurs;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        match self.kind() {
            Kind::Nothing => visitor.visit_unit(),
            Kind::Flag(flag) => visitor.visit_bool(flag),
            Kind::Number(number) => visitor.visit_i64(number),
            Kind::Text(text) => visitor.visit_string(text),
            Kind::Items(items) => visitor.visit_seq(items),
            Kind::Entries(entries) => visitor.visit_map(entries),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        if is_nothing(&self.0) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotOurs> {
        visitor.visit_enum(self.variant().ok_or(NotOurs)?)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// An entry of an object, as `Object.entries` gives it.
#[inline(never)]
fn pair(entry: &JsValue) -> Option<(String, JsValue)> {
    let entry: &Array = entry.dyn_ref()?;
    Some((entry.get(0).as_string()?, entry.get(1)))
}

struct Items {
    items: Array,
    at: u32,
}

impl Items {
    #[inline(never)]
    fn next(&mut self) -> Option<Parsed> {
        let is_there = self.at < self.items.length();
        self.at += 1;
        is_there.then(|| Parsed(self.items.get(self.at - 1)))
    }
}

impl<'de> SeqAccess<'de> for Items {
    type Error = NotOurs;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, NotOurs> {
        self.next().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Entries {
    entries: Array,
    at: u32,
}

impl Entries {
    #[inline(never)]
    fn entry(&self) -> Option<(String, JsValue)> {
        pair(&self.entries.get(self.at))
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = NotOurs;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, NotOurs> {
        let Some((key, _)) = self.entry() else { return Ok(None) };
        let key: StringDeserializer<NotOurs> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, NotOurs> {
        let (_, value) = self.entry().ok_or(NotOurs)?;
        self.at += 1;
        seed.deserialize(Parsed(value))
    }
}

struct Variant {
    word: String,
    content: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = NotOurs;
    type Variant = Parsed;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Parsed), NotOurs> {
        let word: StringDeserializer<NotOurs> = self.word.into_deserializer();
        Ok((seed.deserialize(word)?, Parsed(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Parsed {
    type Error = NotOurs;

    fn unit_variant(self) -> Result<(), NotOurs> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, NotOurs> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, NotOurs> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, NotOurs> {
        self.deserialize_any(visitor)
    }
}

impl std::fmt::Display for NotOurs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not in our vocabulary")
    }
}

impl std::error::Error for NotOurs {}

impl Error for NotOurs {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}
