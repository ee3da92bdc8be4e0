//! What a [contend](https://docs.rs/contend) run leaves behind, as plain data: one [`Record`] a window, one
//! [`Run`] for what is true of all of them. The measuring half writes these, the showing half reads them, and
//! neither needs anything else of the other. Nothing in here knows how a window is taken or how it is judged.

mod environment;
mod id;
mod read;
mod run;
mod window;

pub use environment::{Environment, Fact};
pub use id::{BlockId, CONTROL, CellId, FLOOR, IdError, VariantId, is_contender_name};
pub use read::{ReadError, RunData, WINDOW_CHECK, read};
pub use run::{
    Absent, BlockPlan, Calibration, CellPlan, Class, ContenderInfo, ExtraForks, InterimAnalysis,
    Plan, Run, RunStatus, SCHEMA, VariantInfo, WindowCheck, WorkloadGroup, WorkloadInfo,
};
pub use window::{NS_PER_OP, Record, Shape, Status};
