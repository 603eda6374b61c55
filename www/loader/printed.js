// @ts-check
/**
 * The form that the page carries in HTML: what stands in it, whether it says the same words, and when nobody would
 * notice that its nodes are replaced.
 */

/** What stands in a form that is about to be replaced. Ticks are told apart from values: they need their history.
 * @param {ParentNode | null | undefined} root */
export function typed(root) {
  /** @type {Record<string, string>} */
  const values = {};
  /** @type {string[]} */
  const ticks = [];
  for (const control of root?.querySelectorAll('input,select,textarea') ?? []) {
    const { name, value, type, checked } = /** @type {HTMLInputElement} */ (control);
    if (type === 'checkbox') {
      if (checked) ticks.push(name);
    } else if (value && !name.startsWith('candor-') && (type !== 'radio' || checked)) {
      values[name] = value;
    }
  }
  return { values, ticks };
}

/** Shows that nothing is held any more. @param {Element} printed */
export const release = (printed) => printed.querySelector('[aria-disabled]')?.removeAttribute('aria-disabled');

/** Whether the printed form says the words of the compiled one. A site's own build may be older than the form, and
 * what was ticked under other words was not ticked under these.
 * @param {ParentNode} printed @param {any} compiled */
export function saysTheSame(printed, compiled) {
  const texts = /** @type {HTMLInputElement | null} */ (printed.querySelector('[name=candor-texts]'));
  return texts?.value === compiled.record.form.texts;
}

/** A page that was put together by a script has the template, and no root made from it. @param {HTMLElement} element */
export function adoptTemplate(element) {
  const template = /** @type {HTMLTemplateElement | null} */ (element.querySelector(':scope > template[shadowrootmode]'));
  const root = element.attachShadow({ mode: 'open' });
  // What stands between the tags is seen until the form is there.
  root.append(template?.content ?? document.createElement('slot'));
  template?.remove();
}

/** The parser hands an element over before what stands in it, and a root of ours would keep the printed one out.
 * @param {Node} element @param {() => void} then called once the parser has gone on */
export function whenParsed(element, then) {
  const look = () => {
    if (!element.nextSibling && document.readyState === 'loading') return;
    observer.disconnect();
    document.removeEventListener('DOMContentLoaded', look);
    then();
  };
  const observer = new MutationObserver(look);
  document.addEventListener('DOMContentLoaded', look);
  observer.observe(/** @type {Node} */ (element.parentNode), { childList: true });
  look();
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

/** Resolves once the page has loaded and has nothing better to do. @param {AbortSignal} signal @returns {Promise<unknown>} */
export function whenIdle(signal) {
  return new Promise((resolve) => {
    const wait = () => (self.requestIdleCallback ?? setTimeout)(resolve);
    if (document.readyState === 'complete') wait();
    else addEventListener('load', wait, { signal });
  });
}
