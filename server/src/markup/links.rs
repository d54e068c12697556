//! Where a bare address begins and ends. Around it stand punctuation, Markdown, and in Korean particles without a space:
//! `https://example.org에서` is an address and a particle, `https://example.org/가` is an address.

/// Particles and endings that follow an address without a space.
const PARTICLES: [&str; 71] = [
    "이",
    "가",
    "은",
    "는",
    "을",
    "를",
    "의",
    "에",
    "와",
    "과",
    "도",
    "만",
    "로",
    "나",
    "랑",
    "고",
    "며",
    "라",
    "란",
    "야",
    "요",
    "께",
    "님",
    "임",
    "에서",
    "에는",
    "에도",
    "에만",
    "에게",
    "으로",
    "로는",
    "로도",
    "까지",
    "부터",
    "처럼",
    "보다",
    "마다",
    "밖에",
    "조차",
    "이나",
    "이랑",
    "하고",
    "한테",
    "이고",
    "이며",
    "라고",
    "라는",
    "이라",
    "이란",
    "예요",
    "이야",
    "이요",
    "인데",
    "인가",
    "지만",
    "에서는",
    "에서도",
    "에서의",
    "에서만",
    "으로는",
    "으로도",
    "로부터",
    "까지만",
    "이라고",
    "이라는",
    "이에요",
    "입니다",
    "인데요",
    "인가요",
    "이지만",
    "으로부터",
];
/// Top-level domains in Hangul.
const HANGUL_DOMAINS: [&str; 4] = ["한국", "닷컴", "닷넷", "삼성"];

/// Each address in a text, as the byte where it starts and its length.
pub(super) fn all(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (at, length) = (from..text.len())
            .filter(|at| matches!(text.as_bytes()[*at], b'h' | b'H' | b'w' | b'W'))
            .find_map(|at| starting_at(text, at).map(|length| (at, length)))
            .or_else(|| {
                from = text.len();
                None
            })?;
        from = at + length;
        Some((at, length))
    })
}

/// The length of the address that starts at this byte, if one does.
pub(super) fn starting_at(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|letter| letter.is_ascii_alphanumeric()) {
        return None;
    }
    let rest = &text[at..];
    let scheme = ["https://", "http://"].into_iter().find(|scheme| starts_with(rest, scheme)).map(str::len);
    match scheme {
        Some(scheme) => length(rest, scheme).filter(|length| *length > scheme),
        None if starts_with(rest, "www.") && !matches!(before, Some('.' | '/' | '@' | '-' | '_' | ':')) => {
            length(rest, 0).filter(|length| rest.get(4..*length).is_some_and(|rest| rest.contains('.')))
        }
        None => None,
    }
}

/// The address as it is followed: what people write without a scheme is reached over https.
pub(super) fn target(address: &str) -> String {
    if starts_with(address, "www.") { format!("https://{address}") } else { address.to_owned() }
}

fn starts_with(text: &str, start: &str) -> bool {
    text.as_bytes().get(..start.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(start.as_bytes()))
}

fn length(text: &str, scheme: usize) -> Option<usize> {
    let host = scheme + host_length(&text[scheme..]);
    if !text[scheme..host].contains(|letter: char| letter.is_alphanumeric() || letter == ']') {
        return None;
    }
    let has_more = text[host..].starts_with(['/', '?', '#']);
    let end = if has_more { host + path_length(&text[host..]) } else { host };
    let address = without_punctuation(&text[..end]);
    Some(if has_more && address.len() > host { without_particle(address, host).len() } else { address.len() })
}

/// Names in Hangul have no other letters in them; Hangul right behind other letters is a particle.
fn host_length(text: &str) -> usize {
    if let Some(rest) = text.strip_prefix('[') {
        let inside = |letter: char| letter.is_ascii_hexdigit() || matches!(letter, ':' | '.');
        let rest = rest.trim_start_matches(inside);
        return rest.strip_prefix(']').map_or(0, |behind| text.len() - behind.len() + port_length(behind));
    }
    let mut before = '.';
    for (at, letter) in text.char_indices() {
        let is_name = letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '@' | '%');
        let starts_particle = is_hangul(letter) && before.is_ascii_alphanumeric();
        if !is_name && (letter.is_ascii() || !letter.is_alphanumeric() || starts_particle) {
            return at;
        }
        if is_hangul(letter) && before == '.' {
            let known = HANGUL_DOMAINS.into_iter().find(|domain| text[at..].starts_with(domain));
            if let Some(domain) = known.filter(|domain| !text[at + domain.len()..].starts_with('.')) {
                return at + domain.len() + port_length(&text[at + domain.len()..]);
            }
        }
        before = letter;
    }
    text.len()
}

fn port_length(text: &str) -> usize {
    let digits = text.strip_prefix(':').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    if digits > 0 { 1 + digits } else { 0 }
}

/// Path, query and fragment. A bracket that closes what the address did not open is not part of it.
fn path_length(text: &str) -> usize {
    let mut open = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => open += 1,
            ')' if open == 0 => return at,
            ')' => open -= 1,
            '<' | '>' | '"' | '`' | '[' | ']' | '|' | '\\' | '^' | '{' | '}' => return at,
            letter if letter.is_ascii_graphic() || letter.is_alphanumeric() || is_mark(letter) => {}
            _ => return at,
        }
    }
    text.len()
}

fn without_punctuation(address: &str) -> &str {
    address.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '"', '*', '_', '~', '('])
}

/// A word of an address in Hangul begins behind a sign; what follows Latin letters or a bracket at the very end may be a particle, and
/// so may what follows the slash behind the name where a syllable alone would be a word.
fn without_particle(address: &str, host: usize) -> &str {
    let stem = address.trim_end_matches(is_hangul);
    let particle = &address[stem.len()..];
    let ends_word = |letter: char| letter.is_ascii_alphanumeric() || letter == ')';
    let may_follow = match &stem[host..] {
        "/" => particle.chars().nth(1).is_some(),
        path => path.ends_with(ends_word),
    };
    if may_follow && PARTICLES.contains(&particle) { stem } else { address }
}

fn is_hangul(letter: char) -> bool {
    matches!(letter, '가'..='힣' | 'ㄱ'..='ㆎ')
}

/// Combining marks as they stand in words of addresses.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0DFF}' | '\u{3099}' | '\u{309A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        all(text).map(|(at, length)| &text[at..at + length]).collect()
    }

    #[test]
    fn addresses_end_where_readers_end_them() {
        for (text, address) in [
            ("https://example.org/가", "https://example.org/가"),
            ("https://example.org에서 봐요", "https://example.org"),
            ("https://example.org/docs에서 봐요", "https://example.org/docs"),
            ("https://example.org/a.html은 옛것", "https://example.org/a.html"),
            ("http://localhost:3000으로 와요", "http://localhost:3000"),
            ("http://[::1]:3000/a로 와요", "http://[::1]:3000/a"),
            ("https://namu.wiki/w/C언어", "https://namu.wiki/w/C언어"),
            (
                "https://ko.wikipedia.org/wiki/한국어?x=회의에서#가",
                "https://ko.wikipedia.org/wiki/한국어?x=회의에서#가",
            ),
            ("https://한국.kr/가에서", "https://한국.kr/가에서"),
            ("https://example.org/에서 봐요", "https://example.org/"),
            ("https://example.org/docs/에서", "https://example.org/docs/에서"),
            ("https://example.org/a_(b)에서 봐요", "https://example.org/a_(b)"),
            ("https://한국.kr/에서", "https://한국.kr/"),
            ("https://도메인.한국에서", "https://도메인.한국"),
            ("https://도메인.한국/가", "https://도메인.한국/가"),
            ("(https://example.org)에서", "https://example.org"),
            ("(https://example.org/a_(b))는", "https://example.org/a_(b)"),
            ("‘https://example.org/가’라는", "https://example.org/가"),
            ("https://example.org/가。다음", "https://example.org/가"),
            ("Read https://example.org/a, then HTTP://example.org/b.", "https://example.org/a"),
            ("**https://example.org/a_b**", "https://example.org/a_b"),
            ("여기https://example.org/?q=1&b=2!", "https://example.org/?q=1&b=2"),
            ("<https://example.org/>", "https://example.org/"),
            ("www.example.org/가, www", "www.example.org/가"),
            ("||https://example.org/a||", "https://example.org/a"),
            ("https://user@example.org:80/%EA%B0%80에서", "https://user@example.org:80/%EA%B0%80"),
        ] {
            assert_eq!(found(text).first(), Some(&address), "{text}");
        }
        assert_eq!(found("a https://a.org b http://b.org"), ["https://a.org", "http://b.org"]);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "https://",
            "http:// a",
            "https:///a",
            "www.",
            "www.가",
            "xhttps://a.org",
            "https://...",
            "ftp://a.org",
            "ada@www.example.org",
            "http://[x]/",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
