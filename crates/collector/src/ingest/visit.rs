//! Who submits, as far as a limit wants to know, and what the answer has to say of limits.
//! Refuses what is over a limit. The address is counted in memory, and neither stored nor logged.

use std::net::IpAddr;

use crate::{
    app::App,
    http::{
        error::ApiError,
        limit::{Quota, Quotas, Whose, network},
    },
};

/// One request that may submit something.
#[derive(Debug)]
pub struct Visit<'a> {
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    pub address: IpAddr,
    pub quotas: Quotas,
}

impl Visit<'_> {
    /// Counts one request of this address.
    pub fn admit_address(&mut self, app: &App) -> Result<(), ApiError> {
        let key = network(self.address);
        let quota = app.limiter.quota(Whose::Address, app.clock.now(), key);
        self.note(app, Whose::Address, quota)
    }

    /// Counts one submission of this form.
    pub fn admit_form(&mut self, app: &App, form: &str) -> Result<(), ApiError> {
        let quota = app.form_limiter.quota(Whose::Form, app.clock.now(), form.to_owned());
        self.note(app, Whose::Form, quota)
    }

    fn note(&mut self, app: &App, whose: Whose, quota: Option<Quota>) -> Result<(), ApiError> {
        self.quotas
            .take(quota)
            .inspect_err(|_| app.robots.counts.note_limit(whose))
    }
}
