//! A field under which a list answers while one types. In a dialog the wasm asks for the list alone with each key and leads where
//! the chosen line does (`frontend/src/live_list.rs`); alone in a window it is a form with a button over plain links.

use axum::response::Response;
use leptos::either::Either;
use leptos::prelude::*;

use super::Sheet;
use crate::room::MAX_SOUGHT_BYTES;

/// A form that asks for a list, and what it found.
pub struct Live<'a> {
    /// Where it asks.
    pub action: &'a str,
    /// What is chosen already and asked along: names and values.
    pub kept: Vec<(&'static str, String)>,
    /// The field's label.
    pub label: &'static str,
    /// What stands in it.
    pub typed: &'a str,
    /// What it found, the best first.
    pub lines: Vec<Line>,
}

/// One of the things that were found.
pub struct Line {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub hint: &'static str,
    /// What is new there: a sign, the words for it, and whether it means the reader.
    pub news: Option<(String, String, bool)>,
    /// What choosing it does.
    pub way: Way,
}

/// What choosing a line does. No two lines of a list do the same.
pub enum Way {
    /// It leads to a page.
    To(String),
    /// It turns the sheet.
    Turns(String),
    /// It sends the form with this id, and this name and value with it.
    Sends(&'static str, &'static str, String),
}

impl Way {
    /// By which id a page knows the line: the same in another list that has it.
    fn id(&self) -> String {
        match self {
            Self::To(path) | Self::Turns(path) => format!("found-{path}"),
            Self::Sends(_, name, value) => format!("found-{name}-{value}"),
        }
    }
}

impl Sheet {
    /// Answers whoever types with the list alone, and others with the whole sheet: what stands above the field, the field, the
    /// list, and what stands below.
    pub fn answers<Above: IntoView, Below: IntoView>(
        self,
        title: &str,
        back: &str,
        live: Live<'_>,
        (above, below): (impl FnOnce() -> Above, impl FnOnce() -> Below),
    ) -> Response {
        let (is_dialog, is_list) = (self.is_for_dialog, self.is_for_list);
        let words = self.words();
        let nothing = if live.typed.trim().is_empty() { words.type_a_name } else { words.nothing_found };
        let button = words.find;
        if is_list {
            return self.lists(|| list(live.label, nothing, live.lines, is_dialog));
        }
        self.shows(title, back, || {
            let Live { action, kept, label, typed, lines } = live;
            let is_open = is_dialog.then_some(if lines.is_empty() { "false" } else { "true" });
            let chosen = lines.first().filter(|_| is_dialog).map(|line| line.way.id());
            view! {
                {above()}
                <form class="live" method="get" action=action.to_owned() data-live="">
                    {kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
                    <label for="live" class="visually-hidden">{label}</label>
                    <div class="row">
                        <input id="live" class="field" name="q" value=typed.to_owned() placeholder=label maxlength=MAX_SOUGHT_BYTES.to_string()
                            autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go" autofocus=true
                            role=is_dialog.then_some("combobox") aria-autocomplete=is_dialog.then_some("list") aria-expanded=is_open
                            aria-controls=is_dialog.then_some("found") aria-activedescendant=chosen/>
                        {(!is_dialog).then(|| view! { <button type="submit" class="button">{button}</button> })}
                    </div>
                </form>
                <div id="found">{list(label, nothing, lines, is_dialog)}</div>
                {below()}
            }
        })
    }
}

fn list(label: &'static str, nothing: &'static str, lines: Vec<Line>, is_dialog: bool) -> impl IntoView {
    if lines.is_empty() {
        return Either::Left(view! { <p class="faint" role="status">{nothing}</p> });
    }
    let lines = lines.into_iter().enumerate().map(|(at, line)| line.draw(at, is_dialog));
    Either::Right(if is_dialog {
        Either::Left(view! { <div role="listbox" aria-label=label>{lines.collect_view()}</div> })
    } else {
        Either::Right(view! { <ul>{lines.map(|line| view! { <li>{line}</li> }).collect_view()}</ul> })
    })
}

impl Line {
    fn draw(self, at: usize, is_dialog: bool) -> impl IntoView + use<> {
        let Self { name, hint, news, way } = self;
        let (role, tab) = (is_dialog.then_some("option"), is_dialog.then_some("-1"));
        let is_selected = is_dialog.then_some(if at == 0 { "true" } else { "false" });
        let news = news.map(|(sign, words, is_mention)| {
            let class = if is_mention { "room-link-unread mentioned" } else { "room-link-unread" };
            view! {
                <span class=class><span aria-hidden="true">{sign}</span><span class="visually-hidden">{words}</span></span>
            }
        });
        let shown = view! { <bdi class="found-name">{name}</bdi> {news} <span class="faint">{hint}</span> };
        let (turns, id) = (matches!(way, Way::Turns(_)), way.id());
        match way {
            Way::Sends(form, name, value) => Either::Left(view! {
                <button type="submit" form=form name=name value=value id=id class="sheet-row" role=role tabindex=tab aria-selected=is_selected>
                    {shown}
                </button>
            }),
            Way::To(path) | Way::Turns(path) => Either::Right(view! {
                <a href=path data-sheet=turns.then_some("") id=id class="sheet-row" role=role tabindex=tab aria-selected=is_selected>
                    {shown}
                </a>
            }),
        }
    }
}
