// @ts-check
/**
 * The form itself: the element of every page, with the definition as a property and no endpoint, so that it only emits.
 * Its submission is stopped before it could leave.
 */

import { element } from './problems.js';
import { word } from './words.js';

/** @typedef {{ lang: string, theme: string, render: string }} Looks */

export class Stage {
  /** @type {Looks} */
  #looks = { lang: '', theme: 'auto', render: 'shadow' };
  /** @type {any} */
  #form;
  #text = '';
  /** @type {(looks: Looks) => void} */
  onChange = () => {};

  /** @param {HTMLElement} box @param {(detail: any) => void} submitted */
  constructor(box, submitted) {
    this.box = box;
    box.addEventListener('candor-submit', (event) => {
      event.preventDefault();
      submitted(/** @type {CustomEvent} */ (event).detail);
    });
    box.addEventListener('candor-error', (event) => {
      const { message } = /** @type {CustomEvent} */ (event).detail;
      this.#say(word('failed', { reason: message }));
    });
    box.addEventListener('candor-ready', () => this.#say(''));
  }

  get isShown() {
    return this.#text !== '';
  }

  /** @param {Partial<Looks>} looks */
  set(looks) {
    const before = this.#looks;
    this.#looks = { ...before, ...looks };
    this.box.dataset.theme = this.#looks.theme;
    this.onChange(this.#looks);
    if (!this.#form) return;
    // Where the form is drawn is settled once for an element.
    if (before.render !== this.#looks.render) this.#place();
    else this.#dress();
  }

  /** @param {string} text the definition, which the compiler accepts */
  show(text) {
    const isNew = text !== this.#text;
    this.#text = text;
    if (!this.#form) this.#place();
    else if (isNew) this.#form.definition = text;
  }

  #place() {
    this.#form?.remove();
    this.#form = document.createElement('candor-form');
    this.#form.setAttribute('endpoint', '');
    this.#form.setAttribute('loading', 'eager');
    this.#form.setAttribute('heading-level', '3');
    this.#form.setAttribute('render', this.#looks.render);
    this.#form.definition = this.#text;
    this.#dress();
    this.box.append(this.#form);
  }

  #dress() {
    for (const name of /** @type {const} */ (['lang', 'theme'])) {
      if (this.#form.getAttribute(name) !== this.#looks[name]) this.#form.setAttribute(name, this.#looks[name]);
    }
  }

  /** @param {string} text */
  #say(text) {
    this.box.querySelector('.pg-failed')?.remove();
    if (!text) return;
    const failed = element('p', 'pg-failed', text);
    failed.setAttribute('role', 'alert');
    this.box.prepend(failed);
  }
}
