//! What identifies a kind of machine. A CPU's name does not: guests of different hosts may share one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The identity of a machine's processor and kernel. A field that cannot be read is absent.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fingerprint {
    /// The CPU's vendor: `AuthenticAMD`, or an ARM implementer's number.
    pub vendor: Option<String>,
    /// Its family, or ARM's architecture.
    pub family: Option<String>,
    /// Its model number, or ARM's part.
    pub model: Option<String>,
    /// Its stepping, or ARM's variant and revision.
    pub stepping: Option<String>,
    /// Number and size of each cache: `L1d 2 × 32 KiB, L2 2 × 512 KiB`.
    pub caches: Option<String>,
    /// The microcode's revision.
    pub microcode: Option<String>,
    /// The CPU's features, sorted and separated by spaces.
    pub flags: Option<String>,
    /// The kernel: `Linux 6.12.4-amd64`.
    pub kernel: Option<String>,
}

/// A field in which two fingerprints differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FingerprintDifference {
    /// Its name.
    pub what: &'static str,
    /// Its value in the first fingerprint.
    pub first: String,
    /// Its value in the second.
    pub second: String,
}

/// The number of CPU features that a difference names.
const NAMED_FLAGS: usize = 6;

impl Fingerprint {
    /// Whether it identifies a processor. On some systems nothing of it can be read.
    pub fn is_known(&self) -> bool {
        self.model.is_some() || self.flags.is_some()
    }

    /// The fields of the processor in which `self` and `other` differ. One that is absent in both is no difference.
    pub fn processor_differences(&self, other: &Self) -> Vec<FingerprintDifference> {
        let fields = [
            ("CPU vendor", &self.vendor, &other.vendor),
            ("CPU family", &self.family, &other.family),
            ("CPU model number", &self.model, &other.model),
            ("CPU stepping", &self.stepping, &other.stepping),
            ("caches", &self.caches, &other.caches),
            ("microcode", &self.microcode, &other.microcode),
        ];
        let mut found: Vec<_> =
            fields.into_iter().filter_map(|(what, a, b)| difference(what, a, b)).collect();
        if let (Some(a), Some(b)) = (&self.flags, &other.flags) {
            let (first, second) = (flags_only_in(a, b), flags_only_in(b, a));
            if first.is_some() || second.is_some() {
                let none = || "none".to_owned();
                found.push(FingerprintDifference {
                    what: "CPU features that the other lacks",
                    first: first.unwrap_or_else(none),
                    second: second.unwrap_or_else(none),
                });
            }
        } else {
            found.extend(difference("CPU features", &self.flags, &other.flags));
        }
        found
    }

    /// The difference of the kernels, if there is one.
    pub fn kernel_difference(&self, other: &Self) -> Option<FingerprintDifference> {
        difference("kernel", &self.kernel, &other.kernel)
    }
}

fn difference(what: &'static str, a: &Option<String>, b: &Option<String>) -> Option<FingerprintDifference> {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "unknown".to_owned());
    (a != b).then(|| FingerprintDifference { what, first: shown(a), second: shown(b) })
}

/// The features of `one` that `other` lacks, the first few by name.
fn flags_only_in(one: &str, other: &str) -> Option<String> {
    let other: BTreeSet<&str> = other.split_whitespace().collect();
    let mut flags: Vec<&str> = one.split_whitespace().filter(|flag| !other.contains(flag)).collect();
    let more = flags.len().saturating_sub(NAMED_FLAGS);
    flags.truncate(NAMED_FLAGS);
    let named = flags.join(" ");
    match (named.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(named),
        (false, more) => Some(format!("{named} and {more} more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Fingerprint {
        let text = |text: &str| Some(text.to_owned());
        Fingerprint {
            vendor: text("AuthenticAMD"),
            family: text("25"),
            model: text("17"),
            stepping: text("1"),
            caches: text("L1d 2 × 32 KiB"),
            microcode: text("0xa101148"),
            flags: text("avx avx2 fpu sse2"),
            kernel: text("Linux 6.12"),
        }
    }

    #[test]
    fn any_field_of_the_processor_tells_two_machines_apart() {
        let other = |change: fn(&mut Fingerprint)| {
            let mut other = one();
            change(&mut other);
            let found = one().processor_differences(&other);
            let found = found.into_iter().map(|of| format!("{}: {} / {}", of.what, of.first, of.second));
            found.collect::<Vec<_>>()
        };
        assert!(other(|_| {}).is_empty());
        assert!(other(|f| f.kernel = None).is_empty());
        assert_eq!(other(|f| f.family = Some("26".to_owned())), ["CPU family: 25 / 26"]);
        assert_eq!(other(|f| f.microcode = None), ["microcode: 0xa101148 / unknown"]);
        let fewer = other(|f| f.flags = Some("avx fpu sse2".to_owned()));
        assert_eq!(fewer, ["CPU features that the other lacks: avx2 / none"]);
        assert_eq!(other(|f| f.flags = Some("a b c d e f g h".to_owned())).len(), 1);
        assert!(one().kernel_difference(&Fingerprint::default()).is_some());
    }

    #[test]
    fn unknown_fields_of_both_are_no_difference_and_identify_nothing() {
        let none = Fingerprint::default();
        assert!(none.processor_differences(&none).is_empty() && !none.is_known());
        assert!(one().is_known());
    }
}
