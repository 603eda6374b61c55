// @ts-check
/**
 * The entry of `candor.js`: defines `<candor-form>`, once for a page.
 *
 * JavaScript, because Rust cannot subclass HTMLElement. These modules hold only what must survive a failed wasm: which
 * form in which language, what the visitor did before the widget was there, and what stands in for it. They store
 * nothing, and load nothing but the form's own files. `cargo xtask dist` makes one file of them. Read next: `element`.
 */
import { CandorForm } from './element.js';
import './framed.js';
import { VERSION } from './parts.js';

const TAG = 'candor-form';

const defined = /** @type {any} */ (customElements.get(TAG));
if (!defined) customElements.define(TAG, CandorForm);
else if (!defined.warned) {
  defined.warned = true;
  console.warn(`${TAG} ${VERSION} stays out: ${defined.version} is already here`);
}
