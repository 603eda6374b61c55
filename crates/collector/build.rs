//! Says which files outside `src/` go into the binary, so that a change of theirs builds it anew.

fn main() {
    for embedded in ["../../dist", "migrations", "templates", "catalog"] {
        println!("cargo::rerun-if-changed={embedded}");
    }
}
