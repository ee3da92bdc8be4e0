//! What sets the speed of the cores, and what programs read the time from.

use std::collections::BTreeSet;

use super::tree::Tree;

const CPUS: &str = "sys/devices/system/cpu";
const CLOCK: &str = "sys/devices/system/clocksource/clocksource0";

/// What is known of frequency and time.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    /// The frequency governors of the CPUs; usually one.
    pub governors: Option<BTreeSet<String>>,
    /// The driver that they steer.
    pub driver: Option<String>,
    pub turbo: Option<Turbo>,
    /// What `Instant` reads.
    pub source: Option<String>,
    /// What it could read instead.
    pub sources: Vec<String>,
}

/// Whether cores may run faster than their base frequency for as long as heat and power allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turbo {
    pub on: bool,
    /// The file that says so.
    pub file: &'static str,
    /// What to write to it to switch turbo off.
    pub off: u8,
}

impl Clock {
    pub fn read(tree: &Tree) -> Self {
        let governors: BTreeSet<String> = tree
            .names(CPUS)
            .iter()
            .filter_map(|name| tree.text(&format!("{CPUS}/{name}/cpufreq/scaling_governor")))
            .collect();
        let sources = tree.text(&format!("{CLOCK}/available_clocksource"));
        Self {
            governors: (!governors.is_empty()).then_some(governors),
            driver: tree.text(&format!("{CPUS}/cpu0/cpufreq/scaling_driver")),
            turbo: turbo(tree),
            source: tree.text(&format!("{CLOCK}/current_clocksource")),
            sources: sources
                .iter()
                .flat_map(|text| text.split_ascii_whitespace())
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// Intel's driver has a switch that says no, the others have one that says yes.
fn turbo(tree: &Tree) -> Option<Turbo> {
    const SWITCHES: [(&str, u8); 3] = [
        ("sys/devices/system/cpu/intel_pstate/no_turbo", 1),
        ("sys/devices/system/cpu/cpufreq/boost", 0),
        ("sys/devices/system/cpu/cpu0/cpufreq/boost", 0),
    ];
    SWITCHES.into_iter().find_map(|(file, off)| {
        let value: u8 = tree.number(file)?;
        Some(Turbo { on: value != off, file, off })
    })
}
