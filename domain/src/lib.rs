//! What is allowed: ids, ledger amounts, state machines, the working-day calendar, posting rules, refusals.
//!
//! No IO, no clock, no randomness: the same source runs in the browser and on the server.
