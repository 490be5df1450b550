//! Stories of the registry, each told on SQLite and on PostgreSQL, only through what the crate offers to everybody.

mod harness;
mod thread;
mod races;
mod acts;
mod replay;
mod attacks;
mod crash;
mod judge;
mod refusals;
mod columns;
