//! Colours for code: which words of it are comments, texts, numbers, keywords. One walk over the bytes, whatever they are, told
//! by a table of languages; its time grows with the length of the code alone, which no grammar of regular expressions promises.
//! It is done once, with the message, and kept with it.

mod languages;

use app::markup::{Kind, Node};

use languages::{Language, Style};

/// Longer code is shown without colours.
pub(super) const MAX_BYTES: usize = 32 * 1024;

/// The letters that stand for colours, as `style/markup.css` knows them.
const COMMENT: &str = "c";
const TEXT: &str = "s";
const NUMBER: &str = "n";
const KEYWORD: &str = "k";
const TYPE: &str = "t";
const FUNCTION: &str = "f";
const NAME: &str = "a";
const INSERTED: &str = "i";
const DELETED: &str = "d";

/// Code in words and what is between them, about `room` nodes of it and the rest in one; `None` in a language that is not known,
/// or when it is too long.
pub(super) fn tokens(language: &str, code: &str, room: usize) -> Option<Vec<Node>> {
    let language = languages::find(language.split([',', '{', ' ']).next()?).filter(|_| code.len() <= MAX_BYTES)?;
    let mut walk = Walk { language, code, at: 0, plain_from: 0, room, nodes: Vec::new() };
    match language.style {
        Style::Changes => walk.changes(),
        Style::Tags => walk.tags(),
        _ => walk.words(),
    }
    walk.flush();
    Some(walk.nodes)
}

struct Walk<'a> {
    language: &'static Language,
    code: &'a str,
    at: usize,
    /// Where what has no colour began.
    plain_from: usize,
    /// How many more nodes may be made.
    room: usize,
    nodes: Vec<Node>,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    /// The next so many bytes are this.
    fn token(&mut self, class: &str, length: usize) {
        // The text before it, the word's part, and the word's text.
        if self.room < 3 {
            return self.skip(length);
        }
        self.room -= 3;
        self.flush();
        let text = &self.code[self.at..self.at + length];
        self.nodes.push(Node::part(Kind::Token, class, vec![Node::Text(text.to_owned())]));
        self.at += length;
        self.plain_from = self.at;
    }

    fn flush(&mut self) {
        if self.plain_from < self.at {
            self.nodes.push(Node::Text(self.code[self.plain_from..self.at].to_owned()));
        }
        self.plain_from = self.at;
    }

    fn skip(&mut self, length: usize) {
        self.at += length;
    }

    /// What was added and taken out, line by line.
    fn changes(&mut self) {
        for line in self.code.split_inclusive('\n') {
            let class = match line.as_bytes()[0] {
                _ if line.starts_with("+++") || line.starts_with("---") || line.starts_with("diff ") => KEYWORD,
                b'+' => INSERTED,
                b'-' => DELETED,
                b'@' => TYPE,
                _ => "",
            };
            if class.is_empty() { self.skip(line.len()) } else { self.token(class, line.len()) }
        }
    }

    /// Text with tags in it.
    fn tags(&mut self) {
        while let Some(first) = self.rest().chars().next() {
            if self.rest().starts_with("<!--") {
                self.token(COMMENT, upto(self.rest(), 4, "-->"));
            } else if first == '<'
                && self.rest()[1..]
                    .starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'))
            {
                self.tag();
            } else {
                self.skip(first.len_utf8());
            }
        }
    }

    fn tag(&mut self) {
        let sign = 1 + self.rest()[1..].chars().take_while(|next| matches!(next, '/' | '!' | '?')).count();
        self.token(KEYWORD, sign + word_length(&self.rest()[sign..], "-:"));
        while let Some(first) = self.rest().chars().next() {
            match first {
                '>' => {
                    self.token(KEYWORD, 1);
                    return;
                }
                '<' => return,
                '"' | '\'' => self.token(TEXT, upto(self.rest(), 1, if first == '"' { "\"" } else { "'" })),
                first if is_letter(first) => self.token(NAME, word_length(self.rest(), "-:.")),
                first => self.skip(first.len_utf8()),
            }
        }
    }

    /// Every other language: words, numbers, texts and comments.
    fn words(&mut self) {
        while let Some(first) = self.rest().chars().next() {
            if let Some(length) = self.comment_length() {
                self.token(COMMENT, length);
            } else if let Some(length) = self.text_length(first) {
                let is_key = self.language.style == Style::Keys && self.is_key(length);
                self.token(if is_key { NAME } else { TEXT }, length);
            } else if first.is_ascii_digit() {
                self.token(NUMBER, number_length(self.rest()));
            } else if self.language.marks.contains(first) && self.rest()[1..].starts_with(is_letter) {
                self.token(NAME, 1 + word_length(&self.rest()[1..], self.language.in_words));
            } else if is_letter(first) {
                self.word();
            } else {
                self.skip(first.len_utf8());
            }
        }
    }

    fn comment_length(&self) -> Option<usize> {
        let rest = self.rest();
        let line = self.language.line_comments.iter().find(|sign| rest.starts_with(**sign));
        // `#` inside a word of a shell is no comment.
        let may_be = |sign: &str| {
            sign != "#"
                || !self.code[..self.at]
                    .ends_with(|before: char| before.is_alphanumeric() || matches!(before, '$' | '{'))
        };
        if line.is_some_and(|sign| may_be(sign)) {
            return Some(rest.find('\n').unwrap_or(rest.len()));
        }
        let (begin, end) = self.language.comment?;
        rest.starts_with(begin).then(|| upto(rest, begin.len(), end))
    }

    /// The length of a text in quotation marks. Those of one line end with it, closed or not.
    fn text_length(&self, first: char) -> Option<usize> {
        let rest = self.rest();
        if let Some(long) = self.language.long_texts.iter().find(|mark| rest.starts_with(**mark)) {
            return Some(upto(rest, long.len(), long));
        }
        if !self.language.texts.contains(first)
            || (first == '\'' && self.language.style == Style::Lifetimes && !is_character(rest))
        {
            return None;
        }
        let mut is_escaped = false;
        for (at, letter) in rest.char_indices().skip(1) {
            match letter {
                '\n' if first != '`' => return Some(at),
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                letter if letter == first => return Some(at + 1),
                _ => {}
            }
        }
        Some(rest.len())
    }

    fn word(&mut self) {
        let length = word_length(self.rest(), self.language.in_words);
        let word = &self.rest()[..length];
        match self.class_of(word) {
            Some(class) => self.token(class, length),
            None => self.skip(length),
        }
    }

    fn class_of(&self, word: &str) -> Option<&'static str> {
        let language = self.language;
        let is_in = |words: &str| {
            words
                .split(' ')
                .any(|known| if language.ignores_case { known.eq_ignore_ascii_case(word) } else { known == word })
        };
        if language.style == Style::Keys && self.is_key(word.len()) {
            Some(NAME)
        } else if is_in(language.keywords) {
            Some(KEYWORD)
        } else if is_in(languages::VALUES) {
            Some(NUMBER)
        } else if is_in(language.types) || (language.capitals_are_types && word.starts_with(char::is_uppercase)) {
            Some(TYPE)
        } else {
            self.rest()[word.len()..].starts_with(['(', '!']).then_some(FUNCTION)
        }
    }

    /// Whether what follows says that this is a key.
    fn is_key(&self, length: usize) -> bool {
        self.rest()[length..].trim_start_matches([' ', '\t']).starts_with([':', '='])
    }
}

/// How many bytes there are up to the end of this mark, looked for from a byte on.
fn upto(text: &str, from: usize, mark: &str) -> usize {
    text[from..].find(mark).map_or(text.len(), |at| from + at + mark.len())
}

fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

fn word_length(text: &str, more: &str) -> usize {
    text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || more.contains(letter)))
        .unwrap_or(text.len())
}

fn number_length(text: &str) -> usize {
    let length = text
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_')))
        .unwrap_or(text.len());
    text[..length].trim_end_matches('.').find("..").unwrap_or(text[..length].trim_end_matches('.').len())
}

/// Whether a quotation mark begins a character rather than a lifetime.
fn is_character(rest: &str) -> bool {
    let mut letters = rest.chars().skip(1);
    match letters.next() {
        Some('\\') => true,
        _ => letters.next() == Some('\''),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code with each word that has a colour in brackets.
    fn colored(language: &str, code: &str) -> String {
        let nodes = tokens(language, code, 1_000).unwrap_or_else(|| panic!("{language} is known"));
        let shown = nodes.iter().map(|node| match node {
            Node::Text(text) => text.clone(),
            Node::Part(part) => {
                let Some(Node::Text(text)) = part.nodes.first() else { panic!("a token has a text") };
                format!("[{}:{text}]", part.value)
            }
        });
        shown.collect()
    }

    #[test]
    fn the_words_of_common_languages_have_their_colours() {
        for (language, code, expected) in [
            (
                "rust",
                "fn f<'a>(x: &'a str) -> u8 { 'x' } // 끝",
                "[k:fn] f<'a>(x: &'a [t:str]) -> [t:u8] { [s:'x'] } [c:// 끝]",
            ),
            ("rs", "let 이름 = vec![1..2, 0x1f];", "[k:let] 이름 = [f:vec]![[n:1]..[n:2], [n:0x1f]];"),
            (
                "js",
                "const f = async () => `a ${b}\n`; /* c */",
                "[k:const] f = [k:async] () => [s:`a ${b}\n`]; [c:/* c */]",
            ),
            (
                "python",
                "@cached\ndef f(s): return \"\"\"a\nb\"\"\" # c",
                "[a:@cached]\n[k:def] [f:f](s): [k:return] [s:\"\"\"a\nb\"\"\"] [c:# c]",
            ),
            ("sh", "echo \"$HOME\" ${#x} # 끝", "[k:echo] [s:\"$HOME\"] ${#x} [c:# 끝]"),
            (
                "sql",
                "SELECT name FROM 방 WHERE id = 7 -- c",
                "[k:SELECT] name [k:FROM] 방 [k:WHERE] id = [n:7] [c:-- c]",
            ),
            ("json", "{\"a\": [true, \"b\"]}", "{[a:\"a\"]: [[n:true], [s:\"b\"]]}"),
            ("html", "<a href=\"x\">가</a><!-- c -->", "[k:<a] [a:href]=[s:\"x\"][k:>]가[k:</a][k:>][c:<!-- c -->]"),
            ("diff", "@@ 1 @@\n-old\n+new\n same", "[t:@@ 1 @@\n][d:-old\n][i:+new\n] same"),
            ("yaml", "name: 마당 # c", "[a:name]: 마당 [c:# c]"),
        ] {
            assert_eq!(colored(language, code), expected, "{language}");
        }
    }

    #[test]
    fn what_is_never_closed_ends_with_its_line_or_the_code() {
        assert_eq!(colored("c", "\"a\n/* b"), "[s:\"a]\n[c:/* b]");
        assert_eq!(colored("html", "<a href='"), "[k:<a] [a:href]=[s:']");
        assert_eq!(colored("c", "\"a\\"), "[s:\"a\\]");
    }

    #[test]
    fn unknown_languages_and_long_code_have_no_colours() {
        assert!(tokens("brainfuck", "+", 1_000).is_none());
        assert!(tokens("", "fn", 1_000).is_none());
        let few = tokens("rust", &"let a;\n".repeat(100), 10).expect("it is known");
        assert_eq!(few.len(), 6, "three words and what is between them, and the rest");
        assert!(tokens("rust", &"a".repeat(MAX_BYTES + 1), 1_000).is_none());
    }
}
