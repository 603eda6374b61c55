// @ts-check
/**
 * The record that a submission would make: what the page receives, what is signed, by which key, and what opens the
 * digests. The signature is checked here with the key that it carries.
 */

import { codeBlock } from './code.js';
import { download } from './files.js';
import { element } from './problems.js';
import { word } from './words.js';

/** @param {string} text base64url */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
/** @param {string} text base64url of JSON */
const decoded = (text) => JSON.parse(new TextDecoder().decode(bytes(text)));

/** @param {string} protectedHeader @param {string} payload @param {string} signature */
async function matches(protectedHeader, payload, signature) {
  const { jwk } = decoded(protectedHeader);
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const signed = new TextEncoder().encode(`${protectedHeader}.${payload}`);
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes(signature), signed);
}

export class Record {
  /** @type {any} */
  #detail;
  /** @type {boolean} */
  #good = false;

  /** @param {HTMLElement} box @param {HTMLElement} empty */
  constructor(box, empty) {
    this.box = box;
    this.empty = empty;
  }

  /** @param {{ record: { payload: string, signatures: { protected: string, signature: string }[] }, disclosures: string[], fields: any }} detail */
  async show(detail) {
    this.#detail = detail;
    const { payload, signatures } = detail.record;
    const verdicts = await Promise.all(signatures.map((it) => matches(it.protected, payload, it.signature).catch(() => false)));
    this.#good = verdicts.length > 0 && verdicts.every(Boolean);
    if (this.#detail === detail) this.retell();
  }

  clear() {
    this.#detail = undefined;
    this.box.hidden = true;
    this.box.replaceChildren();
    this.empty.hidden = false;
  }

  /** The same record in the language of the page. */
  retell() {
    if (!this.#detail) return;
    const { record, disclosures, fields } = this.#detail;
    const payload = decoded(record.payload);
    const save = /** @type {HTMLButtonElement} */ (element('button', 'pg-button', word('saveRecord')));
    save.type = 'button';
    save.addEventListener('click', () => download(`record-${payload.id}.json`, `${JSON.stringify({ record, disclosures }, null, 2)}\n`));
    const verdict = element('p', 'pg-verdict', word(this.#good ? 'matches' : 'differs'));
    verdict.dataset.good = String(this.#good);
    const head = element('div', 'pg-record-head');
    head.append(element('h3', '', word('recorded')), element('p', 'pg-muted', word('stopped')), verdict, save);
    this.box.replaceChildren(
      head,
      part('choices', this.#choices(payload)),
      part('received', codeBlock('fields', JSON.stringify(fields, null, 2), word('received')), 'receivedHow'),
      part('payload', codeBlock('payload', JSON.stringify(payload, null, 2), word('payload')), 'payloadHow'),
      part('signatures', this.#signatures(record.signatures), 'countersigned'),
      part('disclosures', codeBlock('disclosures', JSON.stringify(disclosures.map(decoded), null, 2), word('disclosures')), 'disclosuresHow'),
    );
    this.box.hidden = false;
    this.empty.hidden = true;
  }

  /** @param {{ processes: { purpose: string, basis: string, status: string }[] }} payload */
  #choices({ processes }) {
    const table = element('table', 'pg-choices');
    const head = element('tr');
    for (const name of ['purpose', 'basis', 'status']) {
      const cell = element('th', '', word(name));
      cell.setAttribute('scope', 'col');
      head.append(cell);
    }
    const body = processes.map(({ purpose, basis, status }) => {
      const row = element('tr');
      const name = element('th', '', purpose);
      name.setAttribute('scope', 'row');
      const state = element('td');
      const mark = element('span', 'pg-mark', status);
      mark.dataset.status = status;
      state.append(mark);
      row.append(name, element('td', '', basis), state);
      return row;
    });
    table.append(element('thead'), element('tbody'));
    table.querySelector('thead')?.append(head);
    table.querySelector('tbody')?.append(...body);
    const scroll = element('div', 'pg-scroll');
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', word('choices'));
    scroll.append(table);
    return scroll;
  }

  /** @param {{ protected: string, signature: string }[]} signatures */
  #signatures(signatures) {
    const box = element('div');
    for (const it of signatures) {
      const text = JSON.stringify({ protected: decoded(it.protected), signature: it.signature }, null, 2);
      box.append(codeBlock('signature', text, word('signatures')));
    }
    return box;
  }
}

/** @param {string} title @param {HTMLElement} content @param {string} [how] */
function part(title, content, how) {
  const section = element('section', 'pg-part');
  section.append(element('h4', '', word(title)));
  if (how) section.append(element('p', 'pg-muted', word(how)));
  section.append(content);
  return section;
}
