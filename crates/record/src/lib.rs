//! The files of a [contend](https://docs.rs/contend) run as plain data: one [`Record`] for each window, one
//! [`Run`] for the whole run. The measuring half writes them, analysis and report read them, and these halves share
//! nothing else. Nothing in here knows how a window is measured or how it is judged.

mod disturbance;
mod environment;
mod fingerprint;
mod id;
mod merged;
mod names;
mod object_seal;
mod plan;
mod plan_check;
mod plan_limits;
mod printable;
mod read;
mod record_file;
mod regular_file;
mod repair;
mod run;
mod sanitize;
mod seal;
mod seed;
mod suite;
mod window;

pub use disturbance::{DisturbanceKind, Disturbed};
pub use environment::{Environment, Fact};
pub use fingerprint::{Fingerprint, FingerprintDifference};
pub use id::{BlockId, CONTROL, CellId, FLOOR, IdError, VariantId, is_contender_name};
pub use merged::{Merged, MergedPart};
pub use names::{AGAINST, METADATA_LIMIT, RUN, SAMPLES, WINDOW_CHECK};
pub use object_seal::{ObjectSeal, seal_object};
pub use plan::{BlockPlan, CellPlan, ExtraForks, InterimAnalysis, Plan, WindowCheck};
pub use printable::{TEXT_LIMIT, is_printable, printable};
pub use read::{Metadata, ReadError, RunData, read, read_metadata};
pub use record_file::{Problem, RECORDS_LIMIT};
pub use regular_file::{is_shared, open_regular, read_regular, read_regular_text, require_regular};
pub use repair::{DAMAGED, repair};
pub use run::{Calibration, OlderBuild, Run, RunStatus, SCHEMA, ShardInfo};
pub use seal::{sealed, sealed_run};
pub use suite::{
    Absent, Class, ContenderInfo, ContenderRole, ContenderTrait, VariantInfo, WorkloadGroup, WorkloadInfo,
};
pub use window::{FORK_TAKEN_AGAIN, NS_PER_OP, Record, Shape, Status, VALUES};
