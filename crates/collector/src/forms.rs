//! The forms that are served: read from `--forms` at start, compiled in each language, published for ever.
//! Refuses to start on a definition that is refused, or that gives a purpose id another meaning.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use candor_definition::{
    Context, Definition, Diagnostic, Severity,
    change::{Change, changes, class},
    compile,
    notice::notice,
    parse_in,
};
use candor_lint::Review;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    clock::day,
    notice,
    published::PublishedForm,
    store::{CompiledRow, ExceptionRow, Published, PurposeRow, Release, Store, StoreError},
};

/// The forms in force, by id.
#[derive(Debug, Default)]
pub struct LiveForms(BTreeMap<String, LiveForm>);

#[derive(Debug)]
pub struct LiveForm {
    pub definition: Definition,
    pub definition_json: String,
    pub version: String,
    /// By language; the first language of the definition is the default.
    compiled: BTreeMap<String, Arc<PublishedForm>>,
}

/// Why a folder of definitions cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormsError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}", refusals(path, diagnostics))]
    Refused {
        path: PathBuf,
        diagnostics: Vec<Diagnostic>,
    },
    #[error("{path}: the form {form} is defined by another file too")]
    Twice { path: PathBuf, form: String },
    #[error(
        "{path}: purpose {} is published with basis {}, kind {}, channel {} and controller {}; here it has {}, {}, {} and {}. \
         A purpose id keeps its meaning: give the other one another id",
        published.purpose, published.basis, published.kind, published.channel, published.controller,
        wanted.basis, wanted.kind, wanted.channel, wanted.controller
    )]
    PurposeTaken {
        path: PathBuf,
        published: Box<PurposeRow>,
        wanted: Box<PurposeRow>,
    },
    #[error("{path}: {reason}")]
    Unreadable { path: PathBuf, reason: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One line for each refusal, as a compiler prints them.
fn refusals(path: &Path, diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| {
        let Diagnostic {
            line,
            column,
            rule,
            message,
            help,
            ..
        } = diagnostic;
        format!(
            "{}:{line}:{column}: {rule}: {message}\n    help: {help}",
            path.display()
        )
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

impl LiveForms {
    /// Reads, checks, compiles and publishes every `*.json` of the folder. A new version that breaks a rule of law is
    /// refused, unless the rule is allowed by name: then that is published with it.
    pub async fn load(
        Folder { path, allow }: Folder<'_>,
        public_url: &str,
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<Self, FormsError> {
        let mut forms = Self::default();
        let Some(folder) = path else { return Ok(forms) };
        for path in definition_files(folder)? {
            let text = fs::read(&path).map_err(|source| FormsError::Io {
                path: path.clone(),
                source,
            })?;
            let refused = |diagnostics| FormsError::Refused {
                path: path.clone(),
                diagnostics,
            };
            let definition = parse_in(CONTEXT, &text).map_err(refused)?;
            let version = definition.digest().to_text();
            let is_published = store.definition(definition.id(), &version).await?.is_some();
            let exceptions = match exceptions(&text, allow, now) {
                Ok(exceptions) => exceptions,
                // What was lawful when it was published goes on; its owner is told.
                Err(errors) if is_published => {
                    for Diagnostic { rule, pointer, .. } in &errors {
                        tracing::warn!(
                            form = definition.id(),
                            version,
                            rule,
                            pointer,
                            "a rule holds that this published form breaks"
                        );
                    }
                    Vec::new()
                }
                Err(errors) => return Err(refused(errors)),
            };
            let (mut release, live) = release(definition, public_url).map_err(|reason| FormsError::Unreadable {
                path: path.clone(),
                reason,
            })?;
            for ExceptionRow { rule, pointer, .. } in &exceptions {
                tracing::warn!(
                    form = release.form,
                    version = release.version,
                    rule,
                    pointer,
                    "form published against a rule"
                );
            }
            release.exceptions = exceptions;
            let before = store.history(&release.form).await?.pop();
            if let Published::PurposeTaken { published, wanted } = store.publish(&release, now).await? {
                return Err(FormsError::PurposeTaken {
                    path,
                    published,
                    wanted,
                });
            }
            tracing::info!(form = release.form, version = release.version, "form published");
            if let Some(before) = before.filter(|before| *before != release.version) {
                tell_what_changed(store, &release, &before).await?;
            }
            let form = release.form;
            if forms.0.insert(form.clone(), live).is_some() {
                return Err(FormsError::Twice { path, form });
            }
        }
        Ok(forms)
    }

    pub fn find(&self, id: &str) -> Option<&LiveForm> {
        self.0.get(id)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &LiveForm)> {
        self.0.iter().map(|(id, form)| (id.as_str(), form))
    }
}

impl LiveForm {
    /// The compiled form in the requested language, or the nearest that there is.
    pub fn in_language(&self, requested: Option<&str>) -> &Arc<PublishedForm> {
        let language = candor_definition::negotiate(&self.definition, requested);
        self.compiled
            .get(language.as_str())
            .or_else(|| self.compiled.values().next())
            .expect("a definition has a language")
    }

    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.compiled.keys().map(String::as_str)
    }
}

/// Forms are served by a collector: it takes consents back.
const CONTEXT: Context = Context { has_collector: true };

/// Where definitions are, and which rules they may break.
#[derive(Debug, Clone, Copy)]
pub struct Folder<'f> {
    pub path: Option<&'f Path>,
    pub allow: &'f [String],
}

/// The errors that are allowed; all errors where one is not.
fn exceptions(text: &[u8], allow: &[String], now: Timestamp) -> Result<Vec<ExceptionRow>, Vec<Diagnostic>> {
    let mut review = Review::on(day(now));
    review.context = CONTEXT;
    let mut errors = candor_lint::review(text, &review);
    errors.retain(|told| told.severity == Severity::Error);
    if errors.iter().any(|error| !allow.contains(&error.rule)) {
        errors.retain(|error| !allow.contains(&error.rule));
        return Err(errors);
    }
    let row = |error: Diagnostic| ExceptionRow {
        rule: error.rule,
        pointer: error.pointer,
        message: error.message,
        source: error.source,
    };
    Ok(errors.into_iter().map(row).collect())
}

/// Whether the version that is now in force differs in substance from the one before, and in what: one line for the whole
/// and one for each change. Whom to ask again says `candor export reconsent`.
async fn tell_what_changed(store: &dyn Store, release: &Release, before: &str) -> Result<(), StoreError> {
    let old = store.definition(&release.form, before).await?.unwrap_or_default();
    let (Ok(old), Ok(new)) = (serde_json::from_str(&old), serde_json::from_str(&release.definition)) else {
        return Ok(());
    };
    let found = changes(&old, &new);
    let form = &release.form;
    tracing::info!(
        form,
        before,
        class = class(&found).as_str(),
        changes = found.len(),
        "form changed"
    );
    for Change {
        place, class, reason, ..
    } in &found
    {
        tracing::info!(form, place, class = class.as_str(), reason = reason.as_str(), "change");
    }
    Ok(())
}

fn definition_files(folder: &Path) -> Result<Vec<PathBuf>, FormsError> {
    let failed = |source| FormsError::Io {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn release(definition: Definition, public_url: &str) -> Result<(Release, LiveForm), String> {
    let (form, version) = (definition.id().to_string(), definition.digest().to_text());
    let definition_json = definition.json().to_string();
    let mut compiled = BTreeMap::new();
    let mut notices = Vec::new();
    for language in definition.languages() {
        let compilation = compile(&definition, language, Some(public_url));
        let row = CompiledRow {
            digest: compilation.digest().to_text(),
            form: form.clone(),
            version: version.clone(),
            language: language.as_str().to_owned(),
            json: compilation.json().to_string(),
        };
        let published = PublishedForm::read(row, &definition_json).map_err(|error| error.to_string())?;
        let told = notice(&definition, language, Some(public_url));
        notices.push(notice::row(&definition, &told).map_err(|error| error.to_string())?);
        compiled.insert(language.as_str().to_owned(), Arc::new(published));
    }
    let release = Release {
        form,
        version: version.clone(),
        definition: definition_json.clone(),
        compiled: compiled.values().map(|form| form.row.clone()).collect(),
        notices,
        purposes: purposes(definition.json()),
        exceptions: Vec::new(),
    };
    Ok((
        release,
        LiveForm {
            definition,
            definition_json,
            version,
            compiled,
        },
    ))
}

/// What each purpose id stands for; the controllers by their names in the first language, country beside them.
fn purposes(definition: &Value) -> Vec<PurposeRow> {
    let list = |name: &str| definition[name].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parties = list("parties");
    let is_controller = |party: &&Value| matches!(party["role"].as_str(), Some("controller" | "joint-controller"));
    let name = |party: &Value| match &party["name"] {
        Value::String(name) => name.clone(),
        names => text(&names[definition["languages"][0].as_str().unwrap_or_default()]),
    };
    let purpose = |purpose: &Value| {
        let recipients = purpose["recipients"].as_array().cloned().unwrap_or_default();
        let mut controllers: Vec<String> = parties
            .iter()
            .filter(is_controller)
            .filter(|party| recipients.contains(&party["id"]))
            .map(name)
            .collect();
        controllers.sort();
        PurposeRow {
            purpose: text(&purpose["id"]),
            basis: text(&purpose["basis"]),
            kind: text(&purpose["kind"]),
            channel: text(&purpose["channel"]),
            controller: controllers.join(", "),
        }
    };
    list("purposes").iter().map(purpose).collect()
}
