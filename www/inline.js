// @ts-check
/** A form that stands in the page itself: compiled already, or a definition that the compiler's own module compiles there. */

/** Deeper than any definition; an object that holds itself is deeper than that. */
const MOST_DEPTH = 64;
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** @param {string} text */
function quoted(text) {
  let written = '"';
  // By code points, so that a pair of surrogates is one and only a lonely one is escaped.
  for (const letter of text) {
    written += ESCAPED.test(letter) && letter.length === 1 ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter;
  }
  return `${written}"`;
}

/**
 * An object as JSON text, by its own members alone: `JSON.stringify` would ask each for a `toJSON`, which old libraries
 * give to all objects of a page, and what they answer would be shown and signed as the words of the form.
 * @param {any} value @param {number} [depth] @returns {string | undefined} nothing for what JSON has no word for
 */
export function written(value, depth = 0) {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return `${value}`;
  if (value === undefined) return undefined;
  if (typeof value !== 'object') throw new Error(`the definition holds a ${typeof value} that JSON has no word for`);
  if (depth > MOST_DEPTH) throw new Error('the definition holds itself');
  let text = '';
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) text += `${text && ','}${written(value[at], depth + 1) ?? 'null'}`;
    return `[${text}]`;
  }
  for (const name of Object.keys(value)) {
    const member = written(value[name], depth + 1);
    if (member !== undefined) text += `${text && ','}${quoted(name)}:${member}`;
  }
  return `{${text}}`;
}

/** @param {unknown} error */
const refused = (error) => Object.assign(new Error(String(/** @type {any} */ (error)?.message ?? error)), { code: 'definition' });

/** The compiled form; an error of code `definition` where the definition is refused.
 * @param {unknown} inline an object or its JSON text
 * @param {string} language
 * @param {(form: any) => string | undefined} endpointOf where the form is sent */
export async function formOf(inline, language, endpointOf) {
  let text;
  let form;
  try {
    text = typeof inline === 'string' ? inline : (written(inline) ?? '');
  } catch (error) {
    throw refused(error);
  }
  try {
    form = JSON.parse(text);
  } catch {
    // The compiler says where.
  }
  if (form?.format === 'candor-compiled/1') return form;
  const { default: start, compile } = await import('./candor_compiler.js');
  await start({ module_or_path: new URL('./candor_compiler_bg.wasm', import.meta.url) });
  const endpoint = endpointOf(form);
  try {
    return JSON.parse(compile(text, language, endpoint && new URL(endpoint).origin));
  } catch (error) {
    throw refused(error);
  }
}
