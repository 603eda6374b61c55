// @ts-check
/** The text area as an editor: until the other one is loaded, and where it cannot be. */

/**
 * @typedef {import('./check.js').Problem} Problem
 * @typedef {object} Editor
 * @property {() => string} text
 * @property {(text: string) => void} replace one step that can be undone
 * @property {(offset: number) => void} go puts the cursor there, with the focus
 * @property {(problems: Problem[]) => void} mark
 * @property {(label: string) => void} label
 */

/** @param {HTMLElement} element @param {() => void} changed @returns {Editor} */
export function plainEditor(element, changed) {
  const area = /** @type {HTMLTextAreaElement} */ (element);
  area.addEventListener('input', changed);
  return {
    text: () => area.value,
    replace: (text) => (area.value = text),
    go(offset) {
      area.focus();
      area.setSelectionRange(offset, offset);
    },
    mark: (problems) => area.setAttribute('aria-invalid', String(problems.length > 0)),
    label: (label) => area.setAttribute('aria-label', label),
  };
}
