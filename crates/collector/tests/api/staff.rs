//! Operators as tests need them: a living token of a role, and requests that show it.

use candor_collector::{
    clock::{Random, SystemRandomness},
    operator::{Role, Token},
    store::operators::NewToken,
};
use http::{Request, header};
use serde_json::Value;
use uuid::Uuid;

use crate::support::{Answer, TestApp};

/// A living token of this role, with its id.
pub(crate) async fn token(app: &TestApp, role: Role) -> (Uuid, String) {
    let token = Token::generate(&SystemRandomness);
    let id = SystemRandomness.uuid();
    let new = NewToken {
        id,
        name: "a test".into(),
        role,
        hash: token.hash(),
        created: app.app.clock.now(),
    };
    app.app.store.create_token(&new).await.expect("created");
    (id, token.reveal().to_owned())
}

/// Somebody with a token.
pub(crate) struct Staff<'a> {
    app: &'a TestApp,
    pub(crate) id: Uuid,
    bearer: String,
}

impl<'a> Staff<'a> {
    pub(crate) async fn hire(app: &'a TestApp, role: Role) -> Self {
        let (id, token) = token(app, role).await;
        Self {
            app,
            id,
            bearer: format!("Bearer {token}"),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.app.get_with(path, &[("authorization", &self.bearer)]).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_in("", path, body).await
    }

    /// With that `Accept-Language`.
    pub(crate) async fn post_in(&self, language: &str, path: &str, body: &Value) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_LANGUAGE, language)
            .header(header::AUTHORIZATION, &self.bearer);
        self.app
            .send(request.body(body.to_string().into()).expect("a request"))
            .await
    }
}
