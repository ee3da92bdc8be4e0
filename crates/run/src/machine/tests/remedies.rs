//! The remedy of each condition.

use super::{
    super::{build::Build, diagnostics::diagnostics, doctor::Doctor},
    RELEASE, assert_values, found, laptop,
    layout::CPUS,
};

#[test]
fn fast_and_efficient_cores_are_distinguished() {
    let layout = laptop();
    for cpu in 4..8 {
        layout.write(&format!("{CPUS}/cpu{cpu}/cpu_capacity"), "512");
    }
    assert_values(&layout.machine(), &[("core_kinds", "2")]);
    let text = Doctor::examine(&layout.machine(), &RELEASE).to_string();
    assert!(text.contains("$ taskset --cpu-list 0-3 cargo bench\n"), "{text}");
}

#[test]
fn a_narrow_mask_is_widened_by_a_command() {
    let layout = laptop();
    layout.allowed("2,5");
    assert_values(&layout.machine(), &[("allowed_cpus", "2 (2,5)")]);
    let text = Doctor::examine(&layout.machine(), &RELEASE).to_string();
    assert!(text.contains("$ taskset --cpu-list 0-7 cargo bench\n"), "{text}");
}

#[test]
fn a_layout_that_does_not_vary_is_a_caution() {
    let layout = laptop();
    layout.write("proc/self/personality", "00040000");
    assert_values(&layout.machine(), &[("aslr", "off for this process")]);
    layout.write("proc/sys/kernel/randomize_va_space", "0");
    assert_values(&layout.machine(), &[("aslr", "off")]);
    let off = "Address space randomization is off";
    assert!(found(&layout.machine()).contains(&off.to_owned()));
}

#[test]
fn a_debug_build_of_changed_sources_weakens_results() {
    let build = Build { opt_level: Some("0"), debug_assertions: true, clean: Some(false), ..RELEASE.clone() };
    let cautions: Vec<_> = diagnostics(&laptop().machine(), &build).iter().map(ToString::to_string).collect();
    assert_eq!(
        cautions[2..],
        [
            "This executable was built with optimization level 0 and debug assertions: a \
             program in production runs other code.",
            "The sources were changed since the commit: others cannot rebuild what was measured.",
        ]
    );
}

#[test]
fn the_doctor_writes_columns_and_colours_only_on_request() {
    let doctor = Doctor::examine(&laptop().machine(), &RELEASE);
    let text = doctor.to_string();
    assert!(text.contains("\n  Physical cores               4\n"), "{text}");
    let turbo = "
   2  Turbo is on
      why     the frequency falls as more cores get busy and warm, which looks like poor scaling
      fix     $ echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo

Caution: 2 conditions weaken results.
";
    assert!(text.ends_with(turbo), "{text}");
    assert!(!text.contains('\x1b'));
    assert!(doctor.display(true).to_string().contains("\x1b[1;33mCaution\x1b[0m"));
}
