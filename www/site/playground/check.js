// @ts-check
/** What `candor check` says of a text: the compiler's own module, the same file that the element loads. */

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
 * @typedef {{ problems: Problem[], form: { id: string, languages: string[], version: string } | null }} Checked
 */

/** Path of the compiler's glue; `cargo xtask dist` writes it. */
const COMPILER = '__CANDOR_COMPILER__';

/** @type {Promise<any> | undefined} */
let module;

/** @param {string} text @returns {Promise<Checked>} */
export async function check(text) {
  module ??= (async () => {
    const glue = await import(COMPILER);
    await glue.default({ module_or_path: COMPILER.replace('.js', '_bg.wasm') });
    return glue;
  })();
  return JSON.parse((await module).check(text));
}
