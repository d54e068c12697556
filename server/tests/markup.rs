//! What people write as Markdown reaches everyone as one tree, made once, and stays with the message; nothing in it can harm a page.

use app::markup::{MAX_BYTES, Markup};
use app::message::{Event, What};
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Town, Visitor};

const SAID: &str = "**\"강조\"**는 <b>x</b> https://example.org/가 [x](javascript:alert(1)) ||비밀||";
const TREE: &str = r#"[["p",["b","\"강조\""],"는 <b>x</b> ",["a","","https://example.org/가"]," [x](javascript:alert(1)) ",["x","비밀"]]]"#;

/// The tree that came with a message.
fn tree(event: &Event) -> Option<String> {
    let What::Posted { markup, .. } = &event.what else { return None };
    markup.as_ref().map(as_json)
}

fn as_json(markup: &Markup) -> String {
    serde_json::to_string(markup).expect("a tree encodes")
}

#[tokio::test]
async fn everyone_gets_the_same_tree_live_and_later() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;

    ada.posts(SAID).await;
    assert_eq!(tree(&ada.sees("Ada", SAID).await).as_deref(), Some(TREE));
    assert_eq!(tree(&ben.sees("Ada", SAID).await).as_deref(), Some(TREE));

    let mut ben = ben.drops_off().opens_a_tab("Ben").await;
    ben.resumes("madang", 0).await;
    assert_eq!(tree(&ben.sees("Ada", SAID).await).as_deref(), Some(TREE), "who comes back");
    town.restarts().await;
    let mut cho = town.walks_in("Cho").await;
    let page = cho.opens("madang").await;
    assert_eq!(page.events.iter().map(tree).collect::<Vec<_>>(), [Some(TREE.to_owned())], "who comes after a restart");
}

#[tokio::test]
async fn a_message_without_markdown_carries_nothing_more() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    for text in
        ["안녕하세요", "10시~11시, 2026. 11. 21.", "5 * 3 = 15 *^^*", "🎉", ":) :D <3", "at 12:30 :smile:", "☺ ✌ ©"]
    {
        ada.posts(text).await;
        assert_eq!(tree(&ada.sees("Ada", text).await), None);
    }
    let page = ada.browser().gets("/rooms/madang").await;
    assert!(!page.body.contains("markup\":"), "{}", page.body);
}

#[tokio::test]
async fn the_page_without_scripts_draws_it() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;

    ada.browser().writes("madang", SAID).await;
    ada.sees("Ada", SAID).await;
    ada.browser().writes("madang", "```rust\nlet a = 1 < 2;\n```").await;

    let page = ada.browser().gets("/rooms/madang").await;
    for part in [
        "<strong>&quot;강조&quot;</strong>는 &lt;b&gt;x&lt;/b&gt; ",
        "<a href=\"https://example.org/가\" target=\"_blank\" rel=\"noopener noreferrer nofollow ugc\">https://example.org/가</a>",
        "[x](javascript:alert(1))",
        "aria-expanded=\"false\">Spoiler</button><span>비밀</span>",
        "<code><span class=\"k\">let</span> a = <span class=\"n\">1</span> &lt; <span class=\"n\">2</span>;</code>",
    ] {
        assert!(page.shown().contains(part), "{part}\nis not in\n{}", page.shown());
    }
    assert!(!page.shown().contains("href=\"javascript"));
}

#[tokio::test]
async fn plain_lines_hear_what_was_written_and_are_shaped_for_the_page() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut bob = town.line("/ws/plain?room=madang&name=Bob&lang=en").await;

    ada.posts("**hi**").await;
    bob.hears_in_passing("Ada: **hi**").await;
    bob.says("`x` **you**").await;

    ada.sees("Ada", "**hi**").await;
    let said = ada.sees("Bob", "`x` **you**").await;
    assert_eq!(tree(&said).as_deref(), Some(r#"[["p",["c","x"]," ",["b","you"]]]"#));
}

#[tokio::test]
async fn words_that_would_cost_much_cost_little() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    for text in [
        ">".repeat(7_999) + "x",
        "- ".repeat(3_999) + "x",
        "[".repeat(4_000) + &"](https://a)".repeat(300),
        "@Ada ".repeat(1_500) + "**x**",
        "*a **a ".repeat(1_100),
        format!("**z{}**", "\u{0335}".repeat(20_000)),
        "\u{202E}\u{2067}**x** ".repeat(700),
    ] {
        ada.posts(&text).await;
        let text = text.trim_end();
        let seen = ben.sees("Ada", text).await;
        assert_eq!(ada.sees("Ada", text).await.what, seen.what);
        assert!(tree(&seen).is_none_or(|tree| tree.len() <= MAX_BYTES));
    }
}

/// How a text would look as a message, asked as the message box asks it.
async fn previews(visitor: &Visitor, room: &str, typed: &str) -> Answer {
    visitor.sends(visitor.as_program(Method::POST, &format!("/rooms/{room}/preview")).body(typed.to_owned())).await
}

#[tokio::test]
async fn a_preview_is_what_others_will_see_and_nobody_hears_of_it() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    for text in
        ["**굵게** and `code`", "- a\n- b", "@Ben https://example.org", "/me waves", "```rust\nfn main() {}\n```"]
    {
        let previewed = previews(&ada.browser(), "madang", text).await;
        assert_eq!(previewed.status, 200, "{text}: {previewed:?}");
        let previewed: serde_json::Value = serde_json::from_str(&previewed.body).expect("a preview is JSON");
        ben.is_not_called().await;
        ada.posts(text).await;
        let seen = ben.sees("Ada", text).await;
        let What::Posted { markup: Some(markup), .. } = &seen.what else { panic!("{text} has no shape") };
        assert_eq!(previewed["markup"], serde_json::to_value(markup).expect("a tree encodes"), "{text}");
    }
    let shown =
        |answer: Answer| serde_json::from_str::<serde_json::Value>(&answer.body).expect("JSON")["markup"].clone();
    assert_eq!(shown(previews(&ada.browser(), "madang", "just words").await), json!([["p", "just words"]]));
    assert_eq!(shown(previews(&ada.browser(), "madang", "//leave").await), json!([["p", "/leave"]]));
    let html = shown(previews(&ada.browser(), "madang", "<img src=x onerror=alert(1)> [x](javascript:alert(1))").await);
    assert!(!html.to_string().contains("[\"a\""), "{html}");
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn whoever_would_call_more_people_than_they_may_is_told_under_the_preview() {
    let town = Town::plan().set(|config| config.call_all_up_to = 1).open().await;
    let (ada, _ben) = town.two_in("madang").await;
    let mut names = Vec::new();
    for number in 0..=app::markup::MAX_MENTIONS {
        town.visitor().walks_in(&format!("p{number}")).await;
        names.push(format!("@p{number}"));
    }
    for (text, is_too_many) in [
        (names.join(" "), true),
        (names[1..].join(" "), false),
        ("@room lunch".to_owned(), true),
        ("@here".to_owned(), true),
        ("`@room` and @Ben".to_owned(), false),
    ] {
        let shown = previews(&ada.browser(), "madang", &text).await.body;
        assert_eq!(shown.contains("does not call everyone"), is_too_many, "{shown}");
        let most = format!("at most {} people by name", app::markup::MAX_MENTIONS);
        assert!(!is_too_many || (shown.contains(&most) && shown.contains("only in rooms of up to 1.")), "{shown}");
    }
}

#[tokio::test]
async fn a_preview_is_refused_with_the_reason_that_the_message_would_have() {
    let town = Town::plan().set(|config| config.previews_per_second = 1).open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let code = |answer: &Answer| answer.problem()["code"].as_str().map(str::to_owned);
    for (text, why) in [
        (" ".to_owned(), "message_empty"),
        ("x".repeat(8_001), "message_too_long"),
        ("/dance".to_owned(), "command_unknown"),
    ] {
        assert_eq!(code(&previews(&ada, "madang", &text).await).as_deref(), Some(why));
    }
    assert_eq!(code(&previews(&ada, "~0123", "x").await).as_deref(), Some("room_unknown"));
    assert_eq!(code(&previews(&town.visitor(), "madang", "x").await).as_deref(), Some("signed_out"));
    assert_eq!(previews(&ada, "madang", &"x".repeat(300 * 1024)).await.status, 413);
    let hurried = loop {
        let answer = previews(&ada, "madang", "x").await;
        if answer.status != 200 {
            break answer;
        }
    };
    assert_eq!((hurried.status, hurried.header("retry-after")), (429, "1"));
}
