//! OpenSSH's patterns (ssh_config(5) "PATTERNS"): `*` for any run of bytes, `?` for any one byte.

/// Whether `pattern` matches all of `text`, byte for byte. `*` crosses dots.
///
/// Takes time in proportion to the product of the lengths, whatever the pattern.
#[must_use]
pub fn matches_pattern(text: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut next) = (0, 0);
    // Where the last star stands, and how far into the text it reaches so far.
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(at) {
        match pattern.get(next) {
            Some(b'*') => {
                star = Some((next, at));
                next += 1;
            }
            Some(expected) if *expected == b'?' || expected == byte => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((star_at, reached)) = star else {
                    return false;
                };
                star = Some((star_at, reached + 1));
                at = reached + 1;
                next = star_at + 1;
            }
        }
    }
    pattern.get(next..).is_none_or(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn stars_cross_dots_and_question_marks_take_one_byte() {
        for (text, pattern, expected) in [
            ("", "", true),
            ("a", "", false),
            ("", "*", true),
            ("", "?", false),
            ("web.example.com", "web.example.com", true),
            ("web.example.com", "*.example.com", true),
            ("a.b.example.com", "*.example.com", true),
            ("example.com", "*.example.com", false),
            ("host1", "host?", true),
            ("host12", "host?", false),
            ("aXbXc", "a*b*c", true),
            ("abcbcd", "*bcd", true),
            ("aaa", "a**a", true),
            ("WEB", "web", false),
            ("!a", "!a", true),
        ] {
            assert_eq!(matches_pattern(text.as_bytes(), pattern.as_bytes()), expected, "{text} {pattern}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let text = vec![b'a'; 2000];
        let pattern = [b"*a".repeat(500), b"b".to_vec()].concat();
        assert!(!matches_pattern(&text, &pattern));
    }
}
