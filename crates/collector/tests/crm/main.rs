//! What CRMs are told, judged by the shapes that their own pages document (`shapes/`). Here the adapters speak to doubles of
//! the vendors without a socket; `tests/api/flows/crm.rs` lets the collector itself do it.

mod double;
mod failing;
mod lives;
mod refusals;
mod settings;
mod strict;
mod talk;
mod vendors;
