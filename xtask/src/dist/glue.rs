//! The widget's glue, as wasm-bindgen writes it and as visitors get it: guarded, and without what only older browsers need.
//! Refuses glue in which a place to change is not found, so that another version of wasm-bindgen is looked at first.

use anyhow::{Result, bail};

/// What wasm-bindgen writes, how often, and what stands there instead. esbuild takes out what follows from it.
const CHANGES: [(&str, usize, &str); 9] = [
    ("wasm = instance.exports;", 1, "wasm = guarded(instance.exports);"),
    ("export { initSync, __wbg_init as default };", 1, ""),
    // Every browser that is promised has these (`minify.rs`).
    ("typeof FinalizationRegistry === 'undefined'", 2, "false"),
    ("!('encodeInto' in cachedTextEncoder)", 1, "false"),
    // A form decodes no two gigabytes of text.
    ("numBytesDecoded >= MAX_SAFARI_DECODE_BYTES", 1, "false"),
    ("numBytesDecoded += bytes.length;", 1, ""),
    // A memory that grew has another buffer: whether the old one says so itself does not matter.
    (
        "cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && ",
        1,
        "(",
    ),
    // Strings are always passed with a way to grow.
    ("realloc === undefined", 1, "false"),
    // Nobody says `using` here: the loader ends what it mounted.
    ("if (Symbol.dispose)", 1, "if (false)"),
];

/// Puts www/guard.js between the page and the module, so that a trap never reaches the page's `window.onerror`, and lets the
/// loader start it there. The compiler needs none: it is called inside the loader's own `try`.
pub(super) fn guarded(glue: &str, guard: &str) -> Result<String> {
    let mut glue = glue.to_owned();
    for (theirs, times, ours) in CHANGES {
        let found = glue.matches(theirs).count();
        if found != times {
            bail!("the glue of this wasm-bindgen has `{theirs}` {found} times instead of {times}: look at it anew");
        }
        glue = glue.replace(theirs, ours);
    }
    Ok(format!("{glue}\n{guard}"))
}

#[cfg(test)]
mod tests {
    use super::{CHANGES, guarded};

    #[test]
    fn each_place_is_changed_or_the_build_fails() {
        let glue: String = CHANGES
            .iter()
            .map(|(theirs, times, _)| format!("{theirs}\n").repeat(*times))
            .collect();
        let guard = "function guarded(exports) { return exports; }";
        let changed = guarded(&glue, guard).expect("every place");
        assert!(changed.starts_with("wasm = guarded(instance.exports);\n"), "{changed}");
        assert!(changed.ends_with(guard), "{changed}");
        for (theirs, _, _) in CHANGES {
            assert!(!changed.contains(theirs), "{theirs}");
            for other in [glue.replacen(theirs, "", 1), format!("{glue}{theirs}")] {
                assert!(guarded(&other, guard).is_err(), "{theirs}");
            }
        }
    }
}
