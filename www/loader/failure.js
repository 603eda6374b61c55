// @ts-check
/** Failures as `candor-error` tells them, and the sentence that stands where not even the words of the form arrived. */

/** An error with the code that `candor-error` carries. @param {string} code @param {string} message @param {boolean} [retryable] */
export const failure = (code, message, retryable = false) => Object.assign(new Error(message), { code, retryable });

/** What a thrown value says to the page. The codes of the browser's own errors are numbers. @param {any} error */
export function detailOf(error) {
  const code = typeof error.code === 'string' ? error.code : error.name === 'CompileError' ? 'wasm' : 'load';
  return { code, message: String(error.message ?? error), retryable: error.retryable ?? code === 'load' };
}

/** Where the network goes before even `words.js` came: then French or English. @param {string} language @param {string} [words] */
export function sentence(language, words) {
  const paragraph = document.createElement('p');
  paragraph.className = 'candor';
  paragraph.setAttribute('role', 'status');
  paragraph.textContent =
    words ??
    (/^fr/i.test(language) ? 'Ce formulaire n’est pas disponible pour le moment.' : 'This form is not available at the moment.');
  return paragraph;
}
