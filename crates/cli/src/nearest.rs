//! The word that was probably meant.

/// The word that is nearest to the one typed, if it is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, nearest) = among.map(|known| (edits(word, known), known)).min()?;
    (distance <= word.len().min(nearest.len()) / 2).then_some(nearest)
}

/// How many characters must be put in, taken out or exchanged to make one word of the other.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, from) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, to) in other.iter().enumerate() {
            let exchanged = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("leaf-expird", "leaf-expired"), 1);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("abc", "cab"), 2);
    }

    #[test]
    fn what_is_too_far_off_was_not_meant() {
        assert_eq!(nearest("hostname", ["name", "hostnames"].into_iter()), Some("hostnames"));
        assert_eq!(nearest("zzz", ["name", "hostnames"].into_iter()), None);
    }
}
