//! A wasm module as the linker left it, with what points where (`--emit-relocs`): read by `prune`.
//!
//! Refuses a module without relocations. All ranges count from the start of the file.

use std::ops::Range;

use anyhow::{Context, Result, bail};
use wasmparser::{
    DefinedDataSymbol, ExternalKind, KnownCustom, Linking, Parser, Payload, RelocationEntry, RelocationType,
    SymbolInfo, TypeRef,
};

const CODE_SECTION: u8 = 10;
const DATA_SECTION: u8 = 11;

/// Functions are numbered by their bodies: imports, which have none, are left out.
#[derive(Default)]
pub(super) struct Linked {
    /// What the browser calls: exports and the start function.
    pub(super) roots: Vec<usize>,
    pub(super) bodies: Vec<Range<usize>>,
    pub(super) symbols: Vec<Symbol>,
    /// Places that name a symbol, in the order of the file.
    references: Vec<(usize, usize)>,
    imported: usize,
    segments: Vec<Range<usize>>,
}

/// What a reference may point at.
pub(super) enum Symbol {
    /// The name is the one of the source, without hashes.
    Function { body: usize, name: String },
    /// Where it stands in the file.
    Data(Range<usize>),
    /// Imports, globals, and data that begins as zeros.
    Other,
}

impl Linked {
    pub(super) fn read(wasm: &[u8]) -> Result<Self> {
        let mut module = Self::default();
        let mut sections = Vec::new();
        let mut linking = None;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            sections.extend(payload.as_section());
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        module.imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            module.roots.extend(module.body(export.index));
                        }
                    }
                }
                Payload::StartSection { func, .. } => module.roots.extend(module.body(func)),
                Payload::CodeSectionEntry(body) => module.bodies.push(body.range()),
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        module
                            .segments
                            .push(segment.range.end - segment.data.len()..segment.range.end);
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Linking(symbols) => linking = Some(symbols),
                    KnownCustom::Reloc(relocations) => {
                        let section = sections.get(relocations.section_index() as usize);
                        let (id, range) = section.context("relocations of an unknown section")?;
                        if matches!(*id, CODE_SECTION | DATA_SECTION) {
                            for relocation in relocations.entries() {
                                module.references.extend(reference(range.start, relocation?));
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        if module.references.is_empty() {
            bail!("the module was linked without --emit-relocs");
        }
        module.references.sort_unstable();
        for subsection in linking.context("the module was linked without --emit-relocs")? {
            if let Linking::SymbolTable(table) = subsection? {
                for symbol in table {
                    let symbol = module.symbol(symbol?);
                    module.symbols.push(symbol);
                }
            }
        }
        Ok(module)
    }

    /// The symbols that this part of the file refers to.
    pub(super) fn references(&self, within: &Range<usize>) -> impl Iterator<Item = usize> {
        let first = self.references.partition_point(|(place, _)| *place < within.start);
        let end = self.references.partition_point(|(place, _)| *place < within.end);
        self.references[first..end].iter().map(|(_, symbol)| *symbol)
    }

    fn body(&self, function: u32) -> Option<usize> {
        (function as usize).checked_sub(self.imported)
    }

    fn symbol(&self, symbol: SymbolInfo<'_>) -> Symbol {
        match symbol {
            SymbolInfo::Func { index, name, .. } => match self.body(index) {
                Some(body) => Symbol::Function {
                    body,
                    name: format!("{:#}", rustc_demangle::demangle(name.unwrap_or_default())),
                },
                None => Symbol::Other,
            },
            SymbolInfo::Data {
                symbol: Some(DefinedDataSymbol { index, offset, size }),
                ..
            } => {
                let segment = self.segments.get(index as usize);
                let place = segment.map(|segment| {
                    let start = segment.start + offset as usize;
                    (start..start + size as usize, segment.end)
                });
                // What begins as zeros has a number and an address, but no place in the file.
                match place {
                    Some((range, end)) if range.end <= end => Symbol::Data(range),
                    _ => Symbol::Other,
                }
            }
            _ => Symbol::Other,
        }
    }
}

/// Where a symbol is named, and which; types and tables have numbers of their own.
fn reference(section: usize, relocation: RelocationEntry) -> Option<(usize, usize)> {
    use RelocationType as R;
    let names_a_symbol = matches!(
        relocation.ty,
        R::FunctionIndexLeb
            | R::TableIndexSleb
            | R::TableIndexI32
            | R::MemoryAddrLeb
            | R::MemoryAddrSleb
            | R::MemoryAddrI32
    );
    names_a_symbol.then_some((section + relocation.offset as usize, relocation.index as usize))
}
