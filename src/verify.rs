//! The visitor's own verification: the browser checks the receipt against the published key, with nothing of ours.
//!
//! What it proves stands in record.md §1. It asks the network for the keys only now, when the visitor asks for it.

use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::js::{get, object, promised};
use crate::json::Json;
use crate::{base64url, crypto, window};

/// A check by the key of its words, with whether it is good news.
pub type Line = (&'static str, bool);

/// Signatures of an envelope, told apart by `typ` and not by order.
struct Signed {
    header: JsValue,
    protected: String,
    signature: String,
}

/// Checks a receipt against what was sent.
pub async fn verify(receipt: &JsValue, sent_payload: &str, endpoint: &str) -> Vec<Line> {
    check(receipt, sent_payload, endpoint)
        .await
        .unwrap_or_else(|_| vec![("verify_unavailable", false)])
}

async fn check(receipt: &JsValue, sent_payload: &str, endpoint: &str) -> Result<Vec<Line>, JsValue> {
    let payload = receipt.text_member("payload").unwrap_or_default();
    let device = signed(receipt, "candor-record+jws");
    let seal = signed(receipt, "candor-receipt+jws");
    let keys = published_keys(endpoint).await?;
    let sealed_by = seal.as_ref().and_then(|seal| {
        let kid = seal.header.text_member("kid")?;
        keys.iter().find(|key| key.text_member("kid").as_deref() == Some(&kid))
    });
    let device_good = match &device {
        Some(device) => holds(&get(&device.header, "jwk"), device, &payload).await?,
        None => false,
    };
    let seal_good = match (&seal, sealed_by) {
        (Some(seal), Some(key)) => holds(key, seal, &payload).await?,
        _ => false,
    };
    let bound = match (&device, &seal) {
        (Some(device), Some(seal)) => {
            let text = [device.protected.as_str(), ".", &payload, ".", &device.signature].concat();
            let digest = base64url::encode(&crypto::sha256(text.as_bytes()).await?);
            seal.header.text_member("dsig").as_deref() == Some(&digest)
        }
        _ => false,
    };
    let word = |good, yes, no| (if good { yes } else { no }, good);
    Ok(vec![
        word(device_good, "verify_device_good", "verify_device_bad"),
        word(seal_good, "verify_seal_good", "verify_seal_bad"),
        word(bound, "verify_binding_good", "verify_binding_bad"),
        word(payload == sent_payload, "verify_content_good", "verify_content_bad"),
    ])
}

/// When the collector sealed it, as its header says.
pub fn sealed_at(receipt: &JsValue) -> Option<String> {
    signed(receipt, "candor-receipt+jws")?.header.text_member("rcv")
}

async fn holds(key: &JsValue, signed: &Signed, payload: &str) -> Result<bool, JsValue> {
    crypto::verify(
        key,
        &[signed.protected.as_str(), ".", payload].concat(),
        &signed.signature,
    )
    .await
}

fn signed(receipt: &JsValue, kind: &str) -> Option<Signed> {
    receipt.element_members("signatures").iter().find_map(|signature| {
        let protected = signature.text_member("protected")?;
        let header = String::from_utf8(base64url::decode(&protected)?).ok()?;
        let header = js_sys::JSON::parse(&header).ok()?;
        let signature = signature.text_member("signature")?;
        (header.text_member("typ").as_deref() == Some(kind)).then_some(Signed {
            header,
            protected,
            signature,
        })
    })
}

async fn published_keys(endpoint: &str) -> Result<Vec<JsValue>, JsValue> {
    let address = Url::new_with_base("/.well-known/jwks.json", endpoint)?.href();
    let quietly = object(&[("credentials", "omit".into()), ("referrerPolicy", "no-referrer".into())]);
    let response = promised(&window(), "fetch", &[address.into(), quietly]).await?;
    let keys = promised(&response, "json", &[]).await?;
    Ok(keys.element_members("keys"))
}
