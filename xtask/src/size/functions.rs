//! Where the bytes of the module are: by crate, and by function.
//!
//! Counted in the module as it ships, before its names are taken off. Raw bytes: brotli sees the whole, and no function
//! has a share of its own.

use std::collections::BTreeMap;

use anyhow::Result;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// How many functions are told by name.
const HEAVIEST: usize = 40;

/// One function of the module.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) bytes: usize,
}

/// A table of both.
pub(super) fn table(wasm: &[u8]) -> Result<String> {
    let mut functions = read(wasm)?;
    let whole: usize = functions.iter().map(|function| function.bytes).sum();
    let mut lines = format!("\n{:<28}{:>10}{:>10}{:>9}\n", "crate", "functions", "raw", "share");
    let mut crates: Vec<_> = by_crate(&functions).into_iter().collect();
    crates.sort_by_key(|(_, (_, bytes))| std::cmp::Reverse(*bytes));
    for (name, (count, bytes)) in crates {
        let share = bytes as f64 * 100.0 / whole as f64;
        lines += &format!("{name:<28}{count:>10}{bytes:>10}{share:>7.1} %\n");
    }
    lines += &format!("{:<28}{:>10}{whole:>10}\n", "all functions", functions.len());
    functions.sort_by(|one, other| other.bytes.cmp(&one.bytes).then_with(|| one.name.cmp(&other.name)));
    lines += &format!("\n{:>10}  the {HEAVIEST} heaviest functions\n", "raw");
    for Function { name, bytes } in functions.iter().take(HEAVIEST) {
        lines += &format!("{bytes:>10}  {}\n", shortened(name));
    }
    Ok(lines)
}

/// The functions in the order of the module.
fn read(wasm: &[u8]) -> Result<Vec<Function>> {
    let (mut imported, mut functions, mut names) = (0, Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => functions.push(Function {
                name: "?".to_owned(),
                bytes: body.range().len(),
            }),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Name::Function(map) = subsection? {
                            names.extend(map);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for naming in names {
        let naming = naming?;
        let place = (naming.index as usize).checked_sub(imported);
        if let Some(function) = place.and_then(|place| functions.get_mut(place)) {
            function.name = format!("{:#}", rustc_demangle::demangle(naming.name));
        }
    }
    Ok(functions)
}

fn by_crate(functions: &[Function]) -> BTreeMap<&str, (usize, usize)> {
    let mut crates = BTreeMap::new();
    for function in functions {
        let (count, bytes) = crates.entry(crate_of(&function.name)).or_insert((0, 0));
        *count += 1;
        *bytes += function.bytes;
    }
    crates
}

/// The crate that a function was written for: of `<core::Option<yew::Key> as …>` that is yew, whose type it is about.
fn crate_of(name: &str) -> &str {
    const OF_RUST: [&str; 5] = ["core", "alloc", "std", "hashbrown", "__rustc"];
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | ':'));
    let mut crates = words.filter_map(|word| word.split_once("::").map(|(first, _)| first));
    let first = crates.clone().find(|first| !first.is_empty());
    crates
        .find(|first| !first.is_empty() && !OF_RUST.contains(first))
        .or(first)
        .unwrap_or("glue")
}

fn shortened(name: &str) -> String {
    const WIDTH: usize = 140;
    match name.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Function, crate_of, read};

    #[test]
    fn a_function_belongs_to_the_crate_that_it_was_written_for() {
        for (name, expected) in [
            ("candor_form::view::field::field", "candor_form"),
            ("<yew::scheduler::Queue>::push", "yew"),
            (
                "<alloc::vec::Vec<candor_form::compiled::Text> as core::clone::Clone>::clone",
                "candor_form",
            ),
            ("core::fmt::write", "core"),
            ("__externref_table_alloc", "glue"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }

    #[test]
    fn functions_are_read_with_their_names_and_bytes() {
        // (module (func $named) (func)), with a name section for the first.
        let module = [
            &b"\0asm\x01\0\0\0"[..],
            b"\x01\x04\x01\x60\0\0",
            b"\x03\x03\x02\0\0",
            b"\x0a\x08\x02\x02\0\x0b\x03\0\x01\x0b",
            b"\0\x0f\x04name\x01\x08\x01\0\x05named",
        ];
        let function = |name: &str, bytes| Function {
            name: name.to_owned(),
            bytes,
        };
        let functions = read(&module.concat()).expect("a module");
        assert_eq!(functions, [function("named", 2), function("?", 3)]);
    }
}
