//! `index.js`: the loader as bundlers take it.
//!
//! The loader that pages name puts the addresses of its files together while it runs, which no bundler can follow. Here
//! every file is named where it is asked for, by `import('./…')` or `new URL('./…', import.meta.url)`; glue and style sheet
//! come with it, because a browser would not fetch a part anew that it failed to fetch once, and because a rule for `.css`
//! that a project has would make something else of the sheet. Only the module remains a file that is fetched.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::dist;
use crate::workspace::Workspace;

/// What bundlers take; pages name `candor.js`, which is the bundle's own.
const ENTRY: &str = "index.js";
/// Compiles a definition that stands in the page.
const INLINE: &str = "inline.js";
/// Where the loader's modules are.
const LOADER: &str = "www/loader";

/// A place in a module of the loader, and what the package has in its stead.
const OTHERWISE: [(&str, &str, &str); 6] = [
    ("main.js", "import './framed.js';\n", ""),
    (
        "parts.js",
        "import { failure }",
        "import freshGlue from './glue.js';\nimport { failure }",
    ),
    // Each attempt has a glue of its own here as well: the one of a module that died stays with it.
    ("parts.js", "import(part('candor_form.js') + again)", "freshGlue()"),
    (
        "parts.js",
        "part('candor_form_bg.wasm')",
        "new URL('./candor/__CANDOR_FOLDER__/candor_form_bg.wasm', import.meta.url).href",
    ),
    (
        "dress.js",
        "import { fetched, part } from './parts.js'",
        "import sheet from './sheet.js'",
    ),
    (
        "dress.js",
        "fetched(part('candor.css')).then(async (response) => (text = await response.text()))",
        "Promise.resolve((text = sheet))",
    ),
];

/// Makes it from the loader's sources and the files of the bundle, by name; with the one file that asks for a module itself.
pub(super) fn make(
    workspace: &Workspace,
    folder: &str,
    parts: &BTreeMap<&str, Vec<u8>>,
) -> Result<[(&'static str, Vec<u8>); 2]> {
    let part = |name| {
        let bytes = parts.get(name).with_context(|| format!("the bundle has no {name}"))?;
        anyhow::Ok(std::str::from_utf8(bytes)?)
    };
    let mut modules = read(&workspace.root.join(LOADER))?;
    for (name, theirs, ours) in OTHERWISE {
        let text = modules
            .get_mut(name)
            .with_context(|| format!("the loader has no {name}"))?;
        if text.matches(theirs).count() != 1 {
            bail!("{LOADER}/{name} is expected to have `{theirs}` once");
        }
        *text = text.replace(theirs, ours);
    }
    modules.remove("framed.js");
    for (name, text) in &mut modules {
        *text = text
            .replace("import(part('inline.js'))", "import('./inline.js')")
            .replace("import(part('", "import(('./candor/__CANDOR_FOLDER__/");
        if name != "parts.js" && text.contains("part('") {
            bail!("{LOADER}/{name} asks for a file in a way that no bundler follows");
        }
    }
    modules.insert("glue.js".to_owned(), factory(part("candor_form.js")?)?);
    let sheet = serde_json::to_string(part("candor.css")?)?;
    modules.insert("sheet.js".to_owned(), format!("export default {sheet};\n"));
    for text in modules.values_mut() {
        *text = text
            .replace("__CANDOR_FOLDER__", folder)
            .replace("__CANDOR_VERSION__", workspace.widget_version()?);
    }
    // Beside the entry: who copies the folder beside what is built has every module where it is asked for.
    let inline = part(INLINE)?.replace("\"./", &format!("\"./candor/{folder}/"));
    let index = dist::bundled(workspace, &modules, "main.js", &["./candor/*", "./inline.js"])?;
    Ok([(ENTRY, index), (INLINE, inline.into_bytes())])
}

fn read(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut modules = BTreeMap::new();
    for module in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = module?.path();
        let name = path.file_name().context("a module has a name")?.to_string_lossy();
        modules.insert(name.into_owned(), fs::read_to_string(&path)?);
    }
    Ok(modules)
}

/// A module as a function: each call gives what each import of it, under a new address, would have given.
fn factory(glue: &str) -> Result<String> {
    const EXPORT: &str = "export{";
    let (body, exports) = glue
        .rsplit_once(EXPORT)
        .context("the glue exports its names at its end")?;
    let exports = exports
        .trim_end()
        .strip_suffix("};")
        .context("the glue ends with its exports")?;
    if body.contains(EXPORT) || body.contains("import.meta") {
        bail!("the glue is expected to export once, and not to ask where it stands");
    }
    let members = exports.split(',').map(|export| {
        let (name, known) = export
            .trim()
            .split_once(" as ")
            .unwrap_or((export.trim(), export.trim()));
        format!("{known}: {name}")
    });
    let members: Vec<String> = members.collect();
    let body = body.replace("import(\"./", "import(\"./candor/__CANDOR_FOLDER__/");
    Ok(format!(
        "export default () => {{\n{body}\nreturn {{ {} }};\n}};\n",
        members.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::factory;

    #[test]
    fn a_module_becomes_a_function_that_gives_what_it_exports() {
        let glue = r#"let a;var f=()=>import("./work.js");export{a as default,f as mount,g};"#;
        let expected = "export default () => {\nlet a;var f=()=>import(\"./candor/__CANDOR_FOLDER__/work.js\");\n\
                        return { default: a, mount: f, g: g };\n};\n";
        assert_eq!(factory(glue).expect("one export"), expected);
        for other in [
            "let a;",
            "export{a};let a;",
            "export{a};export{b};",
            "import.meta.url;export{a};",
        ] {
            assert!(factory(other).is_err(), "{other}");
        }
    }
}
