//! Values as JSON, as the browser writes them. Every type brings its own copy of the code that writes it, and serde_json's is made
//! for speed: here it is small, and nothing can go wrong. On the wire are objects, arrays, words, texts, yes and no, nothing, and
//! whole numbers; other things don't compile to anything that is ever called.

use serde::ser::{
    Error, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, Serializer,
};

/// Writes a value.
pub(crate) fn written(value: &impl Serialize) -> String {
    let mut json = Json(String::new());
    match value.serialize(&mut json) {
        Ok(()) => json.0,
        Err(never) => match never {},
    }
}

/// What is written so far.
struct Json(String);

/// What goes wrong.
#[derive(Debug)]
enum Never {}

impl Json {
    #[inline(never)]
    fn mark(&mut self, mark: &str) {
        self.0.push_str(mark);
    }

    /// A name of ours, or a text.
    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.0.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => self.0.extend(['\\', letter]),
                '\n' => self.mark("\\n"),
                '\t' => self.mark("\\t"),
                control if control < ' ' => {
                    let digit = |number| char::from_digit(number, 16).unwrap_or_default();
                    self.mark("\\u00");
                    self.0.extend([digit(control as u32 / 16), digit(control as u32 % 16)]);
                }
                letter => self.0.push(letter),
            }
        }
        self.0.push('"');
    }

    /// Numbers are below 2^53.
    #[inline(never)]
    fn number(&mut self, number: i64) {
        self.mark(&number.to_string());
    }

    /// Begins an element of an array, or of an object.
    #[inline(never)]
    fn next(&mut self) {
        if !self.0.ends_with(['[', '{']) {
            self.0.push(',');
        }
    }

    #[inline(never)]
    fn key(&mut self, name: &str) {
        self.next();
        self.text(name);
        self.0.push(':');
    }

    fn within(&mut self, begin: &str, end: &'static str) -> Result<Within<'_>, Never> {
        self.mark(begin);
        Ok(Within { json: self, end })
    }

    /// An object with one key.
    #[inline(never)]
    fn open(&mut self, name: &str) {
        self.mark("{");
        self.key(name);
    }
}

/// Inside an array or an object, and what stands at its end.
struct Within<'a> {
    json: &'a mut Json,
    end: &'static str,
}

impl Within<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.json.next();
        value.serialize(&mut *self.json)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Never> {
        self.json.key(name);
        value.serialize(&mut *self.json)
    }

    fn close(self) -> Result<(), Never> {
        self.json.mark(self.end);
        Ok(())
    }
}

/// Passes the numbers of all types on as the one that they have in JSON.
macro_rules! numbers {
    ($($serialize:ident: $number:ty),*) => {$(
        fn $serialize(self, number: $number) -> Result<(), Never> {
            self.number(number as i64);
            Ok(())
        }
    )*};
}

impl<'a> Serializer for &'a mut Json {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Within<'a>;
    type SerializeTuple = Within<'a>;
    type SerializeTupleStruct = Impossible<(), Never>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Impossible<(), Never>;
    type SerializeStruct = Within<'a>;
    type SerializeStructVariant = Within<'a>;

    numbers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, is_so: bool) -> Result<(), Never> {
        self.mark(if is_so { "true" } else { "false" });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Never> {
        self.text(text);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.mark("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, word: &'static str) -> Result<(), Never> {
        self.text(word);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        word: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.open(word);
        value.serialize(&mut *self)?;
        self.mark("}");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Within<'a>, Never> {
        self.within("[", "]")
    }

    fn serialize_tuple(self, _: usize) -> Result<Within<'a>, Never> {
        self.within("[", "]")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Within<'a>, Never> {
        self.within("{", "}")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        word: &'static str,
        _: usize,
    ) -> Result<Within<'a>, Never> {
        self.open(word);
        self.within("{", "}}")
    }

    fn serialize_f32(self, _: f32) -> Result<(), Never> {
        not_ours()
    }

    fn serialize_f64(self, _: f64) -> Result<(), Never> {
        not_ours()
    }

    fn serialize_char(self, _: char) -> Result<(), Never> {
        not_ours()
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Never> {
        not_ours()
    }

    fn serialize_unit(self) -> Result<(), Never> {
        not_ours()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        not_ours()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Impossible<(), Never>, Never> {
        not_ours()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Never>, Never> {
        not_ours()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Impossible<(), Never>, Never> {
        not_ours()
    }
}

fn not_ours() -> ! {
    unreachable!("nothing on the wire is such a thing")
}

impl SerializeSeq for Within<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl SerializeTuple for Within<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl SerializeStruct for Within<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl SerializeStructVariant for Within<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Error for Never {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        not_ours()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Cid;
    use crate::protocol::{ClientFrame, ServerFrame};
    use crate::room::Slug;
    use serde::Deserialize;
    use serde_json::Value;

    #[derive(Deserialize)]
    struct Stored {
        client: Vec<Value>,
        server: Vec<Value>,
    }

    fn is_written_as_it_was_read<Frame: Serialize + for<'de> Deserialize<'de>>(stored: &Value) {
        let frame: Frame = serde_json::from_value(stored.clone()).expect("a stored frame");
        let json = written(&frame);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap_or_else(|error| panic!("{json}: {error}")), *stored);
        assert_eq!(json, serde_json::to_string(&frame).expect("a frame encodes"));
    }

    #[test]
    fn every_stored_frame_is_written_as_serde_json_writes_it() {
        let stored: Stored = serde_json::from_str(include_str!("../tests/frames.json")).expect("the stored frames");
        stored.client.iter().for_each(is_written_as_it_was_read::<ClientFrame>);
        stored.server.iter().for_each(is_written_as_it_was_read::<ServerFrame>);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_as_it_was_written(text: String, number: i64) {
            let frame = ClientFrame::Edit { room: Slug::from(text.clone()), of: number, cid: Cid(number.unsigned_abs().into()), text };
            let read: ClientFrame = serde_json::from_str(&written(&frame)).expect("it is JSON");
            proptest::prop_assert_eq!(read, frame);
        }
    }

    #[test]
    fn control_characters_are_escaped() {
        let text: String = (0..0x80u8).map(char::from).collect();
        assert_eq!(serde_json::from_str::<String>(&written(&text)).expect("it is JSON"), text);
    }
}
