//! Has cargo build the program again when the site, which it embeds, was built or changed since.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../target/site");
}
