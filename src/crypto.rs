//! WebCrypto: digests, the key that is made for one record and then forgotten, signatures and their verification.
//!
//! The private key is not extractable and lives in memory only: a stored key would be an identifier on the device.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

use crate::js::{get, object, strings};
use crate::{base64url, window};

type Result<T> = std::result::Result<T, JsValue>;

/// A key pair for one record, with the header that names it.
#[derive(Debug)]
pub struct DeviceKey {
    private: CryptoKey,
    protected: String,
}

impl DeviceKey {
    /// Makes a key pair that nobody can take out of the browser.
    pub async fn fresh() -> Result<Self> {
        let usages = strings(["sign", "verify"]);
        let making = subtle()?.generate_key_with_object(algorithm().unchecked_ref(), false, &usages)?;
        let pair = JsFuture::from(making).await?;
        let public: CryptoKey = get(&pair, "publicKey").unchecked_into();
        let jwk = JsFuture::from(subtle()?.export_key("jwk", &public)?).await?;
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
            private: get(&pair, "privateKey").unchecked_into(),
            protected: base64url::encode(header.as_bytes()),
        })
    }

    /// Signs and forgets the key: `{"payload","signatures":[…]}`.
    pub async fn sign(self, payload: &str) -> Result<JsValue> {
        let mut message = [self.protected.as_str(), ".", payload].concat().into_bytes();
        let signing =
            subtle()?.sign_with_object_and_u8_array(algorithm().unchecked_ref(), &self.private, &mut message)?;
        let signature = Uint8Array::new(&JsFuture::from(signing).await?).to_vec();
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
    let importing = subtle()?.import_key_with_object(
        "jwk",
        jwk.unchecked_ref(),
        algorithm().unchecked_ref(),
        false,
        &strings(["verify"]),
    )?;
    let key: CryptoKey = JsFuture::from(importing).await?.unchecked_into();
    let Some(mut signature) = base64url::decode(signature) else {
        return Ok(false);
    };
    let verifying = subtle()?.verify_with_object_and_u8_array_and_u8_array(
        algorithm().unchecked_ref(),
        &key,
        &mut signature,
        &mut message.as_bytes().to_vec(),
    )?;
    Ok(JsFuture::from(verifying).await?.is_truthy())
}

pub async fn sha256(bytes: &[u8]) -> Result<Vec<u8>> {
    let digesting = subtle()?.digest_with_str_and_u8_array("SHA-256", &mut bytes.to_vec())?;
    Ok(Uint8Array::new(&JsFuture::from(digesting).await?).to_vec())
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

fn subtle() -> Result<SubtleCrypto> {
    Ok(crypto()?.subtle())
}
