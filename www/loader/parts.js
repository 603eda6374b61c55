// @ts-check
/**
 * The files beside the loader: the widget itself, and what is fetched only now and then. `dress.js` has the style sheet.
 * Each is fetched once for all forms of a page, and anew after a failure.
 */
import { failure } from './failure.js';

export const VERSION = '__CANDOR_VERSION__';
/** Version and digest of the files beside this one: their addresses are immutable. */
const FOLDER = '__CANDOR_FOLDER__';

/** @param {string} name */
export const part = (name) => new URL(`./candor/${FOLDER}/${name}`, import.meta.url).href;

/** @type {Promise<any> | undefined} */
let engine;
/** A browser remembers a failed import by its address, so that each attempt needs its own. */
let attempts = 0;

/** The widget. Glue and module set out together. @param {(error: unknown) => void} trapped */
export function loadEngine(trapped) {
  if (!self.crypto?.subtle) throw failure('crypto', 'no WebCrypto');
  if (typeof WebAssembly !== 'object') throw failure('wasm', 'no WebAssembly');
  if (!engine) {
    const again = attempts++ ? `?${attempts}` : '';
    engine = start(Promise.all([import(part('candor_form.js') + again), compiled(part('candor_form_bg.wasm'))]), trapped);
    engine.catch(() => (engine = undefined));
  }
  return engine;
}

/** @param {Promise<[any, WebAssembly.Module]>} parts @param {(error: unknown) => void} trapped */
async function start(parts, trapped) {
  const [glue, module] = await parts;
  glue.whenTrapped((/** @type {unknown} */ error) => {
    // The instance is dropped; a form that comes later gets another.
    engine = undefined;
    trapped(error);
  });
  await glue.default({ module_or_path: module });
  return glue;
}

/** A file beside this one; not the page that a server has for what it does not find. @param {string} url */
export async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw failure('load', `${url}: ${response.status}`, true);
  return response;
}

/** @param {string} url */
async function compiled(url) {
  const response = await fetched(url);
  // Not every server knows the media type without which browsers refuse to compile while it arrives.
  return response.headers.get('content-type') === 'application/wasm'
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
