//! The server as people and programs meet it: REST by route, pages by role, sessions, the command line, mail, files, and servers that
//! are killed under load. One program: linking the whole server takes longer than most of the tests, and the demo world is made once.

mod cli;
mod credits;
mod files;
mod guardians;
mod http;
mod kills;
mod log;
mod mail;
mod messages;
mod pages;
mod rest;
mod seed;
mod session;
mod support;
