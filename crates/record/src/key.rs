//! Public P-256 keys: one in a device header, many in a published key set.
//!
//! The private half never appears here: a key that carries one is refused wherever it is read.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::json;

use crate::{
    base64url,
    digest::Sha256Digest,
    json::{self, JsonError, Node},
    time::Timestamp,
};

/// A public key on P-256, as a JWK of exactly `crv`, `kty`, `x`, `y` (RFC 7518 §6.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Jwk {
    x: [u8; 32],
    y: [u8; 32],
}

impl Jwk {
    /// The key with those coordinates. Whether they are a point of the curve shows when a signature is verified.
    pub fn new(x: [u8; 32], y: [u8; 32]) -> Jwk {
        Jwk { x, y }
    }

    /// The key of an uncompressed point `0x04 ‖ x ‖ y` (SEC 1 §2.3.3).
    pub fn from_uncompressed_point(point: &[u8]) -> Option<Jwk> {
        let coordinates = point.strip_prefix(&[4])?;
        let (x, y) = coordinates.split_at_checked(32)?;
        Some(Jwk {
            x: x.try_into().ok()?,
            y: y.try_into().ok()?,
        })
    }

    /// The uncompressed point `0x04 ‖ x ‖ y`.
    pub fn to_uncompressed_point(&self) -> [u8; 65] {
        let mut point = [4; 65];
        point[1..33].copy_from_slice(&self.x);
        point[33..].copy_from_slice(&self.y);
        point
    }

    /// The RFC 7638 thumbprint, which is the `kid` of every key here.
    pub fn thumbprint(&self) -> String {
        thumbprint(&self.to_json())
    }

    /// The four members.
    pub fn to_json(&self) -> serde_json::Value {
        json!({"crv": "P-256", "kty": "EC", "x": base64url::encode(&self.x), "y": base64url::encode(&self.y)})
    }

    /// Reads a JWK of exactly the four members (`spec/record.md` §1).
    ///
    /// # Errors
    /// A private or any other member, another curve or key type, a coordinate that is not 32 bytes.
    pub fn from_node(node: &Node) -> Result<Jwk, KeyError> {
        let members = node.as_object().ok_or(KeyError::NotAnObject)?;
        if members
            .iter()
            .any(|member| PRIVATE_MEMBERS.contains(&member.name.as_str()))
        {
            return Err(KeyError::Private);
        }
        if members.len() != 4 {
            return Err(KeyError::Members);
        }
        Jwk::from_members(node)
    }

    fn from_members(node: &Node) -> Result<Jwk, KeyError> {
        let text = |name: &str| node.get(name).and_then(Node::as_str).ok_or(KeyError::Members);
        if text("kty")? != "EC" || text("crv")? != "P-256" {
            return Err(KeyError::Curve);
        }
        let coordinate = |name: &str| -> Result<[u8; 32], KeyError> {
            let bytes = base64url::decode(text(name)?).map_err(|_| KeyError::Coordinate)?;
            bytes.try_into().map_err(|_| KeyError::Coordinate)
        };
        Ok(Jwk {
            x: coordinate("x")?,
            y: coordinate("y")?,
        })
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// The RFC 7638 thumbprint of a JWK that holds its required members only.
pub fn thumbprint(required_members: &serde_json::Value) -> String {
    Sha256Digest::of_json(required_members).to_b64u()
}

/// The private members of elliptic curve and RSA keys (RFC 7518 §6.2.2, §6.3.2), and the symmetric one (§6.4.1).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A key of the controller as `/.well-known/jwks.json` publishes it (`spec/record.md` §1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    /// The key.
    pub jwk: Jwk,
    /// Not valid before, NumericDate.
    pub nbf: i64,
    /// Retired: not valid from then on, NumericDate.
    pub exp: Option<i64>,
    /// Compromised since, NumericDate: good for nothing without a log proof.
    pub revoked: Option<i64>,
}

impl PublishedKey {
    /// The thumbprint.
    pub fn kid(&self) -> String {
        self.jwk.thumbprint()
    }

    /// Could this key sign at that time?
    ///
    /// # Errors
    /// Why it could not. A revoked key signs nothing at any time: whoever stole it writes what `rcv` they like.
    pub fn check_valid_at(&self, rcv: Timestamp) -> Result<(), KeyTimeError> {
        let second = rcv.as_millisecond().div_euclid(1000);
        if self.revoked.is_some() {
            return Err(KeyTimeError::Revoked);
        }
        if second < self.nbf {
            return Err(KeyTimeError::NotYet);
        }
        if self.exp.is_some_and(|exp| second >= exp) {
            return Err(KeyTimeError::Retired);
        }
        Ok(())
    }

    /// The member of a JWK set.
    pub fn to_json(&self) -> serde_json::Value {
        let mut json = self.jwk.to_json();
        json["kid"] = self.kid().into();
        json["alg"] = "ES256".into();
        json["use"] = "sig".into();
        json["nbf"] = self.nbf.into();
        if let Some(exp) = self.exp {
            json["exp"] = exp.into();
        }
        if let Some(revoked) = self.revoked {
            json["revoked"] = revoked.into();
        }
        json
    }
}

/// Why a published key could not sign at `rcv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyTimeError {
    /// Before `nbf`.
    NotYet,
    /// From `exp` on.
    Retired,
    /// `revoked` is there.
    Revoked,
}

/// The published keys of a controller (RFC 7517 §5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    /// The keys that can sign records.
    pub keys: Vec<PublishedKey>,
}

impl KeySet {
    /// Reads a JWK set. Keys of other kinds are passed over, as RFC 7517 §5 asks.
    ///
    /// # Errors
    /// A text that is no JWK set, or a record key that is unfit: private, without `nbf`, with a foreign `kid`.
    pub fn parse(bytes: &[u8]) -> Result<KeySet, KeyError> {
        let limits = json::Limits {
            numbers: json::Numbers::AnyDouble,
            ..json::Limits::RECORD
        };
        let node = json::parse(bytes, &limits).map_err(KeyError::Json)?;
        let items = node.get("keys").and_then(Node::as_array).ok_or(KeyError::NotAKeySet)?;
        let keys: Result<Vec<_>, _> = items.iter().filter(|item| is_record_key(item)).map(published).collect();
        Ok(KeySet { keys: keys? })
    }

    /// The JWK set as it is published.
    pub fn to_json(&self) -> serde_json::Value {
        json!({"keys": self.keys.iter().map(PublishedKey::to_json).collect::<Vec<_>>()})
    }
}

fn is_record_key(item: &Node) -> bool {
    let text = |name: &str| item.get(name).and_then(Node::as_str);
    let for_signing =
        text("use").is_none_or(|value| value == "sig") && text("alg").is_none_or(|value| value == "ES256");
    text("kty") == Some("EC") && text("crv") == Some("P-256") && for_signing
}

fn published(item: &Node) -> Result<PublishedKey, KeyError> {
    if PRIVATE_MEMBERS.iter().any(|name| item.get(name).is_some()) {
        return Err(KeyError::Private);
    }
    let jwk = Jwk::from_members(item)?;
    if item
        .get("kid")
        .is_some_and(|kid| kid.as_str() != Some(jwk.thumbprint().as_str()))
    {
        return Err(KeyError::Kid);
    }
    let date = |name: &str| -> Result<Option<i64>, KeyError> {
        let Some(node) = item.get(name) else { return Ok(None) };
        let number = node.as_number().ok_or(KeyError::Date)?.as_f64();
        // RFC 7519 §2 allows fractions of a second; no key needs them.
        Ok(Some(number.floor() as i64))
    };
    Ok(PublishedKey {
        jwk,
        nbf: date("nbf")?.ok_or(KeyError::Date)?,
        exp: date("exp")?,
        revoked: date("revoked")?,
    })
}

/// A key or key set that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is no JSON.
    Json(JsonError),
    /// There is no array `keys`.
    NotAKeySet,
    /// A key is no object.
    NotAnObject,
    /// A key has other members than `crv`, `kty`, `x` and `y`.
    Members,
    /// A key carries its private half.
    Private,
    /// A key is not on P-256.
    Curve,
    /// A coordinate is not 32 bytes in base64url.
    Coordinate,
    /// `kid` is not the thumbprint.
    Kid,
    /// `nbf` is missing, or a date is no number.
    Date,
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            KeyError::Json(error) => return error.fmt(formatter),
            KeyError::NotAKeySet => "no JWK set: the array keys is missing",
            KeyError::NotAnObject => "the key is no object",
            KeyError::Members => "the key has other members than crv, kty, x and y",
            KeyError::Private => "the key carries its private half",
            KeyError::Curve => "the key is not on P-256",
            KeyError::Coordinate => "a coordinate is not 32 bytes in base64url",
            KeyError::Kid => "kid is not the thumbprint",
            KeyError::Date => "nbf is missing, or nbf, exp or revoked is no number",
        })
    }
}

impl std::error::Error for KeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    #[test]
    fn thumbprints() {
        // RFC 7638 §3.1: https://www.rfc-editor.org/rfc/rfc7638#section-3.1
        let rsa = json!({"kty": "RSA", "e": "AQAB", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"});
        assert_eq!(thumbprint(&rsa), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        // The key of RFC 7515 A.3: https://www.rfc-editor.org/rfc/rfc7515#appendix-A.3.1
        let node = json::parse(
            format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{Y}"}}"#).as_bytes(),
            &json::Limits::RECORD,
        )
        .expect("a JWK");
        let jwk = Jwk::from_node(&node).expect("a P-256 key");
        assert_eq!(jwk.thumbprint(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
        assert_eq!(Jwk::from_uncompressed_point(&jwk.to_uncompressed_point()), Some(jwk));
    }

    #[test]
    fn device_keys_have_four_members() {
        let rows = [
            (
                format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{Y}","d":"AAAA"}}"#),
                KeyError::Private,
            ),
            (
                format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{Y}","kid":"a"}}"#),
                KeyError::Members,
            ),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}"}}"#), KeyError::Members),
            (
                format!(r#"{{"kty":"EC","crv":"P-384","x":"{X}","y":"{Y}"}}"#),
                KeyError::Curve,
            ),
            (
                format!(r#"{{"kty":"EC","crv":"P-256","x":"AAAA","y":"{Y}"}}"#),
                KeyError::Coordinate,
            ),
            (
                format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}=","y":"{Y}"}}"#),
                KeyError::Coordinate,
            ),
            ("[]".to_owned(), KeyError::NotAnObject),
        ];
        for (text, error) in rows {
            let node = json::parse(text.as_bytes(), &json::Limits::RECORD).expect(&text);
            assert_eq!(Jwk::from_node(&node), Err(error), "{text}");
        }
    }

    #[test]
    fn key_sets_hold_published_keys() {
        let key = format!(r#""kty":"EC","crv":"P-256","x":"{X}","y":"{Y}""#);
        let set = KeySet::parse(
            format!(r#"{{"keys":[{{"kty":"RSA"}},{{{key},"use":"enc"}},{{{key},"nbf":1700000000.5}}]}}"#).as_bytes(),
        )
        .expect("a key set");
        assert_eq!(set.keys.len(), 1);
        assert_eq!(
            KeySet::parse(&serde_json::to_vec(&set.to_json()).expect("JSON")),
            Ok(set)
        );
        let rows = [
            ("{}".to_owned(), KeyError::NotAKeySet),
            (format!(r#"{{"keys":[{{{key}}}]}}"#), KeyError::Date),
            (format!(r#"{{"keys":[{{{key},"nbf":"1"}}]}}"#), KeyError::Date),
            (format!(r#"{{"keys":[{{{key},"nbf":1,"kid":"x"}}]}}"#), KeyError::Kid),
            (format!(r#"{{"keys":[{{{key},"nbf":1,"d":"AA"}}]}}"#), KeyError::Private),
        ];
        for (text, error) in rows {
            assert_eq!(KeySet::parse(text.as_bytes()), Err(error), "{text}");
        }
    }

    #[test]
    fn keys_are_valid_for_a_time() {
        let key = |exp, revoked| PublishedKey {
            jwk: Jwk::new([1; 32], [2; 32]),
            nbf: 100,
            exp,
            revoked,
        };
        let rows = [
            (key(None, None), 99_999, Err(KeyTimeError::NotYet)),
            (key(None, None), 100_000, Ok(())),
            (key(Some(200), None), 199_999, Ok(())),
            (key(Some(200), None), 200_000, Err(KeyTimeError::Retired)),
            (key(None, Some(300)), 150_000, Err(KeyTimeError::Revoked)),
        ];
        for (key, millisecond, expected) in rows {
            let rcv = Timestamp::from_millisecond(millisecond).expect("in range");
            assert_eq!(key.check_valid_at(rcv), expected, "{key:?} at {millisecond}");
        }
    }
}
