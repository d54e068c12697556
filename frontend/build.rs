//! Tells the linker how much stack the wasm has: half of what it would have, so that what lies behind it has addresses that are a byte shorter.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|set| set == value);
    // Without optimisation a call takes more.
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg=-zstack-size=524288");
    }
}
