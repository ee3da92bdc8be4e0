//! Tells the code how it is optimized: measured code is compiled here, and a page has to say so.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let level = std::env::var("OPT_LEVEL").expect("cargo sets it");
    println!("cargo::rustc-env=CONTEND_OPT_LEVEL={level}");
}
