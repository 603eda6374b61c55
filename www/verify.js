// @ts-check
/**
 * The visitor's own verification: the browser checks the receipt against the published key, with nothing of ours.
 *
 * What it proves stands in docs/spec/record.md §1. Loaded only when somebody asks; it asks the network for the keys only
 * then. Refuses to guess: what cannot be read does not hold.
 */

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** @param {string} text */
const octets = (text) => new TextEncoder().encode(text);

/** @param {string} text base64url without padding; what is none has no bytes */
function decoded(text) {
  try {
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** @param {ArrayBuffer} bytes */
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

/** The signature of one kind: they are told apart by `typ` and not by order. @param {any} receipt @param {string} kind */
function signed(receipt, kind) {
  for (const signature of receipt.signatures) {
    const header = new TextDecoder().decode(decoded(signature.protected));
    // Of another kind than JSON is of another kind.
    if (header.startsWith('{') && JSON.parse(header).typ === kind) return { ...signature, header: JSON.parse(header) };
  }
}

/** Whether a public key (a JWK) made this signature. @param {any} jwk @param {any} signed @param {string} payload */
async function holds(jwk, signed, payload) {
  if (!jwk || !signed) return false;
  // Only what makes the key: members such as `use` or `key_ops` could contradict the usage and are not needed.
  const { crv, kty, x, y } = jwk;
  const key = await crypto.subtle.importKey('jwk', { crv, kty, x, y }, ECDSA, false, ['verify']);
  return crypto.subtle.verify(ECDSA, key, decoded(signed.signature), octets(`${signed.protected}.${payload}`));
}

/** @param {string} endpoint @returns {Promise<any[]>} */
async function publishedKeys(endpoint) {
  const address = new URL('/.well-known/jwks.json', endpoint);
  const response = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  return (await response.json()).keys;
}

/** Whether the collector signed just this visitor's signature. @param {any} device @param {any} seal @param {string} payload */
async function binds(device, seal, payload) {
  if (!device || !seal) return false;
  const whole = octets(`${device.protected}.${payload}.${device.signature}`);
  return seal.header.dsig === base64url(await crypto.subtle.digest('SHA-256', whole));
}

/**
 * Checks a receipt against what was sent.
 * @param {any} receipt @param {string} sent the payload @param {string} endpoint
 * @returns {Promise<[string, boolean][]>} the keys of the words for each check, with whether it is good news
 */
export async function verify(receipt, sent, endpoint) {
  const { payload } = receipt;
  const device = signed(receipt, 'candor-record+jws');
  const seal = signed(receipt, 'candor-receipt+jws');
  let sealedBy;
  for (const key of await publishedKeys(endpoint)) {
    if (seal && key.kid === seal.header.kid) sealedBy ??= key;
  }
  const checks = {
    verify_device: await holds(device?.header.jwk, device, payload),
    verify_seal: await holds(sealedBy, seal, payload),
    verify_binding: await binds(device, seal, payload),
    verify_content: payload === sent,
  };
  return Object.entries(checks).map(([name, good]) => [`${name}_${good ? 'good' : 'bad'}`, good]);
}
