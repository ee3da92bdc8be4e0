//! What is between this process and the hardware: the kernel, its memory layout, and any hypervisor
//! or container.

use super::sysfs::Sysfs;

/// Facts about the host.
#[derive(Clone, Debug, Default)]
pub(super) struct Host {
    pub virtualization: Option<Virtualization>,
    /// Whether files of a container runtime were seen. Their absence proves nothing.
    pub container: bool,
    pub kernel: Option<String>,
    pub memory_kib: Option<u64>,
    pub available_kib: Option<u64>,
    /// `always`, `madvise` or `never`.
    pub huge_pages: Option<String>,
    pub aslr: Option<Aslr>,
}

/// Whether this is a virtual machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Virtualization {
    /// The processor reports no hypervisor.
    None,
    /// A hypervisor, with its name if it has one.
    Machine(Option<String>),
}

/// How much of the address space is randomized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aslr {
    Thorough,
    /// All except the heap.
    Partial,
    Off,
    /// The system's setting is on, but this process was started without it.
    OffHere,
}

impl Host {
    /// Reads the facts. `hypervisor` is the name that the processor reports: [`hypervisor_name`].
    pub fn read(sysfs: &Sysfs, hypervisor: Option<String>) -> Self {
        let memory = |key| {
            let text = sysfs.field("proc/meminfo", key)?;
            text.strip_suffix(" kB")?.trim().parse().ok()
        };
        Self {
            virtualization: virtualization(sysfs, hypervisor),
            container: container(sysfs),
            kernel: kernel(sysfs),
            memory_kib: memory("MemTotal"),
            available_kib: memory("MemAvailable"),
            huge_pages: sysfs
                .text("sys/kernel/mm/transparent_hugepage/enabled")
                .and_then(|text| Some(text.split_once('[')?.1.split_once(']')?.0.to_owned())),
            aslr: aslr(sysfs),
        }
    }
}

/// The kernel's name and release.
pub(super) fn kernel(sysfs: &Sysfs) -> Option<String> {
    sysfs.text("proc/sys/kernel/osrelease").map(|release| format!("Linux {release}"))
}

/// On x86 a processor flag decides. Elsewhere only a hypervisor that gives its name is known, and the
/// absence of a name proves nothing.
fn virtualization(sysfs: &Sysfs, hypervisor: Option<String>) -> Option<Virtualization> {
    let flags = sysfs.field("proc/cpuinfo", "flags");
    let flagged = flags.map(|flags| flags.split(' ').any(|flag| flag == "hypervisor"));
    match flagged {
        Some(false) => Some(Virtualization::None),
        Some(true) => {
            let name = hypervisor.or_else(|| hypervisor_from_vendor(sysfs));
            Some(Virtualization::Machine(name))
        }
        None => hypervisor_from_vendor(sysfs).map(|name| Virtualization::Machine(Some(name))),
    }
}

/// The hypervisor's name in the fields where a board vendor writes its own.
fn hypervisor_from_vendor(sysfs: &Sysfs) -> Option<String> {
    const NAMES: [(&str, &str); 11] = [
        ("KVM", "KVM"),
        ("QEMU", "QEMU"),
        ("Amazon EC2", "Amazon EC2"),
        ("Google", "Google Compute Engine"),
        ("Microsoft Corporation", "Hyper-V"),
        ("VMware", "VMware"),
        ("innotek", "VirtualBox"),
        ("Xen", "Xen"),
        ("Apple Virtualization", "Apple Virtualization"),
        ("Parallels", "Parallels"),
        ("BHYVE", "bhyve"),
    ];
    let read = |path| sysfs.text(path).unwrap_or_default();
    let product = read("sys/class/dmi/id/product_name");
    let text = format!(
        "{product} {} {} {}",
        read("sys/class/dmi/id/sys_vendor"),
        read("sys/hypervisor/type").replace("xen", "Xen"),
        read("proc/device-tree/hypervisor/compatible").replace("linux,kvm", "KVM"),
    );
    // The same vendors also sell or rent physical machines.
    let real = product.contains(".metal") || product.contains("Surface");
    let found = NAMES.iter().find(|(mark, _)| text.contains(mark));
    found.filter(|_| !real).map(|(_, name)| (*name).to_owned())
}

/// The hypervisor's name from the CPUID leaf reserved for it.
#[cfg(target_arch = "x86_64")]
pub(super) fn hypervisor_name() -> Option<String> {
    use std::arch::x86_64::__cpuid;
    const PRESENT: u32 = 1 << 31;
    if __cpuid(1).ecx & PRESENT == 0 {
        return None;
    }
    let leaf = __cpuid(0x4000_0000);
    let bytes = [leaf.ebx, leaf.ecx, leaf.edx].map(u32::to_le_bytes);
    let name = String::from_utf8_lossy(bytes.as_flattened()).into_owned();
    let name = name.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    Some(match name {
        "KVMKVMKVM" => "KVM".to_owned(),
        "Microsoft Hv" => "Hyper-V".to_owned(),
        "VMwareVMware" => "VMware".to_owned(),
        "XenVMMXenVMM" => "Xen".to_owned(),
        "VBoxVBoxVBox" => "VirtualBox".to_owned(),
        "TCGTCGTCGTCG" => "QEMU without hardware support".to_owned(),
        "" => return None,
        other => other.to_owned(),
    })
}

/// `None`: other processors have no such leaf.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn hypervisor_name() -> Option<String> {
    None
}

fn container(sysfs: &Sysfs) -> bool {
    let groups = sysfs.text("proc/self/cgroup").unwrap_or_default();
    sysfs.has(".dockerenv")
        || sysfs.has("run/.containerenv")
        || ["docker", "kubepods", "libpod", "lxc"].iter().any(|mark| groups.contains(mark))
}

fn aslr(sysfs: &Sysfs) -> Option<Aslr> {
    const ADDR_NO_RANDOMIZE: u32 = 0x0004_0000;
    let personality = sysfs.text("proc/self/personality");
    let here = personality.and_then(|text| u32::from_str_radix(&text, 16).ok());
    match sysfs.number("proc/sys/kernel/randomize_va_space")? {
        0 => Some(Aslr::Off),
        1 | 2 if here.is_some_and(|bits| bits & ADDR_NO_RANDOMIZE != 0) => Some(Aslr::OffHere),
        1 => Some(Aslr::Partial),
        2 => Some(Aslr::Thorough),
        _ => None,
    }
}
