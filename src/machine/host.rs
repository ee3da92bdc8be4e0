//! What stands between this process and the hardware: the kernel, how it lays out memory, and
//! whatever pretends to be the machine.

use super::tree::Tree;

/// What is known of the host.
#[derive(Clone, Debug, Default)]
pub(super) struct Host {
    pub virtualization: Option<Virtualization>,
    /// Whether a container's marks were seen. Not seeing them proves nothing.
    pub container: bool,
    pub kernel: Option<String>,
    pub memory_kib: Option<u64>,
    pub available_kib: Option<u64>,
    /// `always`, `madvise` or `never`.
    pub huge_pages: Option<String>,
    pub aslr: Option<Aslr>,
}

/// Whether the machine is a virtual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Virtualization {
    /// The processor says that no hypervisor is below.
    None,
    /// A hypervisor, by its name where it has one.
    Machine(Option<String>),
}

/// How much of the address space is laid out at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aslr {
    Thorough,
    /// All but the heap.
    Partial,
    Off,
    /// The system's setting is on, but this process was started without.
    OffHere,
}

impl Host {
    /// `hypervisor` is what the processor itself calls it: [`hypervisor_name`].
    pub fn read(tree: &Tree, hypervisor: Option<String>) -> Self {
        let memory = |key| {
            let text = tree.field("proc/meminfo", key)?;
            text.strip_suffix(" kB")?.trim().parse().ok()
        };
        Self {
            virtualization: virtualization(tree, hypervisor),
            container: container(tree),
            kernel: tree.text("proc/sys/kernel/osrelease").map(|release| format!("Linux {release}")),
            memory_kib: memory("MemTotal"),
            available_kib: memory("MemAvailable"),
            huge_pages: tree
                .text("sys/kernel/mm/transparent_hugepage/enabled")
                .and_then(|text| Some(text.split_once('[')?.1.split_once(']')?.0.to_owned())),
            aslr: aslr(tree),
        }
    }
}

/// On x86 a flag of the processor decides. Elsewhere only a hypervisor that gives its name is
/// known, and silence proves nothing.
fn virtualization(tree: &Tree, hypervisor: Option<String>) -> Option<Virtualization> {
    let flags = tree.field("proc/cpuinfo", "flags");
    let flagged = flags.map(|flags| flags.split(' ').any(|flag| flag == "hypervisor"));
    match flagged {
        Some(false) => Some(Virtualization::None),
        Some(true) => {
            let name = hypervisor.or_else(|| declared(tree));
            Some(Virtualization::Machine(name))
        }
        None => declared(tree).map(|name| Virtualization::Machine(Some(name))),
    }
}

/// What a hypervisor writes where a board's maker would write its own name.
fn declared(tree: &Tree) -> Option<String> {
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
    let read = |path| tree.text(path).unwrap_or_default();
    let product = read("sys/class/dmi/id/product_name");
    let text = format!(
        "{product} {} {} {}",
        read("sys/class/dmi/id/sys_vendor"),
        read("sys/hypervisor/type").replace("xen", "Xen"),
        read("proc/device-tree/hypervisor/compatible").replace("linux,kvm", "KVM"),
    );
    // The same makers rent and sell whole machines.
    let real = product.contains(".metal") || product.contains("Surface");
    let found = NAMES.iter().find(|(mark, _)| text.contains(mark));
    found.filter(|_| !real).map(|(_, name)| (*name).to_owned())
}

/// The hypervisor's name as the processor tells it: a leaf that is set aside for that.
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

/// Other processors have no such leaf.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn hypervisor_name() -> Option<String> {
    None
}

fn container(tree: &Tree) -> bool {
    let groups = tree.text("proc/self/cgroup").unwrap_or_default();
    tree.has(".dockerenv")
        || tree.has("run/.containerenv")
        || ["docker", "kubepods", "libpod", "lxc"].iter().any(|mark| groups.contains(mark))
}

fn aslr(tree: &Tree) -> Option<Aslr> {
    const ADDR_NO_RANDOMIZE: u32 = 0x0004_0000;
    let personality = tree.text("proc/self/personality");
    let here = personality.and_then(|text| u32::from_str_radix(&text, 16).ok());
    match tree.number("proc/sys/kernel/randomize_va_space")? {
        0 => Some(Aslr::Off),
        1 | 2 if here.is_some_and(|bits| bits & ADDR_NO_RANDOMIZE != 0) => Some(Aslr::OffHere),
        1 => Some(Aslr::Partial),
        2 => Some(Aslr::Thorough),
        _ => None,
    }
}
