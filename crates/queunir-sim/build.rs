//! Embeds again what was added since: every build carries the page's bundle, the phone and the scenarios inside.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for folder in ["page/dist", "phone", "scenarios"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
