//! Stories of the registry, each told on SQLite and on PostgreSQL, only through what the crate offers to everybody.

mod accounts;
mod acts;
mod attachments;
mod attacks;
mod boundaries;
mod changes;
mod claims;
mod columns;
mod complaints;
mod crash;
mod ends;
mod engagement;
mod green_certificates;
mod harness;
mod judge;
mod inclusion;
mod land;
mod notifications;
mod parameters;
mod people;
mod races;
mod refusals;
mod replay;
mod rulebook;
mod thread;
mod visibility;
