//! Embeds again what was added since: an optimised build carries the page's bundle inside.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A debug build reads these files from the source tree as they are, and need not be made again.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        for folder in ["page/dist", "phone", "scenarios"] {
            println!("cargo:rerun-if-changed={folder}");
        }
    }
}
