//! Protected headers: what each of the two signatures says about itself (`spec/record.md` §1).

use std::fmt;

use serde_json::json;

use crate::{
    base64url,
    canonical::canonical_json,
    digest::Sha256Digest,
    json::Node,
    key::{Jwk, KeyError},
    time::Timestamp,
};

/// The one algorithm. It is compared, never taken from a header to choose a key type.
pub const ALGORITHM: &str = "ES256";

/// Which of the two signatures this is: a verifier tells them apart by `typ`, not by their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Made in the person's browser.
    Device,
    /// Made by the collector.
    Controller,
}

impl Role {
    /// The `typ` of the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Device => "candor-record+jws",
            Role::Controller => "candor-receipt+jws",
        }
    }

    /// The role of that `typ`.
    pub fn parse(typ: &str) -> Option<Role> {
        [Role::Device, Role::Controller]
            .into_iter()
            .find(|role| role.as_str() == typ)
    }
}

/// A protected header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Header {
    /// Of the device signature.
    Device(DeviceHeader),
    /// Of the controller signature.
    Controller(ControllerHeader),
}

/// Header of the device signature: the key made for this one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceHeader {
    /// The key; `kid` is its thumbprint.
    pub jwk: Jwk,
}

/// Header of the controller signature: which key, when received, and over which device signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControllerHeader {
    /// Thumbprint of the published key.
    pub kid: String,
    /// When the collector received the record.
    pub rcv: Timestamp,
    /// Digest of the device signature ([`device_signature_digest`]); absent when there is none.
    pub dsig: Option<String>,
}

impl DeviceHeader {
    /// The canonical bytes.
    pub fn to_canonical(&self) -> Vec<u8> {
        canonical_json(&json!({
            "alg": ALGORITHM, "jwk": self.jwk.to_json(), "kid": self.jwk.thumbprint(), "typ": Role::Device.as_str(),
        }))
    }
}

impl ControllerHeader {
    /// The canonical bytes.
    pub fn to_canonical(&self) -> Vec<u8> {
        let mut header = json!({
            "alg": ALGORITHM, "kid": self.kid, "rcv": self.rcv.to_string(), "typ": Role::Controller.as_str(),
        });
        if let Some(dsig) = &self.dsig {
            header["dsig"] = dsig.as_str().into();
        }
        canonical_json(&header)
    }
}

impl Header {
    /// Reads a header of a known `typ` (step 3).
    ///
    /// # Errors
    /// The first thing that is not exactly as §1 says.
    pub fn from_node(role: Role, node: &Node) -> Result<Header, HeaderError> {
        let text = |name: &'static str| node.get(name).and_then(Node::as_str).ok_or(HeaderError::Member(name));
        if text("alg")? != ALGORITHM {
            return Err(HeaderError::Algorithm);
        }
        let allowed: &[&str] = match role {
            Role::Device => &["alg", "jwk", "kid", "typ"],
            Role::Controller => &["alg", "dsig", "kid", "rcv", "typ"],
        };
        let members = node.as_object().unwrap_or_default();
        if members.iter().any(|member| !allowed.contains(&member.name.as_str())) {
            return Err(HeaderError::UnknownMember);
        }
        let kid = text("kid")?;
        match role {
            Role::Device => {
                let jwk = node.get("jwk").ok_or(HeaderError::Member("jwk"))?;
                let jwk = Jwk::from_node(jwk).map_err(HeaderError::Key)?;
                if jwk.thumbprint() != kid {
                    return Err(HeaderError::Kid);
                }
                Ok(Header::Device(DeviceHeader { jwk }))
            }
            Role::Controller => {
                // The key itself is elsewhere; what can be seen here is that this is a thumbprint.
                Sha256Digest::from_b64u(kid).map_err(|_| HeaderError::Kid)?;
                let rcv = text("rcv")?.parse().map_err(|_| HeaderError::Received)?;
                let dsig = match node.get("dsig") {
                    Some(dsig) => Some(dsig.as_str().ok_or(HeaderError::Member("dsig"))?.to_owned()),
                    None => None,
                };
                Ok(Header::Controller(ControllerHeader {
                    kid: kid.to_owned(),
                    rcv,
                    dsig,
                }))
            }
        }
    }

    /// Which signature it belongs to.
    pub fn role(&self) -> Role {
        match self {
            Header::Device(_) => Role::Device,
            Header::Controller(_) => Role::Controller,
        }
    }
}

/// `dsig`: the digest of a whole device signature.
///
/// Both signatures cover the payload only; without this one device signature could be exchanged for another.
pub fn device_signature_digest(protected: &str, payload: &str, signature: &str) -> String {
    let compact = [protected, payload, signature].join(".");
    base64url::encode(Sha256Digest::of(compact.as_bytes()).as_bytes())
}

/// A header that is not exactly as §1 says (step 3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// `alg` is not ES256.
    Algorithm,
    /// A member is missing or no string.
    Member(&'static str),
    /// A member that is not foreseen, `crit` among them.
    UnknownMember,
    /// The key is unfit.
    Key(KeyError),
    /// `kid` is not the thumbprint.
    Kid,
    /// `rcv` is no timestamp.
    Received,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            HeaderError::Algorithm => "alg is not ES256",
            HeaderError::Member(name) => return write!(formatter, "{name} is missing or of the wrong kind"),
            HeaderError::UnknownMember => "a header has a member that is not foreseen",
            HeaderError::Key(error) => return write!(formatter, "jwk: {error}"),
            HeaderError::Kid => "kid is not the thumbprint of the key",
            HeaderError::Received => "rcv is not a UTC time with milliseconds",
        })
    }
}

impl std::error::Error for HeaderError {}
