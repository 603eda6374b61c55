//! One mailbox into which somebody typed thousands of submissions: what each act of its owner costs, and how that grows with
//! their number. Whoever knows an address can do this to anybody.
//!
//! Run by `cargo xtask bench`; `CANDOR_BENCH_LEADS` makes it smaller. Four times the submissions should cost four times as much.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops at the first surprise"
)]

#[expect(dead_code, reason = "the people of the demo's form are measured by benches/sweep.rs")]
#[path = "sweep/people.rs"]
mod people;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use candor_collector::act::{PersonAct, act};
use candor_collector::app::App;
use candor_collector::clock::{SystemClock, SystemRandomness};
use candor_collector::config::Options;
use candor_collector::erase::{ASKED, erase_person};
use candor_collector::mailbox::Mailbox;
use candor_collector::pages::person::{Again, Notice, PersonPage};
use candor_collector::permission::{Address, Question, ask};
use candor_collector::person::Person;
use candor_collector::start;
use candor_collector::sweep::{Mode, sweep};
use candor_record::term::{Actor, Channel};
use jiff::{SignedDuration, Timestamp};
use people::Sort;

const SUBMISSIONS: usize = 5_000;
/// How many times more there are in the second mailbox.
const TIMES: usize = 4;
const ADDRESS: &str = "ada@example.org";
const URL: &str = "https://forms.acme.example";

const FLOOD: Sort = Sort {
    form: "qualify",
    address: |_| ADDRESS.to_owned(),
    consents: &["qualify"],
    values: |_| vec![("role", "CTO".to_owned()), ("size", "100+".to_owned())],
};

fn main() {
    // `cargo test --benches` also starts this file; it measures only when asked to.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let most = std::env::var("CANDOR_BENCH_LEADS").map_or(SUBMISSIONS, |text| text.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let few = runtime.block_on(measured(most / TIMES));
    let many = runtime.block_on(measured(most));
    for ((what, few), (_, many)) in few.into_iter().zip(many) {
        let grows = many.as_secs_f64() / few.as_secs_f64();
        println!(
            "{what:<38} {:>8.3} s  with {TIMES} times as many {:>8.3} s  ratio {grows:.1}",
            few.as_secs_f64(),
            many.as_secs_f64()
        );
    }
}

async fn measured(count: usize) -> Vec<(&'static str, Duration)> {
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    let form = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms/qualify.json");
    std::fs::copy(form, forms.join("qualify.json")).unwrap();
    let app = people::open(folder.path(), &forms).await;
    let received =
        |number: usize| Timestamp::now() - SignedDuration::from_hours(3) + SignedDuration::from_secs(number as i64);
    tokio::task::block_in_place(|| people::make_sort(&app, &FLOOD, count, received));
    app.store.close().await;
    let app = open(folder.path(), &forms).await;
    let mailbox = Mailbox::parse(ADDRESS).unwrap();
    let person = Person::by_mailbox(&app, &mailbox).await.unwrap().unwrap();
    let (id, chain) = (person.row.id, person.chains()[count / 2]);
    let mut times = Vec::new();
    let mut time = |what, began: Instant| times.push((what, began.elapsed()));

    let began = Instant::now();
    let person = Person::open(&app, id).await.unwrap().unwrap();
    time("everything on record, opened", began);
    let began = Instant::now();
    for lead in &person.submissions {
        let values = app.values.unseal(lead.stored.record.id, &lead.stored.lead.values);
        std::hint::black_box(values.unwrap());
    }
    time("  what was typed in it, opened alone", began);
    let began = Instant::now();
    let page = PersonPage::new(&app, &person, String::new(), None, Notice::default(), &Again::default());
    std::hint::black_box(askama::Template::render(&page).unwrap());
    time("the person's page", began);
    let began = Instant::now();
    let question = Question {
        address: Address::Mailbox(mailbox),
        purpose: "qualify".parse().ok(),
        channel: Channel::None,
        at: Timestamp::now(),
    };
    std::hint::black_box(ask(&app, &question).await.unwrap());
    time("a question for permission", began);
    let values = vec![("role".to_owned(), "CIO".to_owned())];
    let purpose = || "qualify".parse().unwrap();
    for (what, pressed) in [
        ("a correction", PersonAct::Correct { chain, values }),
        ("a withdrawal", PersonAct::Withdraw { purpose: purpose() }),
        (
            "a consent anew",
            PersonAct::Give {
                purpose: purpose(),
                gpc: false,
            },
        ),
    ] {
        let began = Instant::now();
        assert!(act(&app, id, &pressed).await.unwrap().is_some(), "{what}");
        time(what, began);
    }
    let began = Instant::now();
    sweep(&app, Mode::Act).await.unwrap();
    time("a sweep", began);
    let began = Instant::now();
    assert!(erase_person(&app, id, Actor::Subject, ASKED).await.unwrap());
    time("an erasure", began);
    app.store.close().await;
    times
}

/// With the clock of this machine.
async fn open(folder: &Path, forms: &Path) -> App {
    let options = Options {
        data: Some(folder.join("data")),
        forms: Some(forms.to_owned()),
        public_url: Some(URL.to_owned()),
        ..Options::default()
    };
    let opened = start::open(
        options.decide().unwrap(),
        URL.to_owned(),
        Arc::new(SystemClock),
        Arc::new(SystemRandomness),
    );
    opened.await.unwrap().0
}
