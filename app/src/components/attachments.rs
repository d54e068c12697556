//! The files of a message: pictures side by side, with their space reserved and a few colours in it until they are there, those that
//! move standing still and saying so; what can be heard or seen; and everything else to download. Without scripts every one is a link.

use crate::chat::Chat;
use crate::components::pen::{Draw, Pen, leaf};
use crate::file::{File, Kind, size};
use crate::room::Slug;

/// A lone picture is at most so many pixels wide and high; several are cut to squares.
const ALONE_PX: (u32, u32) = (360, 320);
/// No picture is lower, however wide it is.
const LEAST_PX: u32 = 48;

/// The files that a message carries.
pub struct Attachments {
    /// Which ones, in their order.
    pub files: Vec<File>,
    /// In which room.
    pub room: Slug,
    /// With whose words.
    pub chat: Chat,
}

impl Draw for Attachments {
    fn draw(&self, pen: &mut dyn Pen) {
        let pictures = self.files.iter().filter(|file| file.is_picture()).count();
        if pictures > 0 {
            pen.open("div", &[("class", if pictures == 1 { "pictures alone" } else { "pictures" })]);
            self.files.iter().filter(|file| file.is_picture()).for_each(|file| self.picture(pen, file));
            pen.close("div");
        }
        for file in &self.files {
            match file.kind {
                Kind::Picture | Kind::Animation => {}
                Kind::Audio => self.played(pen, file, "audio"),
                Kind::Video => self.played(pen, file, "video"),
                Kind::Other => self.download(pen, file),
            }
        }
    }
}

impl Attachments {
    fn picture(&self, pen: &mut dyn Pen, file: &File) {
        let small = file.drawn_path(&self.room, "small");
        let (width, height) = shown_px(file);
        let place = format!("--width:{width}px;aspect-ratio:{width}/{height};{}", file.ground());
        let viewer = file.viewer_path(&self.room);
        let class = if file.kind == Kind::Animation { "picture moves" } else { "picture" };
        pen.open("a", &[("class", class), ("href", &viewer), ("data-sheet", "true"), ("style", &place)]);
        let (width, height) = (width.to_string(), height.to_string());
        let picture = [
            ("src", small.as_str()),
            ("alt", &file.name),
            ("width", &width),
            ("height", &height),
            ("loading", "lazy"),
            ("decoding", "async"),
            ("draggable", "false"),
        ];
        pen.open("img", &picture);
        pen.close("img");
        pen.close("a");
    }

    fn played(&self, pen: &mut dyn Pen, file: &File, tag: &'static str) {
        pen.open("div", &[("class", "played")]);
        let path = file.path(&self.room);
        let player = [
            ("src", path.as_str()),
            ("controls", "true"),
            ("preload", "metadata"),
            // A phone would open it over everything else.
            ("playsinline", "true"),
            ("aria-label", &file.name),
        ];
        pen.open(tag, &player);
        pen.close(tag);
        self.download(pen, file);
        pen.close("div");
    }

    fn download(&self, pen: &mut dyn Pen, file: &File) {
        let (path, label) = (file.path(&self.room), format!("{} {}", self.chat.words().download, file.name));
        pen.open("a", &[("class", "attachment"), ("href", &path), ("download", &file.name), ("aria-label", &label)]);
        leaf(pen, "bdi", &[("class", "attachment-name")], &file.name);
        leaf(pen, "span", &[("class", "attachment-size")], &size(file.bytes));
        pen.close("a");
    }
}

/// How large a lone picture is on the page.
fn shown_px(file: &File) -> (u32, u32) {
    let (width, height) = (u64::from(file.width.max(1)), u64::from(file.height.max(1)));
    let (most_wide, most_high) = (u64::from(ALONE_PX.0), u64::from(ALONE_PX.1));
    let wide = width.min(most_wide).min(width * most_high / height).max(LEAST_PX.into());
    let high = (height * wide / width).clamp(LEAST_PX.into(), most_high);
    (wide as u32, high as u32)
}
