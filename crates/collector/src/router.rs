//! The table of routes and the layers around them; nothing else.
//! Read next: the handler file that a route names.

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    app::App,
    http::{
        access_log, breach, bundle, check, confirm, contacts, conversions, download, first_contact, forms, health,
        hosted, leads, mailbox, manage, map, notice, people, permissions, problem, qualifications, receipt, records,
        requests, restrictions, schema, security, site, statistics, submissions, watch, webhooks, well_known,
    },
};

pub fn router(app: App) -> Router {
    let mut routes = Router::new()
        .route(
            "/v1/submissions",
            post(submissions::post).options(submissions::preflight),
        )
        .route("/v1/forms/{id}", get(forms::current))
        .route("/v1/forms/{id}/compiled/{file}", get(forms::compiled))
        .route("/v1/forms/{id}/definition", get(forms::definition))
        .route("/v1/forms/{id}/html", get(forms::html))
        .route("/v1/forms/{id}/first-contact", get(first_contact::get))
        .route("/v1/forms/{id}/theme.css", get(forms::theme))
        .route("/v1/check", post(check::post).options(check::preflight))
        .route("/schema/candor-form-1.json", get(schema::form))
        .route("/v1/permissions", post(permissions::post))
        .route("/v1/contacts", post(contacts::post))
        .route("/v1/leads", get(leads::list))
        .route("/v1/people/find", post(people::find))
        .route("/v1/people/{id}", get(people::see))
        .route("/v1/people/{id}/export", post(people::export))
        .route("/v1/people/{id}/erase", post(people::erase))
        .route("/v1/people/{id}/rectify", post(people::rectify))
        .route("/v1/people/{id}/restrict", post(restrictions::begin))
        .route("/v1/people/{id}/unrestrict", post(restrictions::lift))
        .route("/v1/webhooks", get(webhooks::list).post(webhooks::add))
        .route(
            "/v1/webhooks/{id}",
            get(webhooks::see).delete(webhooks::close).patch(webhooks::dates),
        )
        .route("/v1/webhooks/{id}/rotate", post(webhooks::rotate))
        .route("/v1/webhooks/{id}/test", post(webhooks::test))
        .route("/v1/webhooks/{id}/replay", post(webhooks::replay))
        .route("/v1/webhooks/{id}/deliveries", get(webhooks::deliveries))
        .route("/v1/records", get(records::list))
        .route("/v1/qualifications", get(qualifications::list))
        .route("/v1/qualifications/run", post(qualifications::run))
        .route("/v1/qualifications/{id}", post(qualifications::decide_many))
        .route("/v1/qualifications/{id}/{word}", post(qualifications::decide_one))
        .route("/v1/breach", get(breach::list))
        .route("/v1/register", get(statistics::art30))
        .route("/v1/map", get(map::get))
        .route("/v1/stats/purposes", get(statistics::purposes))
        .route("/v1/watch", get(watch::list))
        .route("/v1/stats/conversions", get(conversions::get))
        .route("/v1/requests", get(requests::list))
        .route("/v1/requests/{id}/answer", post(requests::answer))
        .route("/v1/access-log", get(access_log::list))
        .route("/f/{id}", get(hosted::get).post(hosted::post))
        .route("/f/{id}/notice", get(notice::current))
        .route("/f/{id}/notice/{digest}", get(notice::published))
        .route("/t/{token}", get(receipt::thanks).post(confirm::again))
        .route("/c/{token}", get(confirm::get).post(confirm::post))
        .route("/m", get(manage::ask::ask).post(manage::ask::send))
        .route("/m/{token}", get(manage::get).post(manage::post))
        .route("/m/{token}/data", get(manage::data::get))
        .route("/m/{token}/data.json", get(manage::data::json))
        .route("/m/{token}/erase", get(manage::erase::get).post(manage::erase::post))
        .route("/d/{token}", get(download::get).post(download::fresh))
        .route("/r/{id}", get(receipt::get))
        .route("/.well-known/jwks.json", get(well_known::keys))
        .route("/.well-known/candor.json", get(well_known::candor))
        .route("/candor.js", get(bundle::loader))
        .route("/candor/{*rest}", get(bundle::versioned))
        .route("/pages/{file}", get(bundle::stylesheet))
        .route("/problems/{slug}", get(problem::explain))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));
    if app.config.mailbox {
        routes = routes
            .route("/mailbox", get(mailbox::list))
            .route("/mailbox/recorded/{id}", get(mailbox::recorded));
    }
    routes
        .fallback(site::page)
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn(log))
        .layer(middleware::from_fn_with_state(app.clone(), problem::documents))
        .layer(middleware::from_fn_with_state(app.clone(), security::headers))
        .with_state(app)
}

/// One line for each answer that failed here: the route's template, never the path, which can hold a token.
async fn log(State(()): State<()>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or("(site)", |path| path.as_str())
        .to_owned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status();
    if status.is_server_error() {
        tracing::error!(%method, route, status = status.as_u16(), "request failed");
    } else {
        tracing::debug!(%method, route, status = status.as_u16(), "request answered");
    }
    response
}
