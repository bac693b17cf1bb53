//! Embeds again what was added since: an optimised build carries the page's bundle inside.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A debug build reads these files from the source tree as they are, and need not be made again.
    #[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
    let profile = std::env::var("PROFILE");
    if profile.as_deref() == Ok("release") {
        for folder in ["page/dist", "phone", "scenarios"] {
            println!("cargo:rerun-if-changed={folder}");
        }
    }
}
