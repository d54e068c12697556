//! What a page says of itself, in its head. One pass over the text, which never goes back: no page can make it slow. It is no
//! parser of HTML; where a page is broken, a preview may say less.

use app::text;
use encoding_rs::{Encoding, UTF_8};

use super::fetch::Page;

/// How long a title may be, in characters; what is longer is cut.
const MAX_TITLE: usize = 140;
/// How long a description may be.
const MAX_DESCRIPTION: usize = 280;
/// How long a site's name may be.
const MAX_SITE: usize = 60;
/// How many bytes a character may take on the average: towers of marks don't come in.
const MAX_BYTES_EACH: usize = 6;
/// Within so many bytes a page names its charset (HTML Standard, section 4.2.5.4).
const CHARSET_WITHIN: usize = 1024;

/// What a preview says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    /// What the page is called.
    pub(super) title: String,
    /// What it is about; may be empty.
    pub(super) description: String,
    /// Whose it is; may be empty.
    pub(super) site: String,
}

/// What a page says of itself; `None` when it doesn't say what it is called.
pub(super) fn read(page: &Page) -> Option<About> {
    let (text, _, _) = encoding_of(page).decode(&page.bytes);
    let said = Said::of(&text);
    let first = |names: &[&str]| names.iter().find_map(|name| said.meta(name)).unwrap_or_default();
    let title = first(&["og:title", "twitter:title"]);
    let about = About {
        title: clean(if title.is_empty() { &said.title } else { title }, MAX_TITLE),
        description: clean(first(&["og:description", "description", "twitter:description"]), MAX_DESCRIPTION),
        site: clean(first(&["og:site_name", "application-name"]), MAX_SITE),
    };
    (!about.title.is_empty()).then_some(about)
}

/// The server's word, else the page's own, else UTF-8. A byte order mark overrules both when it is decoded.
fn encoding_of(page: &Page) -> &'static Encoding {
    let own = || {
        let start = &page.bytes[..page.bytes.len().min(CHARSET_WITHIN)];
        let start = String::from_utf8_lossy(start).to_ascii_lowercase();
        let (_, after) = start.split_once("charset=")?;
        let is_of_label = |letter: char| letter.is_ascii_alphanumeric() || "-_:".contains(letter);
        let label = after.trim_start_matches(['"', '\'', ' ']).split(|letter| !is_of_label(letter)).next()?;
        Encoding::for_label(label.as_bytes())
    };
    let said = page.charset.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    said.or_else(own).unwrap_or(UTF_8)
}

/// The first title of a page, and its `meta` elements with a name.
#[derive(Default)]
struct Said {
    title: String,
    metas: Vec<(String, String)>,
}

/// How many `meta` elements are looked at.
const MAX_METAS: usize = 200;

impl Said {
    fn of(text: &str) -> Self {
        let mut said = Self::default();
        let mut rest = text;
        while let Some((_, tag)) = rest.split_once('<') {
            rest = match said.tag(tag) {
                Some(after) => after,
                None => break,
            };
        }
        said
    }

    /// Takes what stands behind a `<`, and gives back what follows; `None` at the end of the head.
    fn tag<'a>(&mut self, tag: &'a str) -> Option<&'a str> {
        if let Some(comment) = tag.strip_prefix("!--") {
            return Some(comment.split_once("-->")?.1);
        }
        let name = tag.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '/').next()?;
        match name.to_ascii_lowercase().as_str() {
            "body" | "/head" => None,
            "meta" => {
                let (attributes, after) = attributes(&tag[name.len()..])?;
                self.note(attributes);
                Some(after)
            }
            "title" => {
                let (content, after) = content(tag, "</title")?;
                if self.title.is_empty() {
                    self.title = content.to_owned();
                }
                Some(after)
            }
            "script" => Some(content(tag, "</script")?.1),
            "style" => Some(content(tag, "</style")?.1),
            _ => Some(&tag[name.len()..]),
        }
    }

    fn note(&mut self, attributes: Vec<(String, &str)>) {
        let value = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
        if let (Some(name), Some(content)) = (value("property").or(value("name")), value("content"))
            && self.metas.len() < MAX_METAS
        {
            self.metas.push((name.to_ascii_lowercase(), content.to_owned()));
        }
    }

    fn meta(&self, name: &str) -> Option<&str> {
        let found = self.metas.iter().find(|(known, content)| known == name && !content.trim().is_empty());
        found.map(|(_, content)| content.as_str())
    }
}

/// What stands in an element up to its end, and what follows.
fn content<'a>(tag: &'a str, end: &str) -> Option<(&'a str, &'a str)> {
    let inside = tag.split_once('>')?.1;
    let is_end = |at: &usize| {
        inside.as_bytes()[*at..].get(..end.len()).is_some_and(|here| here.eq_ignore_ascii_case(end.as_bytes()))
    };
    let at = inside.match_indices('<').map(|(at, _)| at).find(is_end)?;
    Some((&inside[..at], &inside[at + end.len()..]))
}

/// The attributes of a tag, and what follows its end.
fn attributes(tag: &str) -> Option<(Vec<(String, &str)>, &str)> {
    let mut found = Vec::new();
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((found, after));
        }
        let end = rest.find(|letter: char| letter.is_ascii_whitespace() || "=>/".contains(letter))?;
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        // An attribute without a name, as in `<meta =x>`: the sign is passed over.
        let Some(value) = rest.strip_prefix('=') else {
            found.push((name, ""));
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote)?,
            None => value.split_at(value.find(|letter: char| letter.is_ascii_whitespace() || letter == '>')?),
        };
        rest = after;
        found.push((name, value));
    }
}

/// A text as a preview shows it: one line, nothing hidden in it, not too long.
fn clean(html: &str, max: usize) -> String {
    // As much as can be needed: the rest of a text without an end is not looked at.
    let start = html.char_indices().nth(max * MAX_BYTES_EACH).map_or(html, |(at, _)| &html[..at]);
    let plain: String =
        without_entities(start).chars().filter(|letter| letter.is_whitespace() || !text::is_hidden(*letter)).collect();
    let line = text::composed(&plain.split_whitespace().collect::<Vec<_>>().join(" "));
    let kept = text::first_graphemes(&line, max);
    let end =
        (0..=kept.len().min(max * MAX_BYTES_EACH)).rev().find(|at| kept.is_char_boundary(*at)).unwrap_or_default();
    if end < line.len() { format!("{}…", kept[..end].trim_end()) } else { line }
}

/// The character references that titles have (HTML Standard, section 13.5).
const ENTITIES: [(&str, &str); 20] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("middot", "·"),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("bull", "•"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
];
/// The longest reference, in bytes.
const MAX_ENTITY: usize = 10;

fn without_entities(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut parts = html.split('&');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let named =
            part.bytes().take(MAX_ENTITY).position(|byte| byte == b';').map(|end| (&part[..end], &part[end + 1..]));
        match named.and_then(|(name, after)| Some((meant(name)?, after))) {
            Some((meant, after)) => plain.extend([meant.as_str(), after]),
            None => plain.extend(["&", part]),
        }
    }
    plain
}

fn meant(name: &str) -> Option<String> {
    let number = match name.strip_prefix('#') {
        None => return ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, meant)| (*meant).to_owned()),
        Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(&hex[1..], 16).ok()?,
        Some(decimal) => decimal.parse().ok()?,
    };
    char::from_u32(number).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(html: &str) -> Option<About> {
        read(&Page { bytes: html.into(), charset: None })
    }

    fn title(html: &str) -> String {
        about(html).unwrap_or_default().title
    }

    #[test]
    fn a_page_says_what_it_is_called_and_about() {
        let html = r#"<!DOCTYPE html><html><head><!-- <title>no</title> --><script>"<title>no</title>"</script>
            <TITLE>The &quot;notes&quot; of
            week&nbsp;47</TITLE><meta name=description content='Who said what'><meta property="og:site_name" content="Wiki"/></head>
            <body><title>no</title>"#;
        let [title, description, site] = ["The \"notes\" of week 47", "Who said what", "Wiki"].map(str::to_owned);
        assert_eq!(about(html), Some(About { title, description, site }));
    }

    #[test]
    fn what_is_made_for_previews_is_preferred() {
        let html = r#"<title>long · site</title><meta name="description" content="d"><meta content="Short" property="og:title"><meta property="og:description" content="D">"#;
        let [title, description] = ["Short", "D"].map(str::to_owned);
        assert_eq!(about(html), Some(About { title, description, site: String::new() }));
        assert_eq!(title_of_empty(), "kept");
    }

    fn title_of_empty() -> String {
        title(r#"<meta property="og:title" content=" "><title>kept</title>"#)
    }

    #[test]
    fn broken_pages_say_less_and_break_nothing() {
        for html in [
            "",
            "<",
            "<title>",
            "<title>no end",
            "<meta",
            "<meta content=\"",
            "<meta =x>",
            "<!--",
            "</head><title>a</title>",
            "<script><title>a</title>",
        ] {
            assert_eq!(about(html), None, "{html}");
        }
        assert_eq!(title("<meta a b=c/d e><title>a < b</title>"), "a < b");
        assert_eq!(
            title("<title>&; &#x; &#xD800; &#38; &amp &unknown; &&amp;</title>"),
            "&; &#x; &#xD800; & &amp &unknown; &&"
        );
    }

    #[test]
    fn nothing_is_hidden_in_a_preview_and_nothing_is_too_long() {
        assert_eq!(title("<title>a\u{202E}b\u{200B}c\u{0}\n d</title>"), "abc d");
        let long = title(&format!("<title>{}</title>", "가".repeat(1_000)));
        assert_eq!((text::graphemes(&long), long.ends_with('…')), (MAX_TITLE + 1, true));
        let tower = title(&format!("<title>a{}</title>", "\u{301}".repeat(100_000)));
        assert!(tower.len() <= MAX_TITLE * MAX_BYTES_EACH + 3, "{}", tower.len());
    }

    #[test]
    fn charsets_are_the_servers_else_the_pages_own() {
        let (korean, _, _) = encoding_rs::EUC_KR.encode("<title>회의록</title>");
        let page = |bytes: Vec<u8>, charset: Option<&str>| {
            read(&Page { bytes, charset: charset.map(str::to_owned) }).unwrap_or_default().title
        };
        assert_eq!(page(korean.to_vec(), Some("euc-kr")), "회의록");
        let own = [b"<meta charset=\"euc-kr\">", &korean[..]].concat();
        assert_eq!(page(own, None), "회의록");
        let old =
            [&b"<meta http-equiv=Content-Type content='text/html; charset=ks_c_5601-1987'>"[..], &korean[..]].concat();
        assert_eq!(page(old, Some("nonsense")), "회의록");
        assert_eq!(page("\u{FEFF}<title>회의록</title>".into(), Some("euc-kr")), "회의록");
    }

    #[test]
    fn pages_of_other_widths_are_read_and_what_would_lead_elsewhere_is_text() {
        let utf_16: Vec<u8> = "\u{FEFF}<title>회의록</title>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let title = |bytes: Vec<u8>, charset: &str| {
            read(&Page { bytes, charset: Some(charset.to_owned()) }).map(|about| about.title)
        };
        assert_eq!(title(utf_16.clone(), "utf-8").as_deref(), Some("회의록"));
        assert_eq!(title(utf_16[2..].to_vec(), "utf-16le").as_deref(), Some("회의록"));
        assert_eq!(
            title(b"<title>a</title>".to_vec(), "iso-2022-kr"),
            None,
            "what could be read in two ways is not read"
        );
        assert_eq!(about("<meta http-equiv=refresh content='0;url=http://127.0.0.1/'>"), None);
        let said =
            about("<title>&lt;img src=x onerror=alert(1)&gt; &#x202e;&#8238;a&amp;lt;b</title>").expect("a title");
        assert_eq!(said.title, "<img src=x onerror=alert(1)> a&lt;b");
    }

    #[test]
    fn no_page_makes_it_slow() {
        // Each of these would take time with the square of its length if anything were looked for twice.
        for piece in ["<", "<title", "<meta a=\"", "<!--", "<script>", "&", "<a ", "<meta \n", "<meta a", "</titl"] {
            let html = piece.repeat(512 * 1024 / piece.len());
            assert_eq!(about(&html), None, "{piece}");
        }
    }
}
