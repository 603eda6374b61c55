//! Short names between the module and its glue. wasm-bindgen gives each import a hash of sixteen digits, which stands in
//! both files and compresses in neither: without them the widget is 4 kB smaller with brotli.
//!
//! wasm-opt renames in the module and prints what it did; here the glue follows. Refuses a glue that it does not
//! understand: a name replaced in the wrong place would break the form of every visitor.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::bindgen::WASM_FEATURES;
use super::cache::Cache;
use crate::run;
use crate::workspace::Workspace;

/// What wasm-opt printed: `["module", "name", "short"]` for an import, `["name", "short"]` for an export.
#[derive(Debug, PartialEq, Eq)]
enum Renaming {
    Import {
        module: String,
        name: String,
        short: String,
    },
    Export {
        name: String,
        short: String,
    },
}

/// Renames in the module and in the glue.
pub(super) fn shorten(workspace: &Workspace, cache: &Cache, glue: &str, wasm: &[u8]) -> Result<(String, Vec<u8>)> {
    let (input, output) = (cache.scratch("long.wasm")?, cache.scratch("short.wasm")?);
    fs::write(&input, wasm)?;
    let mut command: Command = workspace.npm_program("wasm-opt");
    command.arg(&input).arg("-o").arg(&output).args(WASM_FEATURES);
    // Nothing needs these sections any more, nor the names of functions, which wasm-opt keeps only with `-g`.
    command.args(["--strip-producers", "--strip-target-features"]);
    let map = run::output(command.arg("--minify-imports-and-exports-and-modules"))?;
    let glue = rename(glue, &renamings(&String::from_utf8(map)?)?)?;
    Ok((glue, fs::read(output)?))
}

/// The map is JSON but for its trailing commas, so each of its lines is read for itself.
fn renamings(map: &str) -> Result<Vec<Renaming>> {
    let mut renamings = Vec::new();
    for line in map.lines().map(|line| line.trim().trim_end_matches(',')) {
        if !line.starts_with("[\"") {
            continue;
        }
        let names: Vec<String> = serde_json::from_str(line).with_context(|| line.to_owned())?;
        renamings.push(match <[String; 3]>::try_from(names) {
            Ok([module, name, short]) => Renaming::Import { module, name, short },
            Err(names) => match <[String; 2]>::try_from(names) {
                Ok([name, short]) => Renaming::Export { name, short },
                Err(_) => bail!("wasm-opt prints renamings of another kind: {line}"),
            },
        });
    }
    Ok(renamings)
}

fn rename(glue: &str, renamings: &[Renaming]) -> Result<String> {
    let mut glue = glue.to_owned();
    for renaming in renamings {
        match renaming {
            Renaming::Import { name, short, .. } => {
                let count;
                (glue, count) = replace_words(&glue, &format!("{name}:"), &format!("{short}:"));
                if count != 1 {
                    bail!("the glue has the import {name} {count} times");
                }
            }
            Renaming::Export { name, short } => {
                // One that the glue does not call (`__abort_handler`) is no mistake.
                (glue, _) = replace_words(&glue, &format!("wasm.{name}"), &format!("wasm.{short}"));
            }
        }
    }
    let module = renamings.iter().find_map(|renaming| match renaming {
        Renaming::Import { module, .. } => Some(format!("\"{module}\"")),
        Renaming::Export { .. } => None,
    });
    match module {
        Some(module) if glue.matches(&module).count() == 1 => Ok(glue.replace(&module, "\"a\"")),
        _ => bail!("the glue does not name its module exactly once"),
    }
}

/// Replaces whole words only, and says how many.
fn replace_words(text: &str, long: &str, short: &str) -> (String, usize) {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let mut replaced = String::with_capacity(text.len());
    let (mut rest, mut count) = (text, 0);
    while let Some(at) = rest.find(long) {
        let (before, after) = (&rest[..at], &rest[at + long.len()..]);
        let begins = !before.ends_with(is_word) && !before.ends_with('.');
        let ends = long.ends_with(':') || !after.starts_with(is_word);
        replaced.push_str(before);
        replaced.push_str(if begins && ends { short } else { long });
        count += usize::from(begins && ends);
        rest = after;
    }
    replaced.push_str(rest);
    (replaced, count)
}

#[cfg(test)]
mod tests {
    use super::{rename, renamings};

    const MAP: &str = r#"{
 "imports": [
  ["./x_bg.js", "__wbg_focus_0123456789abcdef", "$"],
  ["./x_bg.js", "__wbg_new_0123", "a"],
 ],
"exports": [
  ["memory", "b"],
  ["mount", "c"],
  ["__abort_handler", "d"]
 ]
}"#;

    #[test]
    fn the_glue_follows_the_module() {
        let glue = "const i = { __wbg_focus_0123456789abcdef: function() { wasm.mount(); wasm.mounted(); }, \
                    __wbg_new_0123: 1 };\nreturn { \"./x_bg.js\": i }; export function mount() { wasm.memory.buffer }";
        let expected = "const i = { $: function() { wasm.c(); wasm.mounted(); }, \
                        a: 1 };\nreturn { \"a\": i }; export function mount() { wasm.b.buffer }";
        let renamings = renamings(MAP).expect("the map is read");
        assert_eq!(rename(glue, &renamings).expect("the glue is understood"), expected);
        for other in [
            "",
            &glue.replace("__wbg_new", "__wbg_old"),
            &glue.replace("x_bg.js", "y_bg.js"),
        ] {
            assert!(rename(other, &renamings).is_err(), "{other}");
        }
    }
}
