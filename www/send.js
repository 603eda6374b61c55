// The way of one submission through the browser: digested, signed, shown to the page, posted until somebody answers.
// `cargo xtask dist` appends this file to the widget's glue, where the module calls it.
//
// What was shown and chosen, and every word of the record, is decided in Rust (`src/consent.rs`, `src/payload.rs`); here
// is only what the browser does with it. In the module the same steps cost every visitor 6 kB more, because each of them
// waits for something. Every try carries the same bytes under the same id, so that the collector records it once. The key
// cannot leave the browser and is forgotten with its one record; nothing is written to the device.
//
// What is said against robots stands beside the record and is no part of it: what somebody wrote where nobody can, and the
// work that a collector asks for. That is done by a file of its own, as is the verification of a receipt.

/** A request that has no answer for so long has none. */
const DEADLINE_MS = 30_000;
/** After so many tries a button offers the next one. */
const PATIENCE = 2;
const LONGEST_WAIT_SECS = 30;
/** A collector may ask for more patience than the backoff has, within reason. */
const LONGEST_RETRY_AFTER_SECS = 300;

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** @param {string} text */
const octets = (text) => new TextEncoder().encode(text);

/** @param {string} text */
const digest = (text) => crypto.subtle.digest('SHA-256', octets(text));

/** Without padding (RFC 4648 §5). @param {ArrayBuffer | Uint8Array} bytes */
function base64url(bytes) {
  const all = new Uint8Array(bytes);
  let letters = '';
  // Younger browsers do it themselves, twenty times as fast: a visitor waits for it. A library's own idea of the method may
  // know no options, so it is asked for the ordinary alphabet.
  if (!all.toBase64) for (const byte of all) letters += String.fromCharCode(byte);
  const padded = all.toBase64 ? all.toBase64() : btoa(letters);
  return padded.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}

/**
 * The one spelling (RFC 8785) of what was read from JSON. `JSON.stringify` is asked for strings and numbers alone: it obeys
 * a `toJSON` that the page gave to all arrays or objects, as an old Prototype.js does, and a record must not. An object with
 * members that look like integers would keep its own order; neither a record nor a header has any.
 * @param {any} value
 * @returns {string}
 */
function candorSpelled(value) {
  const parts = [];
  if (Array.isArray(value)) {
    for (const element of value) parts.push(candorSpelled(element));
    return `[${parts}]`;
  }
  if (!value || typeof value !== 'object') return JSON.stringify(value);
  for (const name of Object.keys(value).sort()) parts.push(`${JSON.stringify(name)}:${candorSpelled(value[name])}`);
  return `{${parts}}`;
}

/**
 * Fires an event of the element; false when the page cancelled it.
 * @param {HTMLElement} host @param {string} name @param {unknown} detail @param {boolean} [cancelable]
 */
const candorFire = (host, name, detail, cancelable) =>
  host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable, detail }));

/** A key pair for one record, with the header that names it. */
async function freshKey() {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify']);
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  // Members in the order of RFC 7638, which is also that of RFC 8785.
  const jwk = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`;
  const kid = base64url(await digest(jwk));
  return { privateKey, header: base64url(octets(`{"alg":"ES256","jwk":${jwk},"kid":"${kid}","typ":"candor-record+jws"}`)) };
}

/** When the collector sealed it, as its header says. @param {any} receipt */
function sealedAt(receipt) {
  try {
    for (const { protected: header } of receipt.signatures) {
      const { typ, rcv } = JSON.parse(atob(header.replace(/-/g, '+').replace(/_/g, '/')));
      if (typ === 'candor-receipt+jws') return rcv;
    }
  } catch {
    // It was recorded all the same; whether the receipt is genuine is for the visitor to ask.
  }
}

/** The first 48 bits, as `4F2A 91C7 0E5D`: enough to compare by eye. @param {string} text */
async function shortDigest(text) {
  let digits = '';
  for (const byte of new Uint8Array(await digest(text), 0, 6)) digits += (byte + 256).toString(16).slice(1);
  return digits.toUpperCase().replace(/.{4}\B/g, '$& ');
}

/**
 * Sends what stands in one form.
 * @param {HTMLElement} container where the form stands
 * @param {HTMLElement} host the element that the page knows
 * @param {{ endpoint?: string, language: string, redirect?: string }} options
 * @param {(news: Record<string, unknown>) => void} tell `src/form/sending.rs` hears it
 */
function candorSender(container, host, options, tell) {
  const { endpoint } = options;
  const shownAt = Date.now();
  let ended = false;
  /** Made at the first sign of a visitor, so that submit need not wait for it. Used once. @type {any} */
  let key;
  /** @type {(() => void) | undefined} */
  let wake;
  /** What the view of the receipt needs later. @type {any} */
  let sent;

  /** @param {Record<string, unknown>} news */
  const say = (news) => ended || tell(news);
  /** @param {string} code @param {string} failed the key of the words for it @param {boolean} retryable @param {unknown[]} [pointers] */
  const fail = (code, failed, retryable, pointers) => say({ failed, code, retryable, pointers });

  /** @param {RequestInit & { body: string }} request @returns {Promise<Response>} */
  async function candorPost(request) {
    // The first try is kept alive and arrives, whatever the page does with the form; a later one would be nobody's.
    if (!request.keepalive && !container.isConnected) throw new Error('the form has left the page');
    const trap = /** @type {HTMLInputElement | null} */ (container.querySelector('[name=candor-website]'))?.value;
    if (trap) request.body = `${request.body.slice(0, -1)},"honeypot":${JSON.stringify(trap)}}`;
    const response = await fetch(endpoint, request);
    if (response.status !== 422) return response;
    const { answer } = await import('./work.js');
    return answer(response, endpoint, request, () => container.isConnected);
  }

  /** No cookie, no referrer, no redirect. @param {string} body @param {boolean} keepalive */
  const attempt = (body, keepalive) =>
    candorPost({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
      keepalive,
    }).catch(() => {});

  /** Waits: 1, 2, 4 … 30 seconds, or as the collector says, or until the visitor has no more patience.
   * @param {number} tries @param {string} trouble @param {string | null | undefined} after */
  function holdOn(tries, trouble, after) {
    const busy = trouble === 'failed_limit';
    say({ progress: busy || tries >= PATIENCE ? trouble : 'retrying', code: busy ? 'limit' : 'network' });
    const backoff = Math.min(2 ** (tries - 1), LONGEST_WAIT_SECS);
    const seconds = Math.min(/^\d+$/.test(after ?? '') ? Number(after) : backoff, LONGEST_RETRY_AFTER_SECS);
    return new Promise((resolve) => {
      wake = () => resolve(undefined);
      setTimeout(wake, seconds * 1000);
    });
  }

  /** @param {string} id @param {string} text @param {any} body */
  async function succeed(id, text, body) {
    if (ended) return;
    const { receipt } = body;
    const time = new Date(sealedAt(receipt)).toLocaleString(options.language, { dateStyle: 'long', timeStyle: 'short' });
    const file = URL.createObjectURL(new Blob([candorSpelled(receipt)], { type: 'application/candor-record+json' }));
    sent = { receipt, text, file };
    say({ body, record: id, time, digest: await shortDigest(text), file });
    candorFire(host, 'candor-receipt', body);
    if (options.redirect) location.assign(options.redirect);
  }

  /** @param {any} draft */
  async function submit({ values, pieces: [a, b, c, d, e, f], fields }) {
    const disclosures = [];
    const digesting = [];
    for (const value of values) {
      const salt = base64url(crypto.getRandomValues(new Uint8Array(16)));
      const disclosure = base64url(octets(`["${salt}",${value}]`));
      disclosures.push(`"${disclosure}"`);
      digesting.push(digest(disclosure));
    }
    const id = crypto.randomUUID();
    const digests = [];
    for (const bytes of await Promise.all(digesting)) digests.push(`"${base64url(bytes)}"`);
    const subject = `{"_sd":[${digests.sort()}],"id":"${crypto.randomUUID()}"}`;

    /** Signs what was drafted, by a clock that is so many milliseconds behind. @param {number} shift */
    const sign = async (shift) => {
      /** @param {number} milliseconds */
      const time = (milliseconds) => `"${new Date(milliseconds + shift).toISOString()}"`;
      const text = `${a}"${id}"${b}${time(Date.now())}${c}"${id}"${d}${time(shownAt)}${e}${subject}${f}`;
      const own = key ?? freshKey();
      key = undefined;
      const { privateKey, header } = await own;
      const payload = base64url(octets(text));
      const signature = base64url(await crypto.subtle.sign(ECDSA, privateKey, octets(`${header}.${payload}`)));
      const body =
        `"record":{"payload":"${payload}","signatures":[{"protected":"${header}","signature":"${signature}"}]},"disclosures":[${disclosures}]`;
      return { text, body };
    };

    let { text, body } = await sign(0);
    if (ended || !candorFire(host, 'candor-submit', JSON.parse(`{${body},"fields":${fields}}`), true)) return;
    // A browser that is to remember an address for the next form learns it from the `submit` that a button would have
    // fired. It takes its time for it, more than the signature, so it is told after the record was made and not before.
    try {
      container.querySelector('form')?.requestSubmit();
    } catch {
      // A field may be called so.
    }
    if (!endpoint) return say({ body: {} });
    // Not before: showing it takes longer than signing.
    say({ progress: 'sending' });

    let clockSet = false;
    for (let tries = 1; !ended; tries += 1) {
      // Some browsers and extensions refuse `keepalive` as such.
      const response = (await attempt(`{${body}}`, true)) ?? (await attempt(`{${body}}`, false));
      if (ended) return;
      const { status = 0, ok } = response ?? {};
      const answer = (await response?.json().catch(() => {})) ?? {};
      // A proxy's page with status 200 is no receipt.
      if (ok && answer.receipt) return succeed(id, text, answer);
      if (!response || ok || status === 429 || status >= 500) {
        const trouble = status === 429 ? 'failed_limit' : status >= 500 ? 'failed_server' : 'failed_network';
        await holdOn(tries, trouble, response?.headers.get('retry-after'));
        continue;
      }
      const code = String(answer.type ?? '').split('/').pop() || 'refused';
      if (status !== 422 || code !== 'clock' || !answer.now || clockSet) {
        const pointers = [];
        if (Array.isArray(answer.errors)) for (const error of answer.errors) pointers.push(error?.pointer);
        return fail(code, 'failed_refused', status === 409, pointers);
      }
      clockSet = true;
      ({ text, body } = await sign(Date.parse(answer.now) - Date.now()));
    }
  }

  return {
    prepare() {
      key ??= freshKey();
      // A failure shows at submit, where it can be told to somebody.
      key.catch(() => {});
    },
    /** @param {any} draft */
    send(draft) {
      submit(draft)
        .catch((error) => reportTrap({ code: 'crypto', message: String(error) }))
        .then(() => say({ idle: true }));
    },
    wake: () => wake?.(),
    /** Says so once this task is over. */
    later: () => queueMicrotask(() => say({ later: true })),
    /** Checks the receipt, because the visitor asked for it. */
    verify() {
      const { receipt, text } = sent;
      import('./verify.js')
        .then(({ verify }) => verify(receipt, base64url(octets(text)), endpoint))
        .catch(() => [['verify_unavailable', false]])
        .then((lines) => say({ lines }));
    },
    /** The receipt goes, and its file with it. */
    forget() {
      if (sent) URL.revokeObjectURL(sent.file);
      sent = undefined;
    },
    /** The form leaves the page. What is on its way still arrives; nobody hears the answer. */
    end() {
      ended = true;
      wake?.();
      this.forget();
      key = undefined;
    },
  };
}
