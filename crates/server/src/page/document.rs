//! What every page has around it, and the page on which one logs in.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::text::Text;

/// The style sheet. It stands in the page itself: nothing else is loaded.
pub(super) const STYLE: &str = include_str!("style.css");

/// A sign for the browser's tab, in the page as well.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
    %3Crect width='16' height='16' rx='4' fill='%230b6e4f'/%3E\
    %3Cpath d='M4 13V7a4 4 0 0 1 8 0v6M8 13V8' fill='none' stroke='%23fff' stroke-width='1.6'/%3E%3C/svg%3E";

/// A whole document. `tools` stands at the end of its head line.
pub(super) fn document(tools: &Markup, main: &Markup) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "certgate" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                link rel="icon" href=(ICON);
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    div.brand {
                        svg.logo width="28" height="28" viewBox="0 0 16 16" aria-hidden="true" {
                            rect width="16" height="16" rx="4" {}
                            path d="M4 13V7a4 4 0 0 1 8 0v6M8 13V8" {}
                        }
                        "certgate"
                    }
                    (tools)
                }
                main { (main) }
            }
        }
    };
    document.into_string()
}

/// The page on which one logs in; `fault` says why the last try was none.
pub(super) fn login(fault: Option<&str>) -> String {
    let main = html! {
        section.login {
            h1 { "Log in" }
            p { "An API key opens this page; one that only reads will do." }
            @if let Some(fault) = fault {
                p.fault role="alert" { (Text(fault)) }
            }
            form method="post" action="/login" {
                // Browsers that remember keys want a name to remember it by.
                input name="user" autocomplete="username" value="certgate" hidden;
                label for="key" { "API key" }
                input #key name="key" type="password" autocomplete="current-password" required autofocus
                    spellcheck="false" autocapitalize="none";
                button { "Log in" }
            }
            p.hint { code { "certgate api-key create --read-only" } " makes a key." }
        }
    };
    document(&html! {}, &main)
}

/// A page that says why there is no other.
pub(super) fn refusal(words: &str) -> String {
    let main = html! {
        section.login {
            h1 { "Not now" }
            p.fault role="alert" { (Text(words)) }
            p { a href="/" { "Try again" } }
        }
    };
    document(&html! {}, &main)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The colours of each palette: in light, in the dark, on paper.
    fn palettes() -> Vec<BTreeMap<&'static str, &'static str>> {
        let of_block = |block: &'static str| {
            let lines = block.split('}').next().unwrap_or_default().split(';');
            lines.filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #")).collect()
        };
        STYLE.split(":root {").skip(1).map(of_block).collect()
    }

    /// How much lighter one colour is than another (WCAG 2.2, contrast ratio).
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |color: &str| {
            let part = |at: usize| {
                let part = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
                if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn texts_and_bars_stand_out_in_every_palette() {
        let texts = [
            ("ink", "ground"),
            ("quiet", "ground"),
            ("quiet", "sheet"),
            ("accent", "sheet"),
            ("on-accent", "accent"),
            ("expired", "expired-soft"),
            ("expired", "sheet"),
            ("week", "week-soft"),
            ("week", "sheet"),
            ("month", "month-soft"),
            ("month", "sheet"),
        ];
        let bars = ["expired", "week-bar", "month-bar", "later-bar", "future-bar"].map(|bar| (bar, "sheet"));
        assert_eq!(palettes().len(), 3);
        for palette in palettes() {
            for ((front, back), due) in
                texts.map(|pair| (pair, 4.5)).into_iter().chain(bars.map(|pair| (pair, 3.0)))
            {
                let ratio = contrast(palette[front], palette[back]);
                assert!(ratio >= due, "{front} on {back}: {ratio:.2} in {palette:?}");
            }
        }
    }
}
