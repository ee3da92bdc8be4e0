//! Text that depends on which of two runs is the one to compare with. The page has both, and its style sheet shows one.

use contend_analysis::text::{Escaped, number};

/// A text for the second run over the first, and one for the first over the second.
pub struct Reversible {
    forward: (String, &'static str),
    back: (String, &'static str),
}

impl Reversible {
    /// A text for each.
    pub fn new(forward: String, back: String) -> Self {
        Self { forward: (forward, ""), back: (back, "") }
    }

    /// A ratio of times with its interval.
    pub fn ratio(ratio: f64, low: f64, high: f64) -> Self {
        let back = number::times_with_interval(1.0 / ratio, 1.0 / high, 1.0 / low);
        Self::new(number::times_with_interval(ratio, low, high), back)
    }

    /// The word for a cell, in the colour of its direction.
    pub fn word(word: &'static str) -> Self {
        let side = |word: &'static str| (word.to_owned(), class(word));
        Self { forward: side(word), back: side(opposite(word)) }
    }

    /// Both as HTML; one of them if they are the same.
    pub fn html(&self) -> String {
        let span = |direction: &str, (text, class): &(String, &str)| match (direction, *class) {
            ("", "") => Escaped(text).to_string(),
            (direction, class) => {
                let classes = format!("{direction} {class}");
                format!("<span class=\"{}\">{}</span>", classes.trim(), Escaped(text))
            }
        };
        match self.forward == self.back {
            true => span("", &self.forward),
            false => span("fwd", &self.forward) + &span("rev", &self.back),
        }
    }
}

/// The word that the other run has.
pub fn opposite(word: &'static str) -> &'static str {
    match word {
        "slower" => "faster",
        "faster" => "slower",
        "not slower" => "not faster",
        "not faster" => "not slower",
        same => same,
    }
}

fn class(word: &str) -> &'static str {
    match word {
        "failed" | "slower" => "worse",
        "faster" => "better",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_read_the_other_way_is_its_inverse() {
        let html = Reversible::ratio(2.0, 1.6, 4.0).html();
        let wanted =
            "<span class=\"fwd\">2.00× (1.60–4.00)</span><span class=\"rev\">0.500× (0.250–0.625)</span>";
        assert_eq!(html, wanted);
        assert_eq!(Reversible::ratio(1.0, 1.0, 1.0).html(), "1.00× (1.00–1.00)");
        assert_eq!(Reversible::word("tie").html(), "tie");
        let word = Reversible::word("slower").html();
        assert_eq!(word, "<span class=\"fwd worse\">slower</span><span class=\"rev better\">faster</span>");
        assert_eq!(Reversible::word("failed").html(), "<span class=\"worse\">failed</span>");
    }
}
