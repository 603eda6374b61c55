//! Whoever changes rings: receivers hear of it at once. No test waits for a round, which comes after an hour here.

use std::time::Duration;

use candor_collector::{flow, operator::Role};
use serde_json::json;

use super::{ada, add, row, start, told};
use crate::{receiver::Receiver, staff::Staff};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_without_waiting_for_the_next_round() {
    let app = start().await;
    let worker = tokio::spawn(flow::run(app.app.clone(), Duration::from_secs(3_600)));
    let receiver = Receiver::start();
    add(&app, &receiver, "newsletter", "mailer").await;
    let somebody = ada(&app, &[("newsletter", "given")]).await;
    receiver.wait_for(1);
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    receiver.wait_for(2);
    ada(&app, &[("newsletter", "given")]).await;
    receiver.wait_for(3);
    let dpo = Staff::hire(&app, Role::Dpo).await;
    for (what, count) in [("restrict", 4), ("unrestrict", 5), ("erase", 6)] {
        let path = format!("/v1/people/{}/{what}", somebody.id);
        dpo.post(&path, &json!({"reason": "letter"})).await;
        receiver.wait_for(count);
    }
    let expected = [
        row("lead.allowed", "", ""),
        row("lead.ended", "withdrawn", "stop"),
        row("lead.allowed", "", ""),
        row("lead.ended", "restricted", "stop"),
        row("lead.allowed", "", ""),
        row("lead.ended", "erased", "erase"),
    ];
    assert_eq!(told(&receiver.received()), expected);
    app.app.stop();
    worker.await.expect("ends");
}
