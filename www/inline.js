// @ts-check
/** A definition that stands in the page itself: compiled there, by the compiler's own module. Loaded only then. */
import start, { compile } from './candor_compiler.js';

/** The compiled form; an error of code `definition` where the definition is refused.
 * @param {string} text @param {string} language @param {string | undefined} collector its origin */
export async function compiledInPage(text, language, collector) {
  await start({ module_or_path: new URL('./candor_compiler_bg.wasm', import.meta.url) });
  try {
    return JSON.parse(compile(text, language, collector));
  } catch (error) {
    const message = String(/** @type {any} */ (error)?.message ?? error);
    throw Object.assign(new Error(message), { code: 'definition' });
  }
}
