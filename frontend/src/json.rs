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

impl<'de> Deserializer<'de> for Parsed {
    type Error = NotOurs;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        let value = self.0;
        if let Some(text) = value.as_string() {
            visitor.visit_string(text)
        } else if let Some(number) = value.as_f64() {
            // The wire has whole numbers only, below 2^53.
            visitor.visit_i64(number as i64)
        } else if let Some(flag) = value.as_bool() {
            visitor.visit_bool(flag)
        } else if value.is_null() || value.is_undefined() {
            visitor.visit_unit()
        } else if Array::is_array(&value) {
            visitor.visit_seq(Items { items: value.unchecked_into(), at: 0 })
        } else {
            visitor.visit_map(Entries { entries: Object::entries(value.unchecked_ref()), at: 0 })
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        if self.0.is_null() || self.0.is_undefined() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_newtype_struct(self)
    }

    /// `"word"` or `{"word": content}`.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotOurs> {
        if let Some(word) = self.0.as_string() {
            return visitor.visit_enum(Variant { word, content: JsValue::UNDEFINED });
        }
        let entry = Object::entries(self.0.dyn_ref().ok_or(NotOurs)?).get(0);
        let (word, content) = pair(&entry).ok_or(NotOurs)?;
        visitor.visit_enum(Variant { word, content })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// An entry of an object, as `Object.entries` gives it.
fn pair(entry: &JsValue) -> Option<(String, JsValue)> {
    let entry: &Array = entry.dyn_ref()?;
    Some((entry.get(0).as_string()?, entry.get(1)))
}

struct Items {
    items: Array,
    at: u32,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = NotOurs;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, NotOurs> {
        if self.at == self.items.length() {
            return Ok(None);
        }
        self.at += 1;
        seed.deserialize(Parsed(self.items.get(self.at - 1))).map(Some)
    }
}

struct Entries {
    entries: Array,
    at: u32,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = NotOurs;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, NotOurs> {
        let Some((key, _)) = pair(&self.entries.get(self.at)) else { return Ok(None) };
        let key: StringDeserializer<NotOurs> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, NotOurs> {
        let (_, value) = pair(&self.entries.get(self.at)).ok_or(NotOurs)?;
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
