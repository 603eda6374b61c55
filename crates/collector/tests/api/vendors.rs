//! The vendors' doubles of `tests/crm`, for tests in which the collector itself speaks to them.

#[path = "../crm/vendors/brevo.rs"]
pub(crate) mod brevo;
#[path = "../crm/vendors/hubspot.rs"]
pub(crate) mod hubspot;
#[path = "../crm/vendors/mailchimp.rs"]
pub(crate) mod mailchimp;
#[path = "../crm/vendors/mautic.rs"]
pub(crate) mod mautic;
#[path = "../crm/vendors/salesforce.rs"]
pub(crate) mod salesforce;
