// @ts-check
/**
 * The form itself: the element of every page, compiled as the chosen collector would serve it, and without an endpoint, so
 * that it only emits. Its submission is stopped before it could leave.
 */

import { compile } from './check.js';
import { element } from './problems.js';
import { word } from './words.js';

/** @typedef {{ lang: string, theme: string, render: string, collector: string }} Looks */

export class Stage {
  /** @type {Looks} */
  #looks = { lang: '', theme: 'auto', render: 'shadow', collector: location.origin };
  /** @type {any} */
  #form;
  #text = '';
  /** What stands in the page: text, language and collector. */
  #shown = '';
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
    // Where the form is drawn is settled once for an element.
    if (before.render !== this.#looks.render) this.#shown = '';
    this.#draw();
  }

  /** @param {string} text the definition, which the compiler accepts */
  show(text) {
    this.#text = text;
    this.#draw();
  }

  async #draw() {
    const { lang, collector, render } = this.#looks;
    if (!this.#text || !lang) return;
    const wanted = JSON.stringify([this.#text, lang, collector]);
    if (wanted !== this.#shown) {
      this.#shown = wanted;
      const compiled = await compile(this.#text, lang, collector).catch((error) => this.#say(word('failed', { reason: error.message })));
      // Something else is wanted meanwhile.
      if (!compiled || wanted !== this.#shown) return;
      if (this.#form?.getAttribute('render') === render) this.#form.definition = compiled;
      else this.#place(compiled);
    }
    this.#dress();
  }

  /** @param {string} compiled */
  #place(compiled) {
    this.#form?.remove();
    this.#form = document.createElement('candor-form');
    this.#form.setAttribute('endpoint', '');
    this.#form.setAttribute('loading', 'eager');
    this.#form.setAttribute('heading-level', '3');
    this.#form.setAttribute('render', this.#looks.render);
    this.#form.definition = compiled;
    this.#dress();
    this.box.append(this.#form);
  }

  #dress() {
    if (!this.#form) return;
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
