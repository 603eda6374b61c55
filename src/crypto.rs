//! WebCrypto: digests, the key that is made for one record and then forgotten, signatures and their verification.
//!
//! The private key is not extractable and lives in memory only: a stored key would be an identifier on the device.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use crate::base64url;
use crate::js::{Settled, call, get, global, list, object, promised};

type Result<T> = std::result::Result<T, JsValue>;

/// A key pair for one record, with the header that names it.
#[derive(Debug)]
pub struct DeviceKey {
    private: JsValue,
    protected: String,
}

impl DeviceKey {
    /// Makes a key pair that nobody can take out of the browser.
    pub async fn fresh() -> Result<Self> {
        let usages = list(&["sign".into(), "verify".into()]).into();
        let pair = subtle("generateKey", &[algorithm(), false.into(), usages]).await?;
        let jwk = subtle("exportKey", &["jwk".into(), get(&pair, "publicKey")]).await?;
        let coordinate = |name| get(&jwk, name).as_string().unwrap_or_default();
        // Members in the order of RFC 7638, which is also that of RFC 8785.
        let jwk = [
            "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"",
            &coordinate("x"),
            "\",\"y\":\"",
            &coordinate("y"),
            "\"}",
        ]
        .concat();
        let thumbprint = base64url::encode(&sha256(jwk.as_bytes()).await?);
        let header = [
            "{\"alg\":\"ES256\",\"jwk\":",
            &jwk,
            ",\"kid\":\"",
            &thumbprint,
            "\",\"typ\":\"candor-record+jws\"}",
        ]
        .concat();
        Ok(Self {
            private: get(&pair, "privateKey"),
            protected: base64url::encode(header.as_bytes()),
        })
    }

    /// Signs and forgets the key: the text of `{"payload","signatures":[…]}`. Base64url needs no escape.
    pub async fn sign(self, payload: &str) -> Result<String> {
        let message = [self.protected.as_str(), ".", payload].concat();
        let signature = bytes(&subtle("sign", &[algorithm(), self.private, octets(message.as_bytes())]).await?);
        Ok([
            "{\"payload\":\"",
            payload,
            "\",\"signatures\":[{\"protected\":\"",
            &self.protected,
            "\",\"signature\":\"",
            &base64url::encode(&signature),
            "\"}]}",
        ]
        .concat())
    }
}

/// Whether a public key (a JWK) made this signature.
pub async fn verify(jwk: &JsValue, message: &str, signature: &str) -> Result<bool> {
    // Only what makes the key: members such as `use` or `key_ops` could contradict the usage and are not needed.
    let jwk = object(&[
        ("crv", get(jwk, "crv")),
        ("kty", get(jwk, "kty")),
        ("x", get(jwk, "x")),
        ("y", get(jwk, "y")),
    ]);
    let usages = list(&["verify".into()]).into();
    let key = subtle("importKey", &["jwk".into(), jwk, algorithm(), false.into(), usages]).await?;
    let Some(signature) = base64url::decode(signature) else {
        return Ok(false);
    };
    let values = [algorithm(), key, octets(&signature), octets(message.as_bytes())];
    Ok(subtle("verify", &values).await?.is_truthy())
}

pub async fn sha256(message: &[u8]) -> Result<Vec<u8>> {
    Ok(bytes(&subtle("digest", &["SHA-256".into(), octets(message)]).await?))
}

/// Begins to digest a text in the browser, which does so while the caller goes on.
pub fn digesting(text: &str) -> Result<JsValue> {
    call(&engine(), "digest", &["SHA-256".into(), octets(text.as_bytes())])
}

/// What came of each, in base64url: an array of strings.
pub async fn digests(digesting: Array) -> Result<Array> {
    let all = promised(&global("Promise"), "all", &[digesting.into()]);
    let digests = Array::new();
    for digest in Array::from(&all.await?) {
        digests.push(&base64url::encode(&bytes(&digest)).into());
    }
    Ok(digests)
}

/// 128 random bits in base64url.
pub fn salt() -> Result<String> {
    let random = call(&crypto(), "getRandomValues", &[octets(&[0; 16])])?;
    Ok(base64url::encode(&bytes(&random)))
}

/// A UUID of version 4.
pub fn uuid() -> Result<String> {
    Ok(call(&crypto(), "randomUUID", &[])?.as_string().unwrap_or_default())
}

fn algorithm() -> JsValue {
    object(&[
        ("name", "ECDSA".into()),
        ("namedCurve", "P-256".into()),
        ("hash", "SHA-256".into()),
    ])
}

fn crypto() -> JsValue {
    global("crypto")
}

fn engine() -> JsValue {
    get(&crypto(), "subtle")
}

fn subtle(method: &str, values: &[JsValue]) -> Settled {
    promised(&engine(), method, values)
}

fn octets(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn bytes(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}
