//! Numbers as text in few characters, for the page's script: three significant digits each, in letters that are digits
//! of base 90. Decimal numbers would make a page of sixty thousand windows larger than a megabyte.
//!
//! Most numbers of a list are near each other. A number that is near an expected one takes a letter, one that is
//! farther off two, and any other one three or four. [`Letters`] writes them, `row` the forks and windows of a cell,
//! and `pair` the comparisons of a block. `templates/js/packed.js` reads them.

mod pair;
mod row;

pub use pair::{NONE, push_pair};
pub use row::packed_row;

/// The differences from the expected number that take one letter.
const NEAR: i64 = 80;

/// The letters that a difference of two letters begins with.
const PREFIXES: i64 = 9;

/// The letter before any number that is not near the expected one.
const ANY: i64 = 89;

/// A text of letters.
#[derive(Debug, Default)]
struct Letters(String);

impl Letters {
    /// Writes a letter: a number from 0 to 89.
    fn one(&mut self, digit: i64) {
        self.0.push(letter(digit));
    }

    /// Writes a number from 0 to 8,099 in two letters.
    fn two(&mut self, index: i64) {
        self.one(index / 90);
        self.one(index % 90);
    }

    /// Writes a count: up to 88 in one letter, others in four.
    fn count(&mut self, count: usize) {
        let count = i64::try_from(count).unwrap_or_default();
        if count < ANY {
            self.one(count);
        } else {
            self.one(ANY);
            self.one(count / 8100);
            self.two(count % 8100);
        }
    }

    /// Writes a difference from the expected number in one letter or two: from 0 to 79, or from -`back` to
    /// 809 - `back`. Otherwise writes [`ANY`] and returns false, and the number itself has to follow.
    fn difference(&mut self, difference: i64, back: i64) -> bool {
        let farther = difference + back;
        if (0..NEAR).contains(&difference) {
            self.one(difference);
        } else if (0..90 * PREFIXES).contains(&farther) {
            self.one(NEAR + farther / 90);
            self.one(farther % 90);
        } else {
            self.one(ANY);
            return false;
        }
        true
    }
}

/// The digits of base 90: printable ASCII without the characters that JSON or HTML uses.
const LETTERS: &[u8; 90] =
    b" !#$%'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~";

fn letter(digit: i64) -> char {
    char::from(LETTERS[digit as usize])
}

/// Reads letters like the page's script.
#[cfg(test)]
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

#[cfg(test)]
impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0 }
    }

    fn one(&mut self) -> i64 {
        let byte = self.text[self.at];
        self.at += 1;
        LETTERS.iter().position(|letter| *letter == byte).unwrap() as i64
    }

    fn two(&mut self) -> i64 {
        self.one() * 90 + self.one()
    }

    fn count(&mut self) -> usize {
        match self.one() {
            ANY => (self.one() * 8100 + self.two()) as usize,
            count => count as usize,
        }
    }

    /// A difference, or none where any number follows.
    fn difference(&mut self, back: i64) -> Option<i64> {
        match self.one() {
            ANY => None,
            near if near < NEAR => Some(near),
            prefix => Some((prefix - NEAR) * 90 + self.one() - back),
        }
    }

    fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_ninety_letters() {
        let letters: std::collections::BTreeSet<char> = (0..90).map(letter).collect();
        assert_eq!(letters.len(), 90);
        assert!([' ', '~'].iter().all(|kept| letters.contains(kept)));
        assert!(['"', '\\', '<', '&', '|'].iter().all(|used| !letters.contains(used)));
    }

    #[test]
    fn a_count_is_read_as_it_was_written() {
        for count in [0, 1, 88, 89, 90, 8099, 8100, 700_000] {
            let mut out = Letters::default();
            out.count(count);
            assert_eq!(Reader::new(&out.0).count(), count);
        }
    }

    #[test]
    fn a_difference_is_read_as_it_was_written() {
        for difference in -400..900 {
            let mut out = Letters::default();
            let written = out.difference(difference, 300);
            let read = Reader::new(&out.0).difference(300);
            assert_eq!(read, written.then_some(difference));
            assert_eq!(written, (-300..510).contains(&difference), "{difference}");
            assert_eq!(out.0.len(), if (0..80).contains(&difference) || !written { 1 } else { 2 });
        }
    }
}
