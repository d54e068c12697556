//! A chat's rules, put before CommonMark's. What people mean otherwise than CommonMark reads it is hidden from it behind signs
//! that no text has (noncharacters), and [`restored`] afterwards:
//!
//! - Bare addresses are one word, whatever is in them. `&` is `&`. One `~` is a tilde: `10~11시`.
//! - `2026. 11. 21.` is a date, not three lists. `>_<`, `*^^*`, `-_-` are faces. `5*3*2` is a product.
//! - Emphasis also ends before a particle: `**"강조"**는`, and begins behind one.
//! - A line without `>` ends a quotation, a line at the margin ends a list; a line under another is no heading.
//! - ```` ``` ```` at the end of a line ends the code, too. Nothing is defined out of sight (`[a]: …`). HTML is text.
//!
//! What could cost time beyond its length (thousands of levels, tables of thousands of columns) is not taken for Markdown at all.

use super::{Resolve, inline, links};

/// So many quotations and lists may begin in one line.
const MAX_LEVELS: usize = 16;
/// So far may a line be indented, in spaces and tabs.
const MAX_COLUMNS: usize = 200;
/// So many cells a message's tables may seem to have, counted as if each row had as many as the longest.
const MAX_CELLS: usize = 2_000;
/// A longer word behind a fence is no language.
const MAX_INFO_BYTES: usize = 32;
/// How many digits the number of an item may have: a year has more.
const MAX_ITEM_DIGITS: usize = 3;

/// Punctuation to CommonMark, nothing to readers (COPTIC MORPHOLOGICAL DIVIDER); texts that have it are left alone.
const JOINT: char = '\u{2CFF}';
/// A letter to CommonMark, nothing to readers.
const STOP: char = '\u{FDD0}';
/// Before and behind a bare address.
pub(super) const LINK: [char; 2] = ['\u{FDD1}', '\u{FDD2}'];
/// What is hidden from CommonMark, and behind which sign.
const HIDDEN: [(char, char); 12] = [
    ('`', '\u{FDDE}'),
    ('*', '\u{FDD3}'),
    ('_', '\u{FDD4}'),
    ('~', '\u{FDD5}'),
    ('|', '\u{FDD6}'),
    ('[', '\u{FDD7}'),
    (']', '\u{FDD8}'),
    ('\\', '\u{FDD9}'),
    ('&', '\u{FDDA}'),
    ('<', '\u{FDDB}'),
    ('>', '\u{FDDC}'),
    ('!', '\u{FDDD}'),
];

/// The text for CommonMark; `None` when it had better not see it.
pub(super) fn prepared(text: &str, resolve: Resolve<'_>) -> Option<String> {
    if text.contains(|letter| letter == JOINT || matches!(letter, '\u{FDD0}'..='\u{FDEF}')) || has_vast_table(text) {
        return None;
    }
    let out = String::with_capacity(text.len() + text.len() / 8);
    let mut page = Page { out, fence: None, before: Before::Nothing, resolve };
    text.split('\n').try_for_each(|line| page.line(line))?;
    Some(page.out)
}

/// A text as people wrote it.
pub(super) fn restored(text: &str) -> String {
    let shown = |letter: char| match letter {
        JOINT | STOP => None,
        letter if LINK.contains(&letter) => None,
        letter => Some(HIDDEN.iter().find(|(_, sign)| *sign == letter).map_or(letter, |(hidden, _)| *hidden)),
    };
    text.chars().filter_map(shown).collect()
}

/// Whether a text begins with an item's number: digits, `.` or `)`, and a space.
pub(super) fn is_numbered(text: &str) -> bool {
    number_length(text).is_some_and(|length| text[length..].is_empty() || text[length..].starts_with([' ', '\t', '\n']))
}

fn number_length(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    ((1..=9).contains(&digits) && text[digits..].starts_with(['.', ')'])).then_some(digits + 1)
}

fn has_vast_table(text: &str) -> bool {
    let columns = text.split('\n').map(|line| line.bytes().filter(|byte| *byte == b'|').count());
    let (rows, longest) =
        columns.filter(|count| *count > 0).fold((0, 0), |(rows, longest), count| (rows + 1, longest.max(count)));
    rows * longest > MAX_CELLS
}

struct Page<'a> {
    resolve: Resolve<'a>,
    out: String,
    /// The fence that the code around this line began with.
    fence: Option<&'a str>,
    /// What the line before was.
    before: Before,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Before {
    #[default]
    Nothing,
    Text,
    Quote,
    Item,
}

impl<'a> Page<'a> {
    fn line(&mut self, line: &'a str) -> Option<()> {
        match self.fence {
            Some(fence) => self.code(line, fence),
            None => self.words(line)?,
        }
        self.out.push('\n');
        Some(())
    }

    /// A line of fenced code, as it is.
    fn code(&mut self, line: &'a str, fence: &str) {
        let rest = line.trim_end();
        let content = rest.trim_end_matches(&fence[..1]);
        let ends = rest.len() - content.len() >= fence.len();
        self.literally(if ends { content } else { line });
        if ends {
            if !content.trim().is_empty() {
                self.out.push('\n');
            }
            self.out.push_str(&rest[content.len()..]);
            (self.fence, self.before) = (None, Before::Nothing);
        }
    }

    fn words(&mut self, line: &'a str) -> Option<()> {
        let start = Start::of(line)?;
        let (margin, rest) = line.split_at(line.len() - line.trim_start().len());
        self.part_from(start, margin, rest);
        let is_far_in = margin.len() > 3 || margin.contains('\t');
        let is_inside =
            start.is_quote || start.is_item || is_far_in || self.before == Before::Item && !margin.is_empty();
        self.fence = if is_inside { None } else { fence_of(rest) };
        self.before = start.kind(rest, self.before);
        if let Some(fence) = self.fence {
            self.begin_code(&line[..margin.len() + fence.len()], &rest[fence.len()..]);
            return Some(());
        }
        if is_underline(rest) && start.levels == 0 {
            self.sign(STOP);
        }
        self.push(&line[..start.length]);
        let mut at = start.length;
        if start.hides_number {
            at += self.push(&line[at..at + line[at..].bytes().take_while(u8::is_ascii_digit).count()]);
            self.sign(STOP);
        } else if line[at..].starts_with('>') {
            at += self.hide('>');
        }
        self.inline(line, at);
        Some(())
    }

    /// Behind the fence stands a language; more than one word there is code.
    fn begin_code(&mut self, fence: &str, info: &str) {
        self.push(fence);
        if info.trim().contains(char::is_whitespace) || info.len() > MAX_INFO_BYTES {
            self.push("\n");
        }
        self.literally(info);
    }

    /// Nothing in it means anything to CommonMark.
    fn literally(&mut self, text: &str) {
        for letter in text.chars() {
            self.hide(letter);
        }
    }

    /// An empty line where CommonMark would take this line for part of what came before.
    fn part_from(&mut self, start: Start, margin: &str, rest: &str) {
        let leaves_quote = self.before == Before::Quote && !start.is_quote;
        let leaves_list = self.before == Before::Item && !start.is_item && margin.is_empty();
        let is_rule =
            self.before == Before::Text && rest.starts_with("---") && rest.trim_matches(['-', ' ']).is_empty();
        if !rest.is_empty() && (leaves_quote || leaves_list || is_rule) {
            self.out.push('\n');
        }
    }

    /// The words of a line from this byte on.
    fn inline(&mut self, line: &str, from: usize) {
        let mut at = from;
        while let Some(letter) = line[at..].chars().next() {
            let before = line[..at].chars().next_back().unwrap_or(' ');
            let run = run_length(&line[at..], letter);
            let next = line[at + run..].chars().next().unwrap_or(' ');
            at += match letter {
                '\\' if before == '¯' => self.hide('\\'),
                '\\' if next.is_ascii_punctuation() => self.push(&line[at..at + 2]),
                '&' => self.hide('&'),
                '<' if !is_autolink(&line[at..]) => self.hide('<'),
                ']' if next == ':' => self.push("]") + self.sign(STOP),
                '~' if run == 1 => self.hide('~'),
                '_' if run == 1 && is_eye(before) && is_eye(next) => self.hide('_'),
                '*' if run == 1 && (before == '^' || next == '^') => self.hide('*'),
                '*' if run == 1 && before.is_ascii_digit() && next.is_ascii_digit() => self.hide('*'),
                '*' | '~' => self.run(&line[at..at + run], before, next),
                'h' | 'H' | 'w' | 'W' if before != '<' => self.address_or_letter(line, at),
                '@' => self.push("@") + self.marks_in_name(&line[at..]),
                _ => self.push(&line[at..at + run]),
            };
        }
    }

    /// Marks in the name of somebody who is called mean nothing.
    fn marks_in_name(&mut self, text: &str) -> usize {
        let name = inline::called(text).next().filter(|(at, _)| *at == 0).map_or("", |(_, name)| name);
        if !name.contains(|letter| letter == '`' || HIDDEN.iter().any(|(hidden, _)| *hidden == letter)) {
            return 0;
        }
        let length = self.resolve.length(name).unwrap_or(0);
        self.literally(&name[..length]);
        length
    }

    fn push(&mut self, text: &str) -> usize {
        self.out.push_str(text);
        text.len()
    }

    /// A sign that stands for nothing in the text.
    fn sign(&mut self, sign: char) -> usize {
        self.out.push(sign);
        0
    }

    fn hide(&mut self, letter: char) -> usize {
        let sign = HIDDEN.iter().find(|(hidden, _)| *hidden == letter).map_or(letter, |(_, sign)| *sign);
        self.out.push(sign);
        letter.len_utf8()
    }

    /// Signs of emphasis. CommonMark lets them begin and end at a space or beside punctuation on both sides, which never stands
    /// between a word and its particle.
    fn run(&mut self, run: &str, before: char, next: char) -> usize {
        if is_east_asian(before) && is_punctuation(next) {
            self.sign(JOINT);
        }
        self.push(run);
        if is_punctuation(before) && is_east_asian(next) {
            self.sign(JOINT);
        }
        run.len()
    }

    fn address_or_letter(&mut self, line: &str, at: usize) -> usize {
        let Some(length) = links::starting_at(line, at) else { return self.push(&line[at..=at]) };
        self.sign(LINK[0]);
        self.literally(&line[at..at + length]);
        self.sign(LINK[1]);
        length
    }
}

/// How a line begins.
#[derive(Clone, Copy, Default)]
struct Start {
    /// How many bytes its signs have.
    length: usize,
    /// How many levels they open.
    levels: usize,
    is_quote: bool,
    is_item: bool,
    /// Whether a number follows that is none of a list.
    hides_number: bool,
}

impl Start {
    /// `None` when it opens too many levels.
    fn of(line: &str) -> Option<Self> {
        let mut start = Self::default();
        let mut columns = 0;
        loop {
            let rest = &line[start.length..];
            let length = match rest.bytes().next() {
                Some(b' ' | b'\t') => {
                    columns += 1;
                    1
                }
                Some(b'>') if !is_face(rest) => {
                    start.is_quote |= start.levels == 0;
                    start.levels += 1;
                    1
                }
                Some(b'-' | b'+' | b'*') if rest[1..].starts_with([' ', '\t']) => {
                    start.is_item |= start.levels == 0;
                    start.levels += 1;
                    1
                }
                Some(b'0'..=b'9') => match number_length(rest) {
                    Some(length) if is_numbered(rest) => {
                        start.hides_number =
                            length - 1 > MAX_ITEM_DIGITS || number_length(rest[length..].trim_start()).is_some();
                        start.is_item |= start.levels == 0 && !start.hides_number;
                        start.levels += usize::from(!start.hides_number);
                        if start.hides_number { 0 } else { length }
                    }
                    _ => 0,
                },
                _ => 0,
            };
            if start.levels > MAX_LEVELS || columns > MAX_COLUMNS {
                return None;
            }
            if length == 0 {
                return Some(start);
            }
            start.length += length;
        }
    }

    fn kind(self, rest: &str, before: Before) -> Before {
        match (rest.is_empty(), before) {
            (true, _) => Before::Nothing,
            _ if self.is_quote => Before::Quote,
            _ if self.is_item => Before::Item,
            (false, Before::Item) if self.length > 0 => Before::Item,
            _ => Before::Text,
        }
    }
}

/// The fence that begins fenced code.
fn fence_of(rest: &str) -> Option<&str> {
    let sign = rest.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let length = rest.bytes().take_while(|byte| *byte as char == sign).count();
    let is_fence = length >= 3 && !rest[length..].contains('`');
    is_fence.then(|| &rest[..length])
}

/// Whether CommonMark would make the line above a heading. Three hyphens are a line across, under an empty line.
fn is_underline(rest: &str) -> bool {
    let rest = rest.trim_end();
    !rest.is_empty()
        && (rest.bytes().all(|byte| byte == b'=') || rest.len() < 3 && rest.bytes().all(|byte| byte == b'-'))
}

/// `>_<` and its like at the start of a line.
fn is_face(rest: &str) -> bool {
    rest.chars().skip(1).take(3).any(|letter| letter == '<')
}

/// How many bytes a letter has where it stands; signs of emphasis are taken together.
fn run_length(text: &str, letter: char) -> usize {
    match letter {
        '*' | '~' | '_' => text.bytes().take_while(|byte| *byte as char == letter).count(),
        letter => letter.len_utf8(),
    }
}

/// Whether `<` begins an address in angle brackets. Nothing else does: HTML is text.
fn is_autolink(rest: &str) -> bool {
    let inside = rest[1..].split(['>', '<', ' ', '\n']).next().unwrap_or_default();
    let is_closed = rest[1 + inside.len()..].starts_with('>');
    is_closed && (inside.contains('@') || inside.starts_with("http"))
}

fn is_eye(letter: char) -> bool {
    matches!(letter, '-' | '^' | ';' | '=' | '@' | '\'' | '>' | '<')
}

fn is_punctuation(letter: char) -> bool {
    !letter.is_alphanumeric() && !letter.is_whitespace()
}

/// Scripts that are written without spaces, or whose particles are.
fn is_east_asian(letter: char) -> bool {
    matches!(letter, '가'..='힣' | 'ㄱ'..='ㆎ' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
