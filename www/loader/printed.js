// @ts-check
/**
 * The form that the page carries in HTML: where the parser left it, and what stands in it. Whether it says the same words,
 * and when nobody would notice that its nodes are replaced, is told by the glue (`www/takeover.js`), which both wait for.
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

/** A page that was put together by a script has the template, and no root made from it. @param {HTMLElement} element */
export function adoptTemplate(element) {
  const template = /** @type {HTMLTemplateElement | null} */ (element.querySelector(':scope > template[shadowrootmode]'));
  const root = element.attachShadow({ mode: 'open' });
  // What stands between the tags is seen until the form is there.
  root.append(template?.content ?? document.createElement('slot'));
  template?.remove();
}

/** A paragraph ends where a form begins: what was printed into one with `--light` stands behind it.
 * @param {HTMLElement} element */
export function fetchStray(element) {
  const stray = element.closest('p')?.nextElementSibling;
  if (stray?.matches('form.candor')) element.append(stray);
}

/** The parser hands an element over before what stands in it, and a root of ours would keep the printed one out.
 * @param {Element} element @param {() => void} then called once the parser has gone on, and perhaps again */
export function whenParsed(element, then) {
  // A page may go on for long after what the element stands in, and an empty one is seen by nobody until then.
  const look = (/** @type {unknown} */ changes) => {
    let node = /** @type {Node | null} */ (element);
    if (changes && !element.shadowRoot) while (node && !node.nextSibling) node = node.parentNode;
    if (!node?.nextSibling && document.readyState === 'loading') return true;
    observer.disconnect();
    then();
  };
  const observer = new MutationObserver(look);
  observer.observe(element.getRootNode(), { childList: true, subtree: true });
  if (!look()) return;
  document.addEventListener('DOMContentLoaded', look, { once: true });
  setTimeout(look, 0, true);
}

/** Resolves once the page has loaded and has nothing better to do. @param {AbortSignal} signal @returns {Promise<unknown>} */
export function whenIdle(signal) {
  return new Promise((resolve) => {
    const wait = () => (self.requestIdleCallback ?? setTimeout)(resolve);
    if (document.readyState === 'complete') wait();
    else addEventListener('load', wait, { signal });
  });
}
