//! From JSON to values: the browser parses, serde takes the parsed object from here. It asks for what each type needs and looks
//! at nothing else, because every type brings its own copy of this code: an object's fields are given in the order of the type,
//! as a sequence, which is a third of the code that a map takes. (So a field has one name, without `alias`; one that may be
//! missing has a `default`.) There are no errors: what is not one of ours is thrown.

use js_sys::{Array, JSON, Object, Reflect};
use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, throw_str};

/// Decodes a value; `None` when the text is not one of these.
pub(crate) fn decode<Value: DeserializeOwned>(text: &str) -> Option<Value> {
    let mut value = None;
    decode_within(text, &mut |parsed| {
        let Ok(ours) = Value::deserialize(parsed);
        value = Some(ours);
    });
    value
}

/// A text that is not ours is the rarest of cases, and to carry it through each type's code is a quarter of that code: it is
/// thrown over it, and caught by the script in between. What was read until then is lost, a few KB at the most.
fn decode_within(text: &str, take: &mut dyn FnMut(Parsed)) {
    if let Ok(parsed) = JSON::parse(text) {
        let mut parsed = Some(Parsed(parsed));
        let _ = apply(&mut || parsed.take().into_iter().for_each(&mut *take), &JsValue::UNDEFINED, &Array::new());
    }
}

#[wasm_bindgen]
extern "C" {
    /// Calls a function, and catches what it throws.
    #[wasm_bindgen(catch, js_namespace = Reflect)]
    fn apply(act: &mut dyn FnMut(), this: &JsValue, with: &Array) -> Result<JsValue, JsValue>;
}

/// The text is not what was expected: nobody ever gets to see that as a value.
#[derive(Debug)]
enum NotOurs {}

#[inline(never)]
fn not_ours() -> ! {
    throw_str("not in our vocabulary")
}

/// A value that the browser has parsed.
struct Parsed(JsValue);

impl Parsed {
    #[inline(never)]
    fn is_nothing(&self) -> bool {
        self.0.is_null() || self.0.is_undefined()
    }

    #[inline(never)]
    fn flag(self) -> Result<bool, NotOurs> {
        Ok(self.0.as_bool().unwrap_or_else(|| not_ours()))
    }

    /// The wire has whole numbers only, below 2^53.
    #[inline(never)]
    fn number(self) -> Result<i64, NotOurs> {
        let whole = self.0.as_f64().filter(|number| *number as i64 as f64 == *number);
        Ok(whole.map_or_else(|| not_ours(), |number| number as i64))
    }

    #[inline(never)]
    fn text(self) -> Result<String, NotOurs> {
        Ok(self.0.as_string().unwrap_or_else(|| not_ours()))
    }

    #[inline(never)]
    fn items(self) -> Result<Items, NotOurs> {
        let items = self.0.dyn_into().unwrap_or_else(|_| not_ours());
        Ok(Items { items, at: 0 })
    }

    #[inline(never)]
    fn fields(self, names: &'static [&'static str]) -> Result<Fields, NotOurs> {
        if self.0.is_object() { Ok(Fields { object: self.0, names: names.iter() }) } else { not_ours() }
    }

    /// The value as a word and what belongs to it: `"word"` or `{"word": content}`.
    #[inline(never)]
    fn variant(self, words: &'static [&'static str]) -> Result<Variant, NotOurs> {
        if let Some(word) = self.0.as_string() {
            return Variant::new(&word, words, JsValue::UNDEFINED);
        }
        let object: &Object = self.0.dyn_ref().unwrap_or_else(|| not_ours());
        let entry: Array = Object::entries(object).get(0).dyn_into().unwrap_or_else(|_| not_ours());
        Variant::new(&entry.get(0).as_string().unwrap_or_else(|| not_ours()), words, entry.get(1))
    }
}

/// Passes the numbers of all types on as the one that they have in JSON.
macro_rules! numbers {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
            visitor.visit_i64(self.number()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Parsed {
    type Error = NotOurs;

    numbers!(deserialize_i32 deserialize_i64 deserialize_u16 deserialize_u32 deserialize_u64);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_bool(self.flag()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        if self.is_nothing() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotOurs> {
        visitor.visit_seq(self.fields(names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotOurs> {
        visitor.visit_enum(self.variant(words)?)
    }

    /// Of the types of our vocabulary only a message's tree has to see a value to know what it is: a text, or a part.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotOurs> {
        match self.0.as_string() {
            Some(text) => visitor.visit_string(text),
            None if Array::is_array(&self.0) => visitor.visit_seq(self.items()?),
            None => visitor.visit_newtype_struct(self),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct map identifier ignored_any
    }
}

/// The items of an array.
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

/// The fields of an object in the order in which they are asked for; none in the place of one that is missing.
struct Fields {
    object: JsValue,
    names: std::slice::Iter<'static, &'static str>,
}

impl Fields {
    #[inline(never)]
    fn next(&mut self) -> Option<Parsed> {
        let value = Reflect::get(&self.object, &(*self.names.next()?).into()).ok()?;
        (!value.is_undefined()).then_some(Parsed(value))
    }
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = NotOurs;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, NotOurs> {
        self.next().map(|field| seed.deserialize(field)).transpose()
    }
}

/// Which of its type's words a value is, and what belongs to it. By number, so that no type compares words.
struct Variant {
    at: u32,
    content: JsValue,
}

impl Variant {
    fn new(word: &str, words: &'static [&'static str], content: JsValue) -> Result<Self, NotOurs> {
        let at = words.iter().position(|known| *known == word).unwrap_or_else(|| not_ours());
        Ok(Self { at: at as u32, content })
    }
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = NotOurs;
    type Variant = Parsed;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Parsed), NotOurs> {
        let word: U32Deserializer<NotOurs> = self.at.into_deserializer();
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
        visitor.visit_seq(self.items()?)
    }

    fn struct_variant<V: Visitor<'de>>(self, names: &'static [&'static str], visitor: V) -> Result<V::Value, NotOurs> {
        visitor.visit_seq(self.fields(names)?)
    }
}

impl std::fmt::Display for NotOurs {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::error::Error for NotOurs {}

impl Error for NotOurs {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        not_ours()
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        not_ours()
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        not_ours()
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        not_ours()
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        not_ours()
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        not_ours()
    }

    fn missing_field(_: &'static str) -> Self {
        not_ours()
    }

    fn duplicate_field(_: &'static str) -> Self {
        not_ours()
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
