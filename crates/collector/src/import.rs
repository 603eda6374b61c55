//! Leads that were asked for elsewhere become records of their own, marked `import`: a list (CSV), or Meta's lead forms.
//! Refuses to believe a list: a purpose counts only with the words that were shown there, told by the mapping and equal to
//! the published ones; a lead of which no purpose is left is not taken. Nobody is written to unless the operator says so.
//! Read next: `import/mapping.rs` (what is told of a file), `import/judge.rs` (the pure part), `import/take.rs` (the effects).

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinSet};
use uuid::Uuid;

use crate::{app::App, http::error::ApiError, operator::Operator, published::PublishedForm, store::imports::Import};

pub mod judge;
pub mod mapping;
pub mod meta;
pub mod plan;
pub mod proof;
pub mod report;
pub mod rows;
pub mod take;

use self::{
    mapping::Mapping,
    plan::Plan,
    report::Line,
    rows::{Format, Row, Rows},
};

/// Lines that are decided at once; as many as share one transaction of the store.
const AT_ONCE: usize = 64;

/// How often a line is tried while the store is busy, and the first pause; it doubles: half a minute together.
const ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// What is to be taken over, and how.
#[derive(Debug)]
pub struct Order {
    pub file: PathBuf,
    pub format: Format,
    /// SHA-256 of the file.
    pub digest: Vec<u8>,
    pub form: Arc<PublishedForm>,
    pub mapping: Mapping,
    /// The mapping as it was given.
    pub mapping_text: String,
    /// The form at Meta, where the leads come from one.
    pub meta: Option<meta::Form>,
    /// Decide and report; write nothing.
    pub dry_run: bool,
    /// Ask those who gave a consent to confirm it by mail.
    pub ask: bool,
}

/// Why a file cannot be taken over at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    #[error(transparent)]
    Mapping(#[from] mapping::MappingError),
    #[error(transparent)]
    Rows(#[from] rows::RowsError),
    #[error("the data: {}; CANDOR_LOG=info says more", .0.problem().detail)]
    Store(ApiError),
    #[error("stdout: {0}; whoever reads the report must not go away")]
    Report(std::io::Error),
}

impl From<ApiError> for ImportError {
    fn from(error: ApiError) -> Self {
        Self::Store(error)
    }
}

/// Reads the file line by line; `say` gets what became of each, in the order of the file.
///
/// # Errors
/// The file cannot be read (any further), the mapping does not fit the form, or the store is away. What was taken before
/// that stays taken: the same import again goes on from there.
pub async fn run(
    app: &App,
    order: &Order,
    mut say: impl FnMut(Line) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let rows = Rows::open(order)?;
    let plan = Arc::new(Plan::new(order, rows.head())?);
    let import = begin(app, order, &plan).await?;
    let settings = take::Settings {
        import,
        dry_run: order.dry_run,
        ask: order.ask,
    };
    let mut receiver = rows.start();
    let mut taken = report::Counts::default();
    let mut broken = None;
    loop {
        let batch = batch(&plan, &mut receiver, &mut broken).await;
        if batch.is_empty() && broken.is_none() {
            break;
        }
        for line in decide(app, &plan, settings, batch).await? {
            taken.count(line.outcome);
            say(line)?;
        }
        if let Some(error) = broken {
            return Err(error);
        }
    }
    tracing::info!(form = order.form.row.form, %import, taken = taken.taken, held = taken.held, refused = taken.refused, unchanged = taken.unchanged, dry_run = order.dry_run, "import done");
    Ok(())
}

/// Notes the import, and that somebody made it.
async fn begin(app: &App, order: &Order, plan: &Plan) -> Result<Uuid, ImportError> {
    let form = &order.form.row;
    let digest = candor_record::base64url::encode(&order.digest);
    let parts = ["import", &form.form, &digest, &order.mapping_text, plan.source.as_str()];
    let id = take::id_of(&app.index.fingerprint(parts));
    if order.dry_run {
        return Ok(id);
    }
    let reason = format!("{}: file sha256-{digest}", form.form);
    let logged = app.log_access(&Operator::COMMAND, "import", None, &reason).await;
    logged.map_err(ApiError::from)?;
    let import = Import {
        id,
        form: form.form.clone(),
        version: form.version.clone(),
        format: order.format.as_str().to_owned(),
        file: order.digest.clone(),
        mapping: order.mapping_text.clone(),
        source: plan.source.clone(),
        begun: app.clock.now(),
    };
    app.store.begin_import(&import).await.map_err(ApiError::from)?;
    Ok(id)
}

/// The next lines. Two lines of one mailbox never stand in one batch: which of them comes first decides what is on record.
async fn batch(
    plan: &Plan,
    rows: &mut mpsc::Receiver<Result<Row, rows::RowsError>>,
    broken: &mut Option<ImportError>,
) -> Vec<Row> {
    let mut batch: Vec<Row> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    while batch.len() < AT_ONCE {
        // What is there is decided; what is still being read is not waited for once something is.
        let next = if batch.is_empty() {
            rows.recv().await
        } else {
            rows.try_recv().ok()
        };
        match next {
            None => break,
            Some(Err(error)) => {
                *broken = Some(error.into());
                break;
            }
            Some(Ok(row)) => {
                let is_new = plan.address(&row).is_none_or(|address| seen.insert(address));
                batch.push(row);
                if !is_new {
                    break;
                }
            }
        }
    }
    batch
}

/// Decides a batch on every processor. The last line may be of a mailbox that another one has: it waits for the others.
async fn decide(
    app: &App,
    plan: &Arc<Plan>,
    settings: take::Settings,
    mut batch: Vec<Row>,
) -> Result<Vec<Line>, ImportError> {
    let last = batch.pop();
    let mut lines: Vec<Line> = Vec::with_capacity(batch.len() + 1);
    let mut tasks = JoinSet::new();
    for row in batch {
        let (app, plan) = (app.clone(), Arc::clone(plan));
        tasks.spawn(async move { decide_one(&app, &plan, settings, &row).await });
    }
    while let Some(done) = tasks.join_next().await {
        lines.push(done.map_err(|_| ApiError::Internal)??);
    }
    if let Some(row) = last {
        lines.push(decide_one(app, plan, settings, &row).await?);
    }
    lines.sort_by_key(|line| line.line);
    Ok(lines)
}

async fn decide_one(app: &App, plan: &Plan, settings: take::Settings, row: &Row) -> Result<Line, ApiError> {
    let now = app.clock.now();
    let judged = match judge::judge(plan, row, now) {
        Ok(judged) => judged,
        Err(refusal) => return Ok(refusal),
    };
    // A list of a hundred thousand lines meets a busy machine sooner or later. The same act is the same record, so trying
    // again is safe, however far the first attempt came.
    let mut pause = FIRST_PAUSE;
    for _ in 1..ATTEMPTS {
        match take::take(app, plan, settings, judged.clone(), now).await {
            Err(ApiError::Unavailable) => tokio::time::sleep(pause).await,
            outcome => return outcome,
        }
        pause *= 2;
    }
    take::take(app, plan, settings, judged, now).await
}
