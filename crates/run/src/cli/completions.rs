//! `contend completions SHELL`, `contend man`: what a shell and `man` need to know of the command line.

use clap::CommandFactory;

use super::args::{CommandArgs, CompletionsArgs};
use super::exit::Exit;
use super::output::print;

/// Prints the completions of a shell, e.g. for `source <(contend completions bash)`.
pub(super) fn completions(args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut CommandArgs::command(), "contend", &mut script);
    print(&String::from_utf8_lossy(&script));
    Exit::Success
}

/// Prints the manual page in roff, e.g. for `contend man | man -l -`: the command's own page, then one of each command.
pub(super) fn man() -> Result<Exit, Exit> {
    let mut command = CommandArgs::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(Exit::error)?;
    for of in command.get_subcommands().filter(|of| !of.is_hide_set()) {
        let name = format!("contend {}", of.get_name());
        let man = clap_mangen::Man::new(of.clone().display_name(name.clone()).bin_name(name));
        man.render_name_section(&mut page).map_err(Exit::error)?;
        man.render_synopsis_section(&mut page).map_err(Exit::error)?;
        man.render_options_section(&mut page).map_err(Exit::error)?;
    }
    print(&String::from_utf8_lossy(&page));
    Ok(Exit::Success)
}
