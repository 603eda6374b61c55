//! WebCrypto: digests, the key that is made for one record and then forgotten, signatures and their verification.
//!
//! The private key is not extractable and lives in memory only: a stored key would be an identifier on the device.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::Crypto;

use crate::js::{Settled, get, object, promised, strings};
use crate::{base64url, window};

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
        let usages = strings(["sign", "verify"]);
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

    /// Signs and forgets the key: `{"payload","signatures":[…]}`.
    pub async fn sign(self, payload: &str) -> Result<JsValue> {
        let message = [self.protected.as_str(), ".", payload].concat();
        let signature = bytes(&subtle("sign", &[algorithm(), self.private, octets(message.as_bytes())]).await?);
        let signature = object(&[
            ("protected", self.protected.into()),
            ("signature", base64url::encode(&signature).into()),
        ]);
        Ok(object(&[
            ("payload", payload.into()),
            ("signatures", js_sys::Array::of1(&signature).into()),
        ]))
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
    let usages = strings(["verify"]);
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

/// 128 random bits in base64url.
pub fn salt() -> Result<String> {
    let mut bytes = [0; 16];
    crypto()?.get_random_values_with_u8_array(&mut bytes)?;
    Ok(base64url::encode(&bytes))
}

/// A UUID of version 4.
pub fn uuid() -> Result<String> {
    Ok(crypto()?.random_uuid())
}

fn algorithm() -> JsValue {
    object(&[
        ("name", "ECDSA".into()),
        ("namedCurve", "P-256".into()),
        ("hash", "SHA-256".into()),
    ])
}

fn crypto() -> Result<Crypto> {
    window().crypto()
}

fn subtle(method: &str, values: &[JsValue]) -> Settled {
    let crypto = get(&window(), "crypto");
    promised(&get(&crypto, "subtle"), method, values)
}

fn octets(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn bytes(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}
