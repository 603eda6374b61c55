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

/** Path of the checker's glue; `cargo xtask dist` writes it. */
const CHECKER = '__CANDOR_CHECKER__';

/** @type {Promise<any> | undefined} */
let module;

/** @param {string} text @returns {Promise<Checked>} */
export async function check(text) {
  module ??= (async () => {
    const glue = await import(CHECKER);
    await glue.default({ module_or_path: CHECKER.replace('.js', '_bg.wasm') });
    return glue;
  })();
  const today = new Date().toISOString().slice(0, 10);
  return (await module).check(text, today, document.documentElement.lang);
}
