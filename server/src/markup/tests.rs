//! What people write, and the tree that comes of it, in the short form that travels.

use app::markup::MAX_DEPTH;
use proptest::prelude::*;

use super::*;

/// Ada (7) and 김 민수 (8) can be mentioned, and everyone.
fn resolve(name: &str) -> Option<(Mention, usize)> {
    let here = || Mention::Here([7, 8].map(MemberId).into());
    let known = [
        ("Ada", Mention::Member(MemberId(7))),
        ("김 민수", Mention::Member(MemberId(8))),
        ("*_x_*||`y`", Mention::Member(MemberId(9))),
        ("here", here()),
        ("room", Mention::Room),
    ];
    known.into_iter().find(|(known, _)| name.starts_with(known)).map(|(known, mention)| (mention, known.len()))
}

fn tree(text: &str) -> String {
    parse(text, &resolve).map_or_else(|| "plain".to_owned(), |shape| shape.stored)
}

/// Checks what texts become; a tree of one paragraph is given without it.
fn check(expected: &[(&str, &str)]) {
    for (text, expected) in expected {
        let tree = tree(text);
        let line = tree.strip_prefix(r#"[["p","#).and_then(|tree| tree.strip_suffix("]]"));
        assert!([Some(&tree[..]), line].contains(&Some(expected)), "{text:?}\n became {tree}\n not    {expected}");
    }
}

#[test]
fn most_messages_have_no_shape() {
    for text in [
        "안녕하세요",
        "Good morning! Did everybody sleep?",
        "10시~11시, 네~ 알겠습니다~",
        "1 < 2 && 3 > 2",
        "a_b and c_d",
        "5 * 3",
        "2026. 11. 21. 회의",
        "11. 21. 회의",
        "2026. 올해는",
        "반가워요 *^^* 또 봐요 *^^*",
        ">_< 아파",
        ">ㅁ<",
        "-_- 음 -_-",
        "^_^ 하하 ^_^",
        "5*3*2 = 30",
        "¯\\_(ツ)_/¯",
        "ada@example.org",
        "#회의 #배포",
        "C:\\Users\\ada",
        "a\n  b\n    c",
        "1.5배",
        "x\n===",
        "x\n-",
        "**",
        "* *",
        "[x]",
        "||",
        "|a|b|",
        "&lt; &amp;",
        "http://",
        "@nobody",
        "-1",
        "…",
        "ㅋㅋ*ㅋㅋ",
        "~~",
        "-",
        ">",
        "1.",
        "```\n```",
        "`",
        "<b",
        "** 강조 **",
        "👍",
        "x <3 y",
        "[ ] 할 일",
    ] {
        assert_eq!(tree(text), "plain", "{text:?}");
    }
}

#[test]
fn words_are_emphasised() {
    check(&[
        (
            "**bold** *it* _it_ __bold__ ~~gone~~",
            r#"["b","bold"]," ",["i","it"]," ",["i","it"]," ",["b","bold"]," ",["s","gone"]"#,
        ),
        ("***둘 다***", r#"["i",["b","둘 다"]]"#),
        ("`a *b* \\*`", r#"["c","a *b* \\*"]"#),
        ("\\*not\\* **but**", r#""*not* ",["b","but"]"#),
        ("snake_case_name **b**", r#""snake_case_name ",["b","b"]"#),
        ("one\ntwo **b**", r#""one\ntwo ",["b","b"]"#),
        ("a &amp; **b** &copy;", r#""a &amp; ",["b","b"]," &copy;""#),
    ]);
    assert_eq!(tree("\\*not bold\\*"), r#"[["p","*not bold*"]]"#);
}

#[test]
fn what_is_to_do_has_a_box_and_what_is_done_a_ticked_one() {
    let (to_do, done) = (r#"["k","box","☐"]"#, "[\"k\",\"box\",\"☑\u{FE0E}\"]");
    for (text, expected) in [
        (
            "- [ ] 우유\n- [x] bread\n- [X] **eggs**",
            format!(r#"["ul",["li",{to_do}," 우유"],["li",{done}," bread"],["li",{done}," ",["b","eggs"]]]"#),
        ),
        ("* [ ] a\n\n* [x] b", format!(r#"["ul",["li",["p",{to_do}," a"]],["li",["p",{done}," b"]]]"#)),
        ("1. [x] a\n   - [ ] b", format!(r#"["ol","1",["li",{done}," a",["ul",["li",{to_do}," b"]]]]"#)),
        ("- [x]a\n- [y] b", r#"["ul",["li","[x]a"],["li","[y] b"]]"#.to_owned()),
        ("- [x](https://a.org)", r#"["ul",["li",["a","https://a.org","x"]]]"#.to_owned()),
        ("- \\[x] a", r#"["ul",["li","[x] a"]]"#.to_owned()),
    ] {
        assert_eq!(tree(text), format!("[{expected}]"), "{text:?}");
    }
}

#[test]
fn emphasis_ends_before_a_particle() {
    check(&[
        ("**강조**는", r#"["b","강조"],"는""#),
        ("**\"강조\"**는", r#"["b","\"강조\""],"는""#),
        ("**‘강조’**가 **(둘)**도", r#"["b","‘강조’"],"가 ",["b","(둘)"],"도""#),
        ("**10%**가 *(하나)*만", r#"["b","10%"],"가 ",["i","(하나)"],"만""#),
        ("그는**\"강조\"**라고", r#""그는",["b","\"강조\""],"라고""#),
        ("~~(취소)~~는", r#"["s","(취소)"],"는""#),
        ("(**강조**)는 **강조**", r#""(",["b","강조"],")는 ",["b","강조"]"#),
        ("**`code`**를", r#"["b",["c","code"]],"를""#),
        ("**[글](https://a.org)**은", r#"["b",["a","https://a.org","글"]],"은""#),
        ("**「強調」**は", r#"["b","「強調」"],"は""#),
        ("**Rust**는", r#"["b","Rust"],"는""#),
        ("**굵게:**뒤 **또**", r#"["b","굵게:"],"뒤 ",["b","또"]"#),
    ]);
}

#[test]
fn addresses_are_links_and_lead_to_the_web_alone() {
    check(&[
        ("https://example.org/가", r#"["a","","https://example.org/가"]"#),
        ("https://example.org에서 봐요", r#"["a","","https://example.org"],"에서 봐요""#),
        ("code:\n    x\nhttps://a.org", r#""code:\n    x\n",["a","","https://a.org"]"#),
        ("**https://a.org/x_y_**", r#"["b",["a","","https://a.org/x_y"],"_"]"#),
        ("*b* https://a.org/_x_/*y*?a=1&lt=2", r#"["i","b"]," ",["a","","https://a.org/_x_/*y*?a=1&lt=2"]"#),
        ("www.example.org", r#"["a","https://www.example.org","www.example.org"]"#),
        ("[글](https://a.org/가)을", r#"["a","https://a.org/가","글"],"을""#),
        ("[a](https://a.org \"title\")", r#"["a","https://a.org","a"]," \"title\"""#),
        ("<https://a.org> <ada@a.org>", r#"["a","","https://a.org"]," ",["a","mailto:ada@a.org","ada@a.org"]"#),
        ("![그림](https://a.org/a.png)", r#"["a","https://a.org/a.png","그림"]"#),
        ("[](https://a.org)", r#"["a","","https://a.org"]"#),
        ("[https://a.org](https://a.org/)", r#"["a","https://a.org/","https://a.org"]"#),
        ("[https://bank.org](https://evil.org) *x*", r#""[https://bank.org](https://evil.org) ",["i","x"]"#),
        ("[x](javascript:alert(1)) *x*", r#""[x](javascript:alert(1)) ",["i","x"]"#),
        ("[x](data:text/html,x) <javascript:x> *x*", r#""[x](data:text/html,x) <javascript:x> ",["i","x"]"#),
        ("[x](/docs/a.md) *x*", r#""[x](/docs/a.md) ",["i","x"]"#),
        ("[a]: https://a.org\n[a]", r#""[a]: ",["a","","https://a.org"],"\n[a]""#),
        ("[x **https://b.org**](https://a.org)", r#"["a","https://a.org","x ",["b","https://b.org"]]"#),
        ("`https://a.org` *x*", r#"["c","https://a.org"]," ",["i","x"]"#),
    ]);
}

#[test]
fn html_is_text() {
    check(&[
        ("<b>x</b> *y*", r#""<b>x</b> ",["i","y"]"#),
        ("<script>alert(1)</script> **b**", r#""<script>alert(1)</script> ",["b","b"]"#),
        ("a <img src=x onerror=alert(1)> *y*", r#""a <img src=x onerror=alert(1)> ",["i","y"]"#),
        ("<a href=\"https://a.org\">x</a> *y*", r#""<a href=\"",["a","","https://a.org"],"\">x</a> ",["i","y"]"#),
    ]);
}

#[test]
fn blocks_stand_below_each_other() {
    check(&[
        ("# 제목\n본문", r#"[["p",["b","제목"]],["p","본문"]]"#),
        ("위\n---\n아래", r#"[["p","위"],["hr"],["p","아래"]]"#),
        ("할 일\n- 하나\n- 둘\n끝", r#"[["p","할 일"],["ul",["li","하나"],["li","둘"]],["p","끝"]]"#),
        ("1. 하나\n2. 둘", r#"[["ol","1",["li","하나"],["li","둘"]]]"#),
        ("- a\n  - b\n    c\n- d", r#"[["ul",["li","a",["ul",["li","b\nc"]]],["li","d"]]]"#),
        ("> 인용\n대답", r#"[["q",["p","인용"]],["p","대답"]]"#),
        ("> 하나\n> > 둘", r#"[["q",["p","하나"],["q",["p","둘"]]]]"#),
        ("x *y*\n\n    four", r#"[["p","x ",["i","y"]],["p","    four"]]"#),
        ("- 2026. 11. 21. 회의", r#"[["ul",["li","2026. 11. 21. 회의"]]]"#),
        (
            "| 이름 | 값 |\n|:-:|--:|\n| **a** | 1 |\n| b |",
            r#"[["table",["tr",["th","center","이름"],["th","end","값"]],["tr",["td","center",["b","a"]],["td","end","1"]],["tr",["td","center","b"],["td","end"]]]]"#,
        ),
    ]);
}

#[test]
fn a_table_that_would_drop_words_stays_as_it_was_written() {
    check(&[
        ("|a|b|\n|-|-|\n|c|d|lost|", "plain"),
        ("|a|b|\n|:-:|:-:|\n|c|d|lost|", "plain"),
        ("|a|\n|-|\n|@here|lost|", r#""|a|\n|-|\n|",["m","here 7 8","@here"],"|lost|""#),
        ("|www.a.org|\n|-|\n|c|lost|", r#""|",["a","https://www.a.org","www.a.org"],"|\n|-|\n|c|lost|""#),
        (
            "|[www.a.org](https://www.a.org)|\n|-|",
            r#"[["table",["tr",["th","",["a","https://www.a.org","www.a.org"]]]]]"#,
        ),
        ("|[words](www.a.org)|\n|-|", r#"[["table",["tr",["th","",["a","https://www.a.org","words"]]]]]"#),
        (
            "|[words](www.a.org)|\n|-|\n|c|lost|",
            r#""|[words](",["a","https://www.a.org","www.a.org"],")|\n|-|\n|c|lost|""#,
        ),
        ("|a|\n|-|\n|c|https://a.org|", r#""|a|\n|-|\n|c|",["a","","https://a.org"],"|""#),
    ]);
}

#[test]
fn code_stands_as_it_is() {
    check(&[
        ("```\na *b* ~c~ &amp; https://a.org\n```", r#"[["pre","","a *b* ~c~ &amp; https://a.org"]]"#),
        ("```rust\nlet a = 1;\n```\n뒤", r#"[["pre","rust",["k","k","let"]," a = ",["k","n","1"],";"],["p","뒤"]]"#),
        ("```\na\nb```\n뒤 *x*", r#"[["pre","","a\nb"],["p","뒤 ",["i","x"]]]"#),
        ("```rust,ignore\nx\n```", r#"[["pre","rust,ignore","x"]]"#),
        ("```let a = 1;\nlet b;```", r#"[["pre","","let a = 1;\nlet b;"]]"#),
        ("```\n- a\nb\n> c\nd", r#"[["pre","","- a\nb\n> c\nd"]]"#),
        ("~~~\n```\n~~~", r#"[["pre","","```"]]"#),
        ("- x\n  ```\n  10~11\n  ```\n- y~z", r#"[["ul",["li","x",["pre","","10~11"]],["li","y~z"]]]"#),
        ("\t```rust\n&amp;```\n*x*", r#"[["p","    ```rust"],["p","&amp;```\n",["i","x"]]]"#),
        ("> ```\n> 1~2\n> ```", r#"[["q",["pre","","1~2"]]]"#),
    ]);
}

#[test]
fn spoilers_hide_what_is_between_them() {
    check(&[
        ("범인은 ||집사||예요", r#""범인은 ",["x","집사"],"예요""#),
        ("||**a** b|| c || d", r#"["x",["b","a"]," b"]," c || d""#),
        ("||a||b||c||", r#"["x","a"],"b",["x","c"]"#),
        ("||||a||", r#""||",["x","a"]"#),
        ("||https://a.org||", r#"["x",["a","","https://a.org"]]"#),
        ("`||` ||a||", r#"["c","||"]," ",["x","a"]"#),
        ("||one\ntwo||", r#"["x","one\ntwo"]"#),
    ]);
}

#[test]
fn mentions_carry_whom_they_mean() {
    check(&[
        ("@Ada hi", r#"["m","7","@Ada"]," hi""#),
        ("@김 민수는 @here @room", r#"["m","8","@김 민수"],"는 ",["m","here 7 8","@here"]," ",["m","room","@room"]"#),
        ("**@*_x_*||`y`는** @Ada", r#"["b",["m","9","@*_x_*||`y`"],"는"]," ",["m","7","@Ada"]"#),
        ("> @*_x_*||`y`\n`@*_x_*`", r#"[["q",["p",["m","9","@*_x_*||`y`"]]],["p",["c","@*_x_*"]]]"#),
        ("**@Ada** a@Ada", r#"["b",["m","7","@Ada"]]," a@Ada""#),
        ("`@Ada` *x*", r#"["c","@Ada"]," ",["i","x"]"#),
    ]);
}

/// Texts that try to cost more than their length: the longest that a message may have.
pub(super) fn hostile() -> Vec<(&'static str, String)> {
    let long = |unit: &str| unit.repeat(60_000 / unit.len());
    let lines = |unit: &str, count: usize| (0..count).map(|at| format!("{}- a\n", unit.repeat(at))).collect::<String>();
    vec![
        ("quotes", ">".repeat(10_000) + "x"),
        ("spaced quotes", "> ".repeat(10_000) + "x"),
        ("lists", "- ".repeat(10_000) + "x"),
        ("quotes and lines", ">".repeat(16) + &long("\nx")),
        ("nested lists", lines("  ", 99)),
        ("nested lists and lines", lines("  ", 99) + &"\n".repeat(40_000)),
        ("nested lists, lazily", lines("  ", 99) + &"                                            x\n".repeat(900)),
        ("mentions", long("@Ada ")),
        ("unknown mentions", long("@a ")),
        ("one glyph", long("뷁")),
        ("marks", format!("z{}", long("\u{0335}"))),
        ("emphasis", long("*a **a ")),
        ("emphasis that never ends", long("**a")),
        ("emphasis of all kinds", long("*a_b~~c")),
        ("emphasis around particles", long("**\"가\"**는")),
        ("brackets", long("[")),
        ("open links", long("[a](")),
        ("nested links", "[".repeat(9_000) + &"](https://a)".repeat(4_000)),
        ("pictures", long("![a](")),
        ("links", long("[a](https://a.b)")),
        ("definitions", long("[a]: b\n")),
        ("references", long("[a][b]\n")),
        ("backticks", (1..340).map(|length| "`".repeat(length) + "a").collect()),
        ("backticks alone", long("`")),
        ("spoilers", long("||a")),
        ("covers", long("|")),
        ("tables", "|".repeat(900) + "\n" + &"|-".repeat(900) + "\n" + &long("|\n")),
        ("wide tables", "a|".repeat(9_000) + "\n" + &"-|".repeat(9_000) + "\n" + &"|\n".repeat(9_000)),
        ("tables of tables", long("|a|\n|-|\n|b|\n\n")),
        ("html", long("<a ")),
        ("html comments", long("<!--")),
        ("instructions", long("<?")),
        ("declarations", long("<!A ")),
        ("cdata", long("<![CDATA[")),
        ("tags with quotes", long("<a x='")),
        ("autolinks", long("<https://a")),
        ("addresses", long("https://a.b ")),
        ("one address", "https://a.b/".to_owned() + &long("(")),
        ("half addresses", long("www.")),
        ("brackets of addresses", long("http://[")),
        ("entities", long("&#1;")),
        ("backslashes", long("\\")),
        ("breaks", long("a\\\n")),
        ("headings", long("# a\n")),
        ("underlines", long("a\n---\n")),
        ("fences", long("```\n")),
        ("fences that differ", long("```a\n~~~\n")),
        ("code", "```rust\n".to_owned() + &long("a ")),
        ("code of signs", "```rust\n".to_owned() + &long("'")),
        ("code of words", "```sql\n".to_owned() + &long("zz(")),
        ("code of keys", "```yaml\n".to_owned() + &long("a  ")),
        ("code of tags", "```html\n".to_owned() + &long("<a b=")),
        ("code in quotes", long("> ```\n")),
        ("numbers", long("1. ")),
        ("items", long("1. a\n")),
        ("stars in lines", long("* * *\n")),
        ("turned writing", long("\u{202E}\u{2067}**a** ")),
        ("tildes", long("~~a~~~")),
        ("hearts", long("<3 *a ")),
    ]
}

fn depth(nodes: &[Node]) -> usize {
    let inside = |node: &Node| if let Node::Part(part) = node { depth(&part.nodes) } else { 0 };
    if nodes.is_empty() { 0 } else { 1 + nodes.iter().map(inside).max().unwrap_or_default() }
}

fn is_bounded(markup: &Markup) -> bool {
    weight(markup.blocks()) <= MAX_WEIGHT
        && depth(markup.blocks()) <= MAX_DEPTH
        && serde_json::to_string(markup).expect("a tree encodes").len() <= MAX_BYTES
}

/// Every link there is, as a browser would follow it.
fn leads(markup: &Markup) -> Vec<Option<String>> {
    let links = parts(markup.blocks()).filter(|part| part.kind == Kind::Link);
    links.map(|part| part.address().map(str::to_owned)).collect()
}

#[test]
fn the_worst_messages_stay_small() {
    for (name, text) in hostile() {
        if let Some(Shape { markup, .. }) = parse(&text, &resolve) {
            assert!(is_bounded(&markup), "{name}: weighs {}, {} deep", weight(markup.blocks()), depth(markup.blocks()));
        }
    }
}

#[test]
fn what_would_cost_a_browser_much_stays_as_it_was_written() {
    let table = |rows: usize| {
        format!("|{}\n|{}\n{}", "a|".repeat(20), "-|".repeat(20), format!("|{}\n", "b|".repeat(20)).repeat(rows))
    };
    let texts = |more: usize| {
        let (item, quotation, code, emphasis) = ("- a\n", "> a\n\n", "```\na\n```\n", "*a* ");
        let repeated = [(item, 530), (quotation, 350), (code, 185), (emphasis, 1_060)];
        let repeated = repeated.map(|(text, count)| text.repeat(count + more * count / 20));
        repeated.into_iter().chain([table(49 + 3 * more)])
    };
    for text in texts(0) {
        assert_ne!(tree(&text), "plain", "{text:.20}");
    }
    for text in texts(1) {
        assert_eq!(tree(&text), "plain", "{text:.20}");
    }
}

/// `cargo test --release -p server --lib markup -- --ignored --nocapture`: how long the worst messages take.
#[test]
#[ignore = "a measurement"]
fn how_long_the_worst_messages_take() {
    let mut took: Vec<(u128, &str)> = hostile()
        .into_iter()
        .map(|(name, text)| {
            let runs = (0..5).map(|_| {
                let began = std::time::Instant::now();
                std::hint::black_box(parse(&text, &resolve));
                began.elapsed().as_micros()
            });
            (runs.min().unwrap_or_default(), name)
        })
        .collect();
    took.sort_unstable();
    took.iter().rev().for_each(|(us, name)| println!("{us:>8} us  {name}"));
    let plain = "네, 잘 잤어요. 오늘 회의는 몇 시에 시작해요?";
    let began = std::time::Instant::now();
    (0..1_000_000).for_each(|_| drop(std::hint::black_box(parse(std::hint::black_box(plain), NOBODY))));
    println!("{:>8.1} ns  a plain message", began.elapsed().as_nanos() as f64 / 1_000_000.0);
}

/// What readers see of a tree: its texts, and the addresses and values that stand for some.
fn seen(nodes: &[Node]) -> String {
    let text = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Part(part) => format!(" {} {} ", part.value, seen(&part.nodes)),
    };
    nodes.iter().map(text).collect()
}

/// Letters alone, for everything else may be a sign of Markdown; in order, for an address stands before its text in a tree.
fn sorted_letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|letter| letter.is_alphabetic()).collect();
    letters.sort_unstable();
    letters
}

/// Pieces that mean something, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "*",
        "**",
        "_",
        "~~",
        "-",
        ">",
        "1.",
        "```\n```",
        "~",
        "`",
        "```",
        "```rust\n",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "2026. ",
        "# ",
        "|",
        "||",
        "|-|-|\n",
        "[",
        "](",
        "]",
        ")",
        "!",
        "<",
        ">",
        "<b>",
        "<!--",
        "https://a.org/가",
        "www.a.org",
        "javascript:x",
        "data:x",
        "&amp;",
        "\\",
        " ",
        "  ",
        "    ",
        "\t",
        "a",
        "B c",
        "가",
        "는",
        "\"",
        "(",
        "@Ada",
        "@here",
        "---",
        "===",
        ":",
        "🎉",
        "\u{301}",
        "\u{202E}",
        "\u{200D}",
        "e\u{301}",
        "'",
        "fn ",
        "//",
        "/*",
        "\u{FDD0}",
        "\u{2CFF}",
        "1*2*3",
        "^_^",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_written_becomes_a_small_safe_tree_without_losing_a_letter(text in prop_oneof![pieces(), any::<String>()]) {
        if let Some(Shape { markup, stored }) = parse(&text, &resolve) {
            prop_assert!(is_bounded(&markup));
            for address in leads(&markup) {
                let address = address.expect("every link leads somewhere safe").to_lowercase();
                prop_assert!(!address.starts_with("javascript:") && !address.starts_with("data:"));
            }
            let mut seen = sorted_letters(&seen(markup.blocks())).into_iter();
            for letter in sorted_letters(&text) {
                prop_assert!(seen.any(|other| other == letter), "{letter:?} of {text:?} is lost in {stored}");
            }
            prop_assert_eq!(serde_json::from_str::<Markup>(&stored).expect("a tree decodes"), markup);
        }
    }

    #[test]
    fn a_first_look_takes_no_text_for_less_than_it_is(text in pieces()) {
        if Looks::of(&text) == Looks::Plain {
            let grown = source::prepared(&text, &resolve).and_then(|source| tree::grown(&source, &resolve));
            prop_assert!(grown.is_none_or(|blocks| !shows_something(&blocks)), "{text:?}");
        }
    }
}
