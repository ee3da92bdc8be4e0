//! `contend doctor`: machine settings, and how to fix them.

use super::args::DoctorArgs;
use super::exit::Exit;
use super::output::print;
use crate::machine;

/// Prints the facts of machine and build, and each condition that weakens results.
pub(super) fn doctor(args: &DoctorArgs) -> Result<Exit, Exit> {
    let doctor = machine::doctor();
    print(&format!("{}\n", doctor.display(args.color.on())));
    Ok(Exit::Success)
}
