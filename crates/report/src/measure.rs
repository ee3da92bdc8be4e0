//! The unit in which a cell's values are shown.

use contend_record::NS_PER_OP;

/// How a cell's values are shown.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    unit: &'a str,
}

impl<'a> Measure<'a> {
    /// The measure of a unit.
    pub fn of(unit: &'a str) -> Self {
        Self { unit }
    }

    /// Whether values are times per operation, which are shown as throughput, too.
    pub fn is_time(self) -> bool {
        self.unit == NS_PER_OP
    }

    /// What a ratio of two values is a ratio of: `the time`, `the jobs`.
    pub fn amount(self) -> String {
        let what = match self.unit.split([' ', '/']).next().unwrap_or_default() {
            "ns" | "µs" | "ms" | "s" | "" => "time",
            "CPU" => "CPU time",
            other => other,
        };
        format!("the {what}")
    }

    /// The shown unit.
    pub fn unit(self) -> &'a str {
        if self.is_time() { "Mops/s" } else { self.unit }
    }

    /// A value as shown.
    pub fn value(self, value: f64) -> f64 {
        if self.is_time() { 1000.0 / value } else { value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_shown_as_throughput() {
        assert_eq!(Measure::of("ns/op").value(20.0), 50.0);
        let other = Measure::of("µs");
        assert_eq!((other.value(20.0), other.unit()), (20.0, "µs"));
    }

    #[test]
    fn a_ratio_is_one_of_what_is_measured() {
        let units = [
            "ns/op",
            "µs",
            "ns past the deadline",
            "CPU ns/message",
            "jobs begun from the error on",
            "bytes/task",
        ];
        let amounts = units.map(|unit| Measure::of(unit).amount());
        assert_eq!(amounts, ["the time", "the time", "the time", "the CPU time", "the jobs", "the bytes"]);
    }
}
