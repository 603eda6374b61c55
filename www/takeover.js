// The takeover of the printed form: whether it says the same words, and when it may give way. `cargo xtask dist` appends this
// file to the widget's glue: the loader calls it once that is there, and a visitor who never comes near does without.

/** Whether the printed form says the words of the compiled one. A site's own build may be older than the form, and
 * what was ticked under other words was not ticked under these.
 * @param {ParentNode} printed @param {any} compiled */
export function saysTheSame(printed, compiled) {
  const texts = /** @type {HTMLInputElement | null} */ (printed.querySelector('[name=candor-texts]'));
  return texts?.value === compiled.record.form.texts;
}

/** Whether somebody types in the form, or presses on it just now. @param {HTMLElement} form */
function isBusy(form) {
  const { activeElement } = /** @type {Document | ShadowRoot} */ (form.getRootNode());
  return form.contains(activeElement) || form.matches(':active');
}

/** A tap is a release first and a click later. */
const TAP_MS = 300;

/** A node dies with its selection, its undo history and its input method: nobody's field is replaced while they type.
 * @param {HTMLElement} form @param {AbortSignal} signal @returns {Promise<void>} */
export function untilUnused(form, signal) {
  return new Promise((resolve) => {
    if (signal.aborted || !isBusy(form)) return resolve();
    const watch = new AbortController();
    const stop = () => {
      watch.abort();
      resolve();
    };
    const look = () => setTimeout(() => isBusy(form) || stop(), TAP_MS);
    for (const name of ['focusout', 'pointerup', 'pointercancel']) {
      document.addEventListener(name, look, { capture: true, signal: watch.signal });
    }
    signal.addEventListener('abort', stop, { signal: watch.signal });
  });
}
