//! What staying costs: the baseline's time over that of the contender to take, as a planned comparison.

use contend_analysis::text::number;
use contend_analysis::verdict::{BlockAnalysis, ClassChoice, Outcome};
use contend_record::Class;

use super::headlines::threads_phrase;
use super::measure::Measure;
use super::report_model::Variant;
use super::rich_text::Sentence;

/// What the baseline costs in place of the contender to take: its time over that one's, as a planned comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Staying<'a> {
    /// The baseline.
    pub baseline: &'a str,
    /// Its class, where that is not the other's.
    pub class: Option<Class>,
    /// The ratio of its time to the other's, with its interval.
    pub times: (f64, f64, f64),
    /// What the interval says of the baseline: `slower`, `not faster`.
    pub word: &'static str,
    /// Whether the two differ by more than the threshold.
    pub differs: bool,
}

/// What staying with the baseline costs. None where it is the one to take, or where there is none.
pub fn staying<'a>(block: &'a BlockAnalysis, choice: &ClassChoice) -> Option<Staying<'a>> {
    let of = block.decision(choice.pick.as_deref()?)?;
    let baseline = of.baseline.as_deref()?;
    let (ratio, low, high) = (of.baseline_ratio?, of.baseline_low?, of.baseline_high?);
    Some(Staying {
        baseline,
        class: block.cell(baseline).map(|cell| cell.class).filter(|class| *class != choice.class),
        times: (1.0 / ratio, 1.0 / high, 1.0 / low),
        word: of.baseline_word()?,
        differs: of.baseline_verdict.is_some_and(Outcome::differs),
    })
}

impl Staying<'_> {
    /// The ratio with its interval.
    pub fn ratio(&self) -> String {
        let (times, low, high) = self.times;
        number::times_with_interval(times, low, high)
    }

    /// The word where no difference is proven.
    pub fn word(&self) -> Option<&'static str> {
        (!self.differs).then_some(self.word)
    }
}

/// The sentence on what staying with the baseline costs at each thread count. None where it is what to take at all of
/// them. Where the baseline differs between thread counts, the sentence is on the first.
pub fn sentence(variant: &Variant, class: Class) -> Option<Sentence> {
    let blocks = variant.blocks.iter().copied();
    let costs: Vec<(Staying, usize)> = blocks
        .filter_map(|block| Some((staying(block, block.choice(class)?)?, block.block.threads)))
        .collect();
    let first = &costs.first()?.0;
    let baseline = first.baseline;
    let class = first.class.map_or(String::new(), |class| format!(" ({})", class.name()));
    let mut sentence =
        Sentence::default().text("Staying with ").name(baseline).text(format!("{class} takes "));
    let same: Vec<_> = costs.iter().filter(|(staying, _)| staying.baseline == baseline).collect();
    let amount = format!(" {}", Measure::of(variant.unit()).amount());
    for (index, (staying, threads)) in same.iter().enumerate() {
        let (before, amount) = match index {
            0 => ("", &*amount),
            _ if index + 1 == same.len() => (" and ", ""),
            _ => (", ", ""),
        };
        let word = staying.word().map_or(String::new(), |word| format!(" ({word})"));
        let (ratio, at) = (staying.ratio(), threads_phrase(&[*threads], false));
        sentence = sentence.text(format!("{before}{ratio}{amount}{word} {at}"));
    }
    Some(sentence.text("."))
}
