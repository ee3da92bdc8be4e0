//! What controls the cores' frequency, and which clock programs read.

use std::collections::BTreeSet;

use super::sysfs::Sysfs;

const CPUS: &str = "sys/devices/system/cpu";
const CLOCK: &str = "sys/devices/system/clocksource/clocksource0";

/// Facts about frequency and clocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    /// The frequency governors of the CPUs; usually one.
    pub governors: Option<BTreeSet<String>>,
    /// The frequency driver.
    pub driver: Option<String>,
    pub turbo: Option<Turbo>,
    /// Whether the system tells the present frequency. Most virtual machines do not.
    pub current: bool,
    /// The clock source that `Instant` reads.
    pub source: Option<String>,
    /// The clock sources that are available.
    pub sources: Vec<String>,
}

/// Whether cores may exceed their base frequency while heat and power allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turbo {
    pub on: bool,
    /// The file with the setting.
    pub file: &'static str,
    /// The value that switches turbo off.
    pub off: u8,
}

impl Clock {
    pub fn read(sysfs: &Sysfs) -> Self {
        let governors: BTreeSet<String> = sysfs
            .names(CPUS)
            .iter()
            .filter_map(|name| sysfs.text(&format!("{CPUS}/{name}/cpufreq/scaling_governor")))
            .collect();
        let sources = sysfs.text(&format!("{CLOCK}/available_clocksource"));
        Self {
            governors: (!governors.is_empty()).then_some(governors),
            driver: sysfs.text(&format!("{CPUS}/cpu0/cpufreq/scaling_driver")),
            turbo: turbo(sysfs),
            current: sysfs.has(&format!("{CPUS}/cpu0/cpufreq/scaling_cur_freq")),
            source: sysfs.text(&format!("{CLOCK}/current_clocksource")),
            sources: sources
                .iter()
                .flat_map(|text| text.split_ascii_whitespace())
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// The turbo setting. Intel's driver has a switch for off, the others have one for on.
fn turbo(sysfs: &Sysfs) -> Option<Turbo> {
    const SWITCHES: [(&str, u8); 3] = [
        ("sys/devices/system/cpu/intel_pstate/no_turbo", 1),
        ("sys/devices/system/cpu/cpufreq/boost", 0),
        ("sys/devices/system/cpu/cpu0/cpufreq/boost", 0),
    ];
    SWITCHES.into_iter().find_map(|(file, off)| {
        let value: u8 = sysfs.number(file)?;
        Some(Turbo { on: value != off, file, off })
    })
}
