//! Takes out of the linked module what no visitor can need: the functions of `cut`, and whatever only they used.
//!
//! A function that goes becomes a trap, data becomes zeros; numbers and addresses stay, and wasm-opt removes the rest.
//! Where the table is wrong, the form traps, and the plain form stands in for it: nothing else can come of a mistake.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use wasmparser::{Parser, Payload};

use super::cut::{PANICS, is_below};
use super::linked::{Linked, Symbol};

/// `unreachable` as the whole of a function: its length, no locals, one instruction, the end.
const TRAP: [u8; 4] = [3, 0x00, 0x00, 0x0b];

/// No locals, a constant, the end.
const fn answer(is_true: bool) -> [u8; 5] {
    [4, 0x00, 0x41, is_true as u8, 0x0b]
}

/// What the linker adds for other tools, and nobody reads afterwards.
const OF_THE_LINKER: [&str; 3] = ["linking", "reloc.CODE", "reloc.DATA"];

/// What leaves the module.
#[derive(Default)]
pub(super) struct Rows {
    /// Functions below these paths trap.
    pub(super) unused: &'static [&'static str],
    /// Functions below these paths only answer.
    pub(super) answers: &'static [(&'static str, bool)],
}

/// The module without what is cut: panics, and what the rows name.
pub(super) fn prune(wasm: &[u8], rows: &Rows) -> Result<Vec<u8>> {
    let module = Linked::read(wasm)?;
    let unused = below(&module, rows.unused);
    let paths: Vec<_> = rows.answers.iter().map(|(path, _)| *path).collect();
    let answers = below(&module, &paths);
    let rows_without_a_function = (rows.unused.iter().enumerate())
        .filter(|(row, _)| !unused.values().any(|named| named == row))
        .chain((paths.iter().enumerate()).filter(|(row, _)| !answers.values().any(|named| named == row)));
    for (_, path) in rows_without_a_function {
        println!("   xtask/src/dist/cut.rs: the module has no function `{path}`");
    }
    let mut cut = below(&module, &PANICS);
    cut.extend(unused);
    cut.extend(&answers);
    let kept = reached(&module, &cut.into_keys().collect());
    let answers = answers
        .into_iter()
        .map(|(body, row)| (body, rows.answers[row].1))
        .collect();
    rewritten(wasm, &module, &kept, &answers)
}

/// The bodies that the rows name, each with its row. What the compiler put into its callers has no body of its own, and is
/// told of: a row that names nothing for long has no use. A body that the compiler shares with a function of another name
/// stays: that one may be called.
fn below(module: &Linked, rows: &[&str]) -> BTreeMap<usize, usize> {
    let mut bodies = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for symbol in &module.symbols {
        if let Symbol::Function { body, name } = symbol {
            match rows.iter().position(|path| is_below(name, path)) {
                Some(row) => _ = bodies.insert(*body, row),
                None => _ = shared.insert(*body),
            }
        }
    }
    bodies.retain(|body, _| !shared.contains(body));
    bodies
}

/// By index into the module's lists.
#[derive(Default)]
struct Reached {
    bodies: BTreeSet<usize>,
    data: BTreeSet<usize>,
}

/// What the browser can reach without passing through a function that is cut.
fn reached(module: &Linked, cut: &BTreeSet<usize>) -> Reached {
    let mut reached = Reached::default();
    let mut ranges: Vec<_> = module.roots.iter().map(|body| &module.bodies[*body]).collect();
    reached.bodies.extend(&module.roots);
    while let Some(range) = ranges.pop() {
        for at in module.references(range) {
            match &module.symbols[at] {
                Symbol::Function { body, .. } if !cut.contains(body) && reached.bodies.insert(*body) => {
                    ranges.push(&module.bodies[*body]);
                }
                Symbol::Data(range) if reached.data.insert(at) => ranges.push(range),
                _ => {}
            }
        }
    }
    reached
}

fn rewritten(wasm: &[u8], module: &Linked, reached: &Reached, answers: &BTreeMap<usize, bool>) -> Result<Vec<u8>> {
    let zeroed = zeroed(wasm, module, reached);
    let mut written = wasm[..8].to_vec();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        match payload {
            Payload::CustomSection(section) if OF_THE_LINKER.contains(&section.name()) => {}
            Payload::CodeSectionStart { .. } => {
                let mut code = leb128(module.bodies.len());
                for (at, body) in module.bodies.iter().enumerate() {
                    if reached.bodies.contains(&at) {
                        code.extend(leb128(body.len()));
                        code.extend(&wasm[body.clone()]);
                    } else if let Some(is_true) = answers.get(&at) {
                        code.extend(answer(*is_true));
                    } else {
                        code.extend(TRAP);
                    }
                }
                section(&mut written, id, &code);
            }
            _ => section(&mut written, id, &zeroed[range]),
        }
    }
    Ok(written)
}

/// The file with zeros for the data that nobody reaches. Texts may share bytes: what is reached is put back.
fn zeroed(wasm: &[u8], module: &Linked, reached: &Reached) -> Vec<u8> {
    let mut zeroed = wasm.to_vec();
    for symbol in &module.symbols {
        if let Symbol::Data(range) = symbol {
            zeroed[range.clone()].fill(0);
        }
    }
    for at in &reached.data {
        if let Symbol::Data(range) = &module.symbols[*at] {
            zeroed[range.clone()].copy_from_slice(&wasm[range.clone()]);
        }
    }
    zeroed
}

fn section(module: &mut Vec<u8>, id: u8, content: &[u8]) {
    module.push(id);
    module.extend(leb128(content.len()));
    module.extend(content);
}

/// An unsigned number as wasm writes it.
fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::{Rows, leb128, prune};

    #[test]
    fn numbers_are_written_as_wasm_reads_them() {
        // https://webassembly.github.io/spec/core/binary/values.html#integers
        for (number, bytes) in [
            (0, &[0x00][..]),
            (127, &[0x7f]),
            (128, &[0x80, 0x01]),
            (624_485, &[0xe5, 0x8e, 0x26]),
        ] {
            assert_eq!(leb128(number), bytes, "{number}");
        }
    }

    #[test]
    fn a_module_without_relocations_is_refused() {
        let empty = b"\0asm\x01\0\0\0";
        let error = prune(empty, &Rows::default())
            .expect_err("nothing to go by")
            .to_string();
        assert!(error.contains("--emit-relocs"), "{error}");
    }
}
