// @ts-check
/** Which form, in which language, and where it is sent: from the attributes, the page around, or the form itself. */
import { failure } from './failure.js';
import { part } from './parts.js';

/** @type {Record<string, string>} */
let fragment = {};

/** What `#candor:field=value` says. The address is cleaned at once: it would reach logs and analytics. */
export function takeFragment() {
  if (location.hash.startsWith('#candor:')) {
    fragment = Object.fromEntries(new URLSearchParams(location.hash.slice(8)));
    history.replaceState(history.state, '', location.href.split('#')[0]);
  }
  return fragment;
}

/** Legal text never falls back silently: a language that the form lacks shows the whole form in its default one.
 * @param {Element} element @returns {string} one language, or the visitor's own, the best first */
export function languageOf(element) {
  const closest = /** @type {HTMLElement | null} */ (element.closest('[lang]:not([lang=""])'));
  if (closest) return closest.lang;
  const { host } = /** @type {ShadowRoot} */ (element.getRootNode());
  return host ? languageOf(host) : navigator.languages.join();
}

/** @param {unknown} definition @param {Element} element @returns {unknown} */
export const inlineOf = (element, definition) =>
  definition ?? element.querySelector(':scope > script[type="application/json"]')?.textContent;

/** Where a submission goes; nowhere, where the page alone gets it.
 * @param {Element} element @param {any} form @param {unknown} inline @returns {string | undefined} */
export function endpointOf(element, form, inline) {
  const own = element.getAttribute('endpoint');
  if (own === '') return undefined;
  if (own) return new URL(own, document.baseURI).href;
  const base = new URL((!inline && element.getAttribute('src')) || '', document.baseURI);
  return form?.submit?.endpoint && new URL(form.submit.endpoint, base).href;
}

/** The compiled form. @param {Element} element @param {unknown} inline @param {AbortSignal} signal */
export async function loadForm(element, inline, signal) {
  const form = await (inline ? readInline(element, inline) : fetchForm(element, signal));
  if (form?.format !== 'candor-compiled/1') throw failure('form', 'no form');
  return form;
}

/** @param {Element} element @param {AbortSignal} signal */
async function fetchForm(element, signal) {
  const src = element.getAttribute('src');
  if (!src) throw failure('form', 'no src');
  const url = new URL(src, document.baseURI);
  const language = languageOf(element);
  if (language) url.searchParams.set('lang', language);
  // With the credentials of a `<link rel="preload" crossorigin>`, or a browser fetches twice.
  const response = await fetch(url.href, { signal, referrerPolicy: 'no-referrer' }).catch((error) => {
    throw failure('form', `${url}: ${error.message}`, true);
  });
  if (!response.ok) throw failure('form', `${url}: ${response.status}`, response.status >= 500);
  return response.json().catch(() => {});
}

/** @param {Element} element @param {unknown} inline */
async function readInline(element, inline) {
  const { formOf } = await import(part('inline.js'));
  return formOf(inline, languageOf(element), (/** @type {any} */ form) => endpointOf(element, form, inline));
}
