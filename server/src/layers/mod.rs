//! What every request passes before and after its handler; [`crate::router`] says in which order.

pub mod aside;
pub mod body;
pub mod client_address;
pub mod explain;
pub mod limits;
pub mod progress;
pub mod request_id;
pub mod security_headers;
pub mod time_limit;
