//! The fingerprint of this machine, and its name.

use std::collections::BTreeSet;

use super::facts;
use super::host::kernel;
use super::processor::Processor;
use super::sysfs::Sysfs;
use crate::record::Fingerprint;

/// The fingerprint of this machine.
pub(crate) fn fingerprint() -> Fingerprint {
    read(&Sysfs::system())
}

/// The name of this machine in its network.
pub(crate) fn host_name() -> Option<String> {
    let named = || ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|name| std::env::var(name).ok());
    Sysfs::system().text("proc/sys/kernel/hostname").or_else(named).filter(|name| !name.is_empty())
}

pub(super) fn read(sysfs: &Sysfs) -> Fingerprint {
    let info = sysfs.text("proc/cpuinfo").unwrap_or_default();
    let field = |names: &[&str]| names.iter().find_map(|name| values(&info, name));
    let arm = || {
        let (variant, revision) = (values(&info, "CPU variant")?, values(&info, "CPU revision")?);
        Some(format!("variant {variant}, revision {revision}"))
    };
    Fingerprint {
        vendor: field(&["vendor_id", "CPU implementer", "mvendorid"]),
        family: field(&["cpu family", "CPU architecture", "marchid"]),
        model: field(&["model", "CPU part", "mimpid"]),
        stepping: field(&["stepping"]).or_else(arm),
        caches: caches(&Processor::read(sysfs)),
        microcode: field(&["microcode"]),
        flags: field(&["flags", "Features", "isa"]).map(|flags| sorted(&flags)),
        kernel: kernel(sysfs),
    }
}

/// The values of a field over all CPUs: one, or several of a processor with several kinds of cores.
fn values(info: &str, name: &str) -> Option<String> {
    let fields = info.lines().filter_map(|line| line.split_once(':'));
    let values = fields.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim());
    let values: BTreeSet<&str> = values.filter(|value| !value.is_empty()).collect();
    (!values.is_empty()).then(|| values.into_iter().collect::<Vec<_>>().join(", "))
}

fn caches(processor: &Processor) -> Option<String> {
    let names = processor.caches.keys();
    let caches: Vec<_> = names.map(|name| format!("{name} {}", facts::caches(processor, name))).collect();
    (!caches.is_empty()).then(|| caches.join(", "))
}

/// The flags once each, in the order of the alphabet. Kernels differ in order.
fn sorted(flags: &str) -> String {
    let flags: BTreeSet<&str> = flags.split([' ', ',']).filter(|flag| !flag.is_empty()).collect();
    flags.into_iter().collect::<Vec<_>>().join(" ")
}
