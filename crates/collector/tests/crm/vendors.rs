//! The accounts of the five vendors: as much of each as the adapters use.

pub(crate) mod brevo;
pub(crate) mod hubspot;
pub(crate) mod mailchimp;
pub(crate) mod mautic;
pub(crate) mod salesforce;
