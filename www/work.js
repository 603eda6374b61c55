// @ts-check
/**
 * Proof of work: solves one challenge of the collector (ALTCHA, protocol v2, PBKDF2). Loaded only when it is asked for.
 *
 * The rounds run in the browser's own WebCrypto, beside the page; here is only the counting, in slices that leave the
 * main thread to the page. No worker: one of another origin is refused by browsers, one of a blob by a strict policy.
 * Refuses other algorithms, and a challenge that no collector of ours would make.
 */

/** Derivations that are begun at once: enough to keep a few cores busy, few enough for one slice. */
const AT_ONCE = 8;
/** The page gets the thread back after so long. */
const SLICE_MS = 8;
/** A collector asks for a thousand at most. */
const MOST_TRIES = 100_000;

/** One, and another where that one was too old or was spent. */
const MOST_CHALLENGES = 3;
const DEADLINE_MS = 30_000;

/** @param {string} text */
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** @param {Uint8Array} octets */
const hexadecimal = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');

/** Lets the page do what waits. `setTimeout` would cost 4 ms each time. */
function breathe() {
  const scheduler = /** @type {any} */ (globalThis).scheduler;
  if (scheduler?.yield) return scheduler.yield();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(0);
  });
}

/**
 * Takes an answer that was 422. Where it asks for work, the same body goes again with the proof beside it.
 * @param {Response} response
 * @param {string} url
 * @param {RequestInit & { body: string }} request
 * @param {() => boolean} isWanted whether the form still stands in the page
 * @returns {Promise<Response>} the answer that is for the widget
 */
export async function answer(response, url, request, isWanted) {
  for (let challenges = 0; challenges < MOST_CHALLENGES && response.status === 422; challenges += 1) {
    const { type, challenge } = await response.clone().json().catch(() => ({}));
    if (!challenge || !String(type).endsWith('/proof-of-work')) break;
    const proof = await solve(challenge, isWanted);
    const body = `${request.body.slice(0, -1)},"proofOfWork":"${proof}"}`;
    response = await fetch(url, { ...request, body, signal: AbortSignal.timeout(DEADLINE_MS) });
  }
  return response;
}

/**
 * Counts up until the derived key begins as the challenge wants it.
 * @param {{ parameters: any, signature?: string }} challenge
 * @param {() => boolean} [isWanted]
 * @returns {Promise<string>} ALTCHA's payload: challenge and solution, as JSON in base64
 */
export async function solve(challenge, isWanted = () => true) {
  const { algorithm, cost, keyLength, keyPrefix, nonce, salt } = challenge.parameters;
  const hash = /^PBKDF2\/(SHA-(?:256|384|512))$/.exec(algorithm)?.[1];
  if (!hash || !keyPrefix) throw new Error(`no challenge of this kind: ${algorithm}`);
  const derivation = { name: 'PBKDF2', hash, iterations: cost, salt: bytes(salt) };
  const start = bytes(nonce);
  const { subtle } = crypto;

  /** @param {number} counter */
  const derive = async (counter) => {
    const password = new Uint8Array(start.length + 4);
    password.set(start);
    new DataView(password.buffer).setUint32(start.length, counter);
    const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    return hexadecimal(new Uint8Array(await subtle.deriveBits(derivation, key, keyLength * 8)));
  };

  const begun = performance.now();
  let slice = begun;
  for (let first = 0; first < MOST_TRIES; first += AT_ONCE) {
    if (!isWanted()) throw new Error('the form has left the page');
    const keys = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => derive(first + at)));
    const at = keys.findIndex((key) => key.startsWith(keyPrefix));
    if (at >= 0) {
      const time = Math.round(performance.now() - begun);
      return btoa(JSON.stringify({ challenge, solution: { counter: first + at, derivedKey: keys[at], time } }));
    }
    if (performance.now() - slice > SLICE_MS) {
      await breathe();
      slice = performance.now();
    }
  }
  throw new Error('no solution in reach');
}
