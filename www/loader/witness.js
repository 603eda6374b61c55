// @ts-check
/** Sees what was clicked before the widget was there, and by whom. What it did not see, nobody vouches for. */
export class Witness {
  /** Boxes by name: true while ticked by the visitor's own click, false for good once a script had a hand in it.
   * @type {Map<string, boolean | undefined>} */
  #boxes = new Map();
  /** A label that a script clicks makes the browser click its box, and that click claims to be the visitor's. */
  #scripted = false;
  /** Whether the visitor pressed the button. */
  pressed = false;

  /** @param {Event} event */
  see(event) {
    const control = /** @type {HTMLInputElement} */ (event.composedPath()[0]);
    if (!event.isTrusted && control.closest('label')) {
      this.#scripted = true;
      // The box's click follows within this same task.
      queueMicrotask(() => (this.#scripted = false));
    }
    const own = event.isTrusted && !this.#scripted;
    if (control.type === 'submit') this.pressed = own;
    if (control.type !== 'checkbox') return;
    this.#boxes.set(control.name, own && this.#boxes.get(control.name) !== false && (control.checked || undefined));
  }

  /** Whether the visitor alone ticked this box, before these eyes. @param {string} name */
  saw(name) {
    return this.#boxes.get(name) === true;
  }
}
