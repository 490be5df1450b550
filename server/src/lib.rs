//! How it is reached: the command line, axum, sessions, REST, background work, and the only reader of configuration.
//!
//! Start reading at [`router`] (what there is, and what every request passes) and [`cli`] (what the program can do).

pub mod account;
pub mod background;
pub mod cli;
pub mod config;
pub mod failure;
pub mod files;
pub mod health;
pub mod layers;
pub mod log;
pub mod mail;
pub mod print;
pub mod rest;
pub mod router;
pub mod seed;
pub mod serve;
pub mod session;
pub mod simulator;
pub mod site;
pub mod state;
pub mod visitor;
pub mod words;
