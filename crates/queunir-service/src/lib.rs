//! What every role needs and no product rule: lifecycle, the strict front line, telemetry, TLS, request ids, and the one place where errors become responses.

pub mod clock;
pub mod extract;
pub mod host;
pub mod lifecycle;
pub mod logfile;
pub mod problem;
pub mod request_id;
pub mod storage;
pub mod strict;
pub mod telemetry;
pub mod tls;
pub mod usage;

pub use extract::{Json, Path, Query};
pub use problem::{ApiError, Problem};
