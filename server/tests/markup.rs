//! What people write as Markdown reaches everyone as one tree, made once, and stays with the message; nothing in it can harm a page.

use app::markup::{MAX_BYTES, Markup};
use app::message::{Event, What};

use crate::support::Town;

const SAID: &str = "**\"강조\"**는 <b>x</b> https://example.org/가 [x](javascript:alert(1)) ||비밀||";
const TREE: &str = r#"[["p",["b","\"강조\""],"는 <b>x</b> ",["a","","https://example.org/가"]," [x](javascript:alert(1)) ",["x","비밀"]]]"#;

/// The tree that came with a message.
fn tree(event: &Event) -> Option<String> {
    let What::Posted { markup, .. } = &event.what else { return None };
    markup.as_ref().map(json)
}

fn json(markup: &Markup) -> String {
    serde_json::to_string(markup).expect("a tree encodes")
}

#[tokio::test]
async fn everyone_gets_the_same_tree_live_and_later() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ben.opens("madang").await;

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
    for text in ["안녕하세요", "10시~11시, 2026. 11. 21.", "5 * 3 = 15 *^^*", "🎉"] {
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
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ben.opens("madang").await;
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
        assert_eq!(ada.sees("Ada", text).await, seen);
        assert!(tree(&seen).is_none_or(|tree| tree.len() <= MAX_BYTES));
    }
}
