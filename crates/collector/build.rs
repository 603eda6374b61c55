//! Says which files outside `src/` go into the binary, so that a change of theirs builds it anew, and which of the two
//! bundles it is.

fn main() {
    println!("cargo::rerun-if-env-changed=CANDOR_BUNDLE");
    println!("cargo::rustc-check-cfg=cfg(min_bundle)");
    match std::env::var("CANDOR_BUNDLE").as_deref() {
        Ok("min") => println!("cargo::rustc-cfg=min_bundle"),
        Ok("stable") | Err(_) => {}
        Ok(other) => panic!("CANDOR_BUNDLE is `stable` or `min`, not `{other}`"),
    }
    for embedded in ["../../dist", "migrations", "templates", "catalog"] {
        println!("cargo::rerun-if-changed={embedded}");
    }
}
