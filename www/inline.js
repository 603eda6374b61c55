// @ts-check
/** A form that stands in the page itself: compiled already, or a definition that the compiler's own module compiles there. */

/** The compiled form; an error of code `definition` where the definition is refused.
 * @param {unknown} inline an object or its JSON text
 * @param {string} language
 * @param {(form: any) => string | undefined} endpointOf where the form is sent */
export async function formOf(inline, language, endpointOf) {
  const text = typeof inline === 'string' ? inline : JSON.stringify(inline);
  let form;
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
    const message = String(/** @type {any} */ (error)?.message ?? error);
    throw Object.assign(new Error(message), { code: 'definition' });
  }
}
