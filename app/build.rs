//! Tells cargo that the catalogue of texts is part of this crate: a changed text rebuilds it.

fn main() {
    println!("cargo:rerun-if-changed=locales");
}
