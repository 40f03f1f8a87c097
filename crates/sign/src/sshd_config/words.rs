//! Lines taken apart as `sshd` does.

/// The keyword of a line in lower case, and what follows it; nothing for an empty line and a comment.
///
/// One `=` may stand between, and the keyword may stand in double quotes.
pub(super) fn keyword(line: &str) -> Option<(String, &str)> {
    const BLANK: [char; 3] = [' ', '\t', '\r'];
    let line = line.trim_start_matches(BLANK).trim_end_matches([' ', '\t', '\r', '\u{c}']);
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (keyword, rest) = match line.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
        Some((keyword, rest)) => (keyword, rest),
        None => line.split_at(line.find([' ', '\t', '\r', '=', '"']).unwrap_or(line.len())),
    };
    let rest = rest.trim_start_matches(BLANK);
    let rest = rest.strip_prefix('=').map_or(rest, |rest| rest.trim_start_matches(BLANK));
    Some((keyword.to_ascii_lowercase(), rest))
}

/// The arguments, without quotes and escapes, up to a comment; nothing if quotes do not end.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut letters = text.chars().peekable();
    loop {
        while letters.next_if(|letter| matches!(letter, ' ' | '\t')).is_some() {}
        match letters.peek() {
            None | Some('#') => return Some(words),
            Some(_) => words.push(word(&mut letters)?),
        }
    }
}

fn word(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let (mut word, mut quote) = (String::new(), None);
    while let Some(letter) = letters.next_if(|letter| quote.is_some() || !matches!(letter, ' ' | '\t')) {
        match (letter, quote) {
            ('\\', _) => {
                let escapes =
                    |next: &char| matches!(next, '\'' | '"' | '\\') || (quote.is_none() && *next == ' ');
                word.push(letters.next_if(escapes).unwrap_or('\\'));
            }
            ('"' | '\'', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            _ => word.push(letter),
        }
    }
    quote.is_none().then_some(word)
}
