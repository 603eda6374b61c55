// @ts-check
/**
 * The entry of `candor.js`: defines `<candor-form>`, once for a page, and fetches what hosted forms in iframes need.
 *
 * JavaScript, because Rust cannot subclass HTMLElement. These modules hold only what must survive a failed wasm: which
 * form in which language, what the visitor did before the widget was there, and what stands in for it. They store
 * nothing, and load nothing but the form's own files. `cargo xtask dist` makes one file of them. Read next: `element`.
 */
import { CandorForm } from './element.js';
import { part, VERSION } from './parts.js';

const TAG = 'candor-form';

const defined = /** @type {any} */ (customElements.get(TAG));
if (!defined) {
  customElements.define(TAG, CandorForm);
  const { origin } = new URL(import.meta.url);
  const attend = () => import(part('frames.js'));
  if (document.querySelector(`iframe[src^="${origin}/"]`)) attend();
  // A frame that comes later speaks first.
  else addEventListener('message', (event) => event.origin === origin && attend());
} else if (!defined.warned) {
  defined.warned = true;
  console.warn(`${TAG} ${VERSION} stays out: ${defined.version} is already here`);
}
