//! Statements in the words of PostgreSQL.

/// A statement in which parameters are `$1` and bytes `'\x00'::bytea`, made of one in which they are `?1` and `x'00'`.
pub(super) fn translated(statement: &str) -> String {
    let mut translated = String::with_capacity(statement.len() + 16);
    let mut rest = statement;
    while let Some(at) = rest.find(['?', 'x']) {
        let (before, after) = rest.split_at(at);
        translated.push_str(before);
        let bytes = after.strip_prefix("x'").filter(|_| !before.ends_with(char::is_alphanumeric));
        rest = match bytes.and_then(|bytes| bytes.split_once('\'')) {
            Some((digits, rest)) => {
                translated.extend(["'\\x", digits, "'::bytea"]);
                rest
            }
            None => {
                translated.push_str(if after.starts_with('?') { "$" } else { "x" });
                &after[1..]
            }
        };
    }
    translated.push_str(rest);
    translated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_bytes_are_written_as_postgresql_reads_them() {
        for (of_all, due) in [
            ("SELECT 1", "SELECT 1"),
            ("a = ?1 AND b < ?12", "a = $1 AND b < $12"),
            ("max(x) > x'00ff' AND index = 'x'", "max(x) > '\\x00ff'::bytea AND index = 'x'"),
            ("?1 IS NULL OR extra = ?1", "$1 IS NULL OR extra = $1"),
        ] {
            assert_eq!(translated(of_all), due);
        }
    }
}
