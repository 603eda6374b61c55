// @ts-check
/** What `candor check` says of a text: the checker's own module: grammar and rules of law. */

/**
 * @typedef {object} Problem
 * @property {string} rule
 * @property {'error' | 'warning' | 'note'} severity
 * @property {number} line
 * @property {number} column
 * @property {number} from in UTF-16 units
 * @property {number} to
 * @property {string} message
 * @property {string} help
 * @property {string} source
 * @property {string} [link] where the source of a rule can be read
 * @typedef {{ problems: Problem[], form: { id: string, languages: string[], version: string } | null }} Checked
 */

/** Path of the checker's glue; `cargo xtask dist` writes it. The compiler's stands beside it. */
const CHECKER = '__CANDOR_CHECKER__';
const COMPILER = CHECKER.replace('checker', 'compiler');

/** @type {Map<string, Promise<any>>} */
const modules = new Map();

/** A module with its glue, loaded once. @param {string} path */
function module(path) {
  const loaded = modules.get(path) ?? start(path);
  modules.set(path, loaded);
  return loaded;
}

/** @param {string} path */
async function start(path) {
  const glue = await import(path);
  await glue.default({ module_or_path: path.replace('.js', '_bg.wasm') });
  return glue;
}

/** @param {string} text @returns {Promise<Checked>} */
export async function check(text) {
  const today = new Date().toISOString().slice(0, 10);
  return (await module(CHECKER)).check(text, today, document.documentElement.lang);
}

/**
 * The compiled form as this collector would serve it: with its page for withdrawal, which the record names.
 * @param {string} text @param {string} lang @param {string} collector
 * @returns {Promise<string>}
 */
export async function compile(text, lang, collector) {
  return (await module(COMPILER)).compile(text, lang, collector);
}
