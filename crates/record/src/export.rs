//! What other standards make of a record (`spec/record.md` §8): DPV 2.3, the Kantara Consent Receipt 1.1, SD-JWT.
//!
//! Each is a view that can be made again from the signed records at any time; none of them is signed or stored. A view
//! says what the records say, and leaves out what its standard has no word for. The human one is the collector's page.
//! Refuses to verify: whoever exports has verified, or says that nobody did.

use std::fmt;

use crate::{
    record::{FollowUp, Process, Submission},
    term::Status,
    time::Timestamp,
};

pub mod dpv;
pub mod kantara;
pub mod sd_jwt;

/// A submission and the events that followed it, up to the record that is exported.
#[derive(Debug, Clone)]
pub struct Chain<'a> {
    submission: &'a Submission,
    later: Vec<&'a FollowUp>,
    receipt: Option<Receipt<'a>>,
}

/// What the controller's signature adds to a record.
#[derive(Debug, Clone, Copy)]
pub struct Receipt<'a> {
    /// `rcv`: when the controller signed for it.
    pub received: Timestamp,
    /// The thumbprint of its key.
    pub key_id: &'a str,
}

impl<'a> Chain<'a> {
    /// Puts a chain together; the newest record comes last.
    ///
    /// # Errors
    /// An event of another chain, or one that replaces none of those before it.
    pub fn new(
        submission: &'a Submission,
        later: impl IntoIterator<Item = &'a FollowUp>,
    ) -> Result<Chain<'a>, ChainError> {
        let mut known = vec![submission.id.as_str()];
        let mut chain = Chain {
            submission,
            later: Vec::new(),
            receipt: None,
        };
        for event in later {
            if event.chain.as_str() != submission.id.as_str() {
                return Err(ChainError::OtherChain);
            }
            if !known.contains(&event.replaces.as_str()) {
                return Err(ChainError::Gap);
            }
            known.push(event.id.as_str());
            chain.later.push(event);
        }
        Ok(chain)
    }

    /// With the controller's signature of the newest record.
    pub fn received(mut self, receipt: Receipt<'a>) -> Chain<'a> {
        self.receipt = Some(receipt);
        self
    }

    /// The id of the newest record: the one that is exported.
    pub fn id(&self) -> &'a str {
        self.later
            .last()
            .map_or(self.submission.id.as_str(), |last| last.id.as_str())
    }

    fn created(&self) -> Timestamp {
        self.later.last().map_or(self.submission.created, |last| last.created)
    }

    fn language(&self) -> &'a str {
        self.later
            .last()
            .map_or(&self.submission.language, |last| &last.language)
    }

    /// What the newest record says of its purposes.
    fn newest(&self) -> Vec<(&'a Process, Status)> {
        let processes = self.submission.processes.iter();
        match self.later.last() {
            None => processes.map(|process| (process, process.status)).collect(),
            Some(last) => {
                let status = |process: &Process| last.processes.iter().find(|change| change.purpose == process.purpose);
                processes
                    .filter_map(|process| Some((process, status(process)?.status)))
                    .collect()
            }
        }
    }

    /// The words in which a purpose was shown, in the newest page that showed it.
    fn statement(&self, process: &Process) -> Option<&'a str> {
        let reference = format!("purpose.{}", process.purpose);
        let pages = self.later.iter().rev().filter_map(|event| event.shown.as_deref());
        let mut pages = pages.chain([self.submission.shown.as_slice()]);
        pages.find_map(|shown| {
            let text = shown.iter().find(|text| text.reference == reference)?;
            Some(text.text.as_str())
        })
    }
}

/// Records that make no chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChainError {
    /// An event names another chain.
    OtherChain,
    /// An event replaces a record that is not there.
    Gap,
}

impl fmt::Display for ChainError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            ChainError::OtherChain => "an event belongs to another chain",
            ChainError::Gap => "an event replaces a record that is not in the chain",
        })
    }
}

impl std::error::Error for ChainError {}

/// The address with its site, where it is a path of the site on which the form stood.
fn absolute(origin: &str, address: &str) -> String {
    match address.starts_with('/') {
        true => format!("{origin}{address}"),
        false => address.to_owned(),
    }
}
