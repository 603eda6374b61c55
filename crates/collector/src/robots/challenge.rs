//! Proof of work: a challenge of ALTCHA (protocol v2, PBKDF2), signed and stateless, for one form, for ten minutes, once.
//! Refuses what was altered, is another form's, is too old or is not solved; whether it was used before, the store knows.
//!
//! The counter that solves it is chosen here, and the key that it leads to is signed: the effort is the same for
//! everybody within a factor of two, and a check is two HMACs, whatever the cost.

use std::collections::BTreeMap;

use altcha::{
    Challenge, ChallengeParameters, CreateChallengeOptions, HmacAlgorithm, Payload, VerifySolutionOptions,
    create_challenge, sign_challenge, verify_solution,
};
use candor_record::base64url;
use jiff::Timestamp;

use super::{CHALLENGE_LIVES, Spent, policy::TRIES};
use crate::{clock::Random, links::LinkKey};

/// The member of a challenge's data that says which form it is for.
const FORM: &str = "form";

/// A payload is a few hundred bytes; more is not decoded.
const MAX_PAYLOAD_LEN: usize = 4_096;

/// Why a proof is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoProof {
    #[error("not a payload of ALTCHA")]
    Unreadable,
    #[error("not a challenge of this collector")]
    Forged,
    #[error("a challenge of another form")]
    OtherForm,
    #[error("the challenge is too old")]
    Expired,
    #[error("the challenge is not solved")]
    Unsolved,
}

/// A fresh challenge, as the visitor's browser gets it; `None` where the library fails.
pub fn make(links: &LinkKey, random: &dyn Random, form: &str, cost: u32, now: Timestamp) -> Option<Challenge> {
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    let range = TRIES.end() - TRIES.start() + 1;
    let options = CreateChallengeOptions {
        algorithm: "PBKDF2/SHA-256".to_owned(),
        cost,
        counter: Some(TRIES.start() + u32::from_be_bytes(bytes) % range),
        data: Some(BTreeMap::from([(FORM.to_owned(), form.into())])),
        expires_at: Some((now + CHALLENGE_LIVES).as_second()),
        hmac_signature_secret: Some(secret(links, "challenge")),
        hmac_key_signature_secret: Some(secret(links, "challenge key")),
        ..CreateChallengeOptions::default()
    };
    create_challenge(options)
        .inspect_err(|error| tracing::error!(%error, "no challenge"))
        .ok()
}

/// Checks what came back: the payload of ALTCHA, in base64.
pub fn verify(links: &LinkKey, form: &str, text: &str, now: Timestamp) -> Result<Spent, NoProof> {
    let Payload { challenge, solution } = read(text).ok_or(NoProof::Unreadable)?;
    let signature = challenge.signature.clone().ok_or(NoProof::Forged)?;
    let genuine = sign(links, &challenge.parameters)?.signature.ok_or(NoProof::Forged)?;
    if links.fingerprint(signature.as_bytes()).as_ref() != links.fingerprint(genuine.as_bytes()).as_ref() {
        return Err(NoProof::Forged);
    }
    let parameters = challenge.parameters;
    let data = parameters.data.as_ref();
    if data.and_then(|data| data.get(FORM)?.as_str()) != Some(form) {
        return Err(NoProof::OtherForm);
    }
    let expires = parameters.expires_at.and_then(|at| Timestamp::from_second(at).ok());
    let expires = expires.filter(|at| *at > now).ok_or(NoProof::Expired)?;
    // The library compares with the system's clock, and here time is a parameter: so it sees a challenge without end.
    let endless = sign(
        links,
        &ChallengeParameters {
            expires_at: None,
            ..parameters
        },
    )?;
    let outcome = verify_solution(VerifySolutionOptions {
        hmac_key_signature_secret: Some(secret(links, "challenge key")),
        ..VerifySolutionOptions::new(&endless, &solution, secret(links, "challenge"))
    });
    match outcome {
        Ok(outcome) if outcome.verified => Ok(Spent {
            digest: links
                .fingerprint(&[b"challenge\0", genuine.as_bytes()].concat())
                .as_ref()
                .to_vec(),
            expires,
        }),
        _ => Err(NoProof::Unsolved),
    }
}

/// The same parameters, signed by this collector.
fn sign(links: &LinkKey, parameters: &ChallengeParameters) -> Result<Challenge, NoProof> {
    let mut parameters = parameters.clone();
    let secret = secret(links, "challenge");
    sign_challenge(&HmacAlgorithm::Sha256, &mut parameters, None, &secret, None).map_err(|_| NoProof::Forged)
}

/// The library's secrets are texts.
fn secret(links: &LinkKey, purpose: &str) -> String {
    base64url::encode(&links.derive(purpose))
}

/// ALTCHA writes base64 with its own alphabet and padding.
fn read(text: &str) -> Option<Payload> {
    if text.len() > MAX_PAYLOAD_LEN {
        return None;
    }
    let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    serde_json::from_slice(&base64url::decode(&text).ok()?).ok()
}

#[cfg(test)]
mod tests;
