//! Measuring: the plan, the child processes that time it, and the folder that keeps their records. Knows no
//! workload and no contender: both come as a [`Suite`](contend_workloads::Suite), a table of plain data and
//! function pointers. Knows nothing of the command line, which watches a run through
//! `observer::RoundObserver`.
//!
//! | module | |
//! | --- | --- |
//! | `fork` | the measuring process: prepares a block, measures windows |
//! | `fork_streams`, `fork_messages` | its streams, its panics |
//! | `process_guard`, `process_state` | what a contender must leave as it found it: threads, priorities, limits |
//! | `protocol` | the messages between it and its parent |
//! | `fork_handle` | the parent's handle on it |
//! | `child_process`, `captured_output`, `fork_death` | a child, what it prints, what it dies of |
//! | `process_group`, `stray_processes` | the processes that it starts |
//! | `passes`, `fork_rounds`, `runner` | forks and rounds of a plan, one after the other |
//! | `round_state`, `blame` | what they have seen so far, and which cells fail |
//! | `order` | the order of cells in a round |
//! | `validity` | which windows count, and which rounds are repeated |
//! | `floor_check` | which forks are taken again, since their floor is far off |
//! | `plan` | the cells, blocks, forks and rounds of a selection, and their cost |
//! | `run_plan`, `budget` | a plan with the forks that verdicts need, or that fits a budget |
//! | `measure` | a whole run, new or continued |
//! | `extra_forks`, `window_check` | its phases after the planned forks |
//! | `resume`, `recorder`, `run_writer`, `manifest` | what is done, and the files that keep it |
//! | `folder_lock`, `free_space`, `leftovers` | one process a folder, room for its records, what killed runs left |
//! | `write_error` | why a file cannot be written, and what to do about it |
//! | `kept_executable` | the executables that measured a run, for later runs against them |
//! | `trial` | what windows of the user's own workloads cost, by a short fork of each |
//! | `older_build`, `pairs` | a run of two builds: what is asked of the older one, and its forks beside the others |
//! | `seeds` | seeds of random choices, the same in every build |
//! | `same_build` | whether this process may continue a run |

mod blame;
mod budget;
mod captured_output;
mod child_process;
mod disturbances;
mod extra_forks;
mod floor_check;
mod folder_lock;
mod fork;
mod fork_death;
mod fork_handle;
mod fork_messages;
mod fork_rounds;
mod fork_streams;
mod free_space;
mod kept_executable;
mod leftovers;
mod manifest;
mod measure;
mod merged_folder;
mod observer;
mod older_build;
mod order;
mod pairs;
mod passes;
mod plan;
mod process_group;
mod process_guard;
#[cfg(target_os = "linux")]
mod process_state;
mod protocol;
mod recorder;
mod resume;
#[cfg(test)]
mod retaken_forks;
mod round_state;
mod run_plan;
mod run_writer;
mod runner;
mod same_build;
mod seeds;
mod stray_processes;
mod trial;
mod validity;
mod window_check;
mod write_error;

pub(crate) use plan::absent_cells;
pub use plan::{PlanError, Preset, Selection, Shard, cell_ids, memory, most_threads, plan};

pub(crate) use folder_lock::{FolderLock, LockError};
pub(crate) use fork::{FORK_ARGUMENT, run_live, serve};
pub(crate) use kept_executable::{OLDER, OWN, kept};
pub(crate) use manifest::Manifest;
pub(crate) use measure::{Session, SessionError};
pub(crate) use merged_folder::{link_run, write_union};
pub(crate) use observer::{Phase, RoundObserver};
pub(crate) use older_build::{OlderBuildError, check_older_build};
pub(crate) use plan::{Filter, fork_estimate, memory_of_builds, variants_without_threads};
pub(crate) use resume::{RoundsDone, forks_missing, has_runs, newest_start, run_folders};
pub(crate) use run_plan::{RunPlan, TimeLimit, plan_run};
pub(crate) use runner::{RunError, Runner};
pub(crate) use trial::{TrialCost, note_cost, trials};
pub(crate) use write_error::is_full;
