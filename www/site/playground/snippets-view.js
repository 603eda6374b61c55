// @ts-check
/** The code for the chosen platform, on the page, and the content security policy that it needs. */

import { codeBlock } from './code.js';
import { element } from './problems.js';
import { blocks, policy } from './snippets.js';
import { word } from './words.js';

export class Snippets {
  #chosen = { platform: 'html', collector: location.origin, id: '', lang: '', theme: 'auto', render: 'shadow' };
  /** The form's heading, as the definition has it. @type {string | Record<string, string>} */
  #title = '';

  /** @param {HTMLElement} box @param {HTMLElement} field @param {(origin: string) => void} moved hears of another collector */
  constructor(box, field, moved) {
    this.box = box;
    const collector = /** @type {HTMLInputElement} */ (field);
    collector.value = location.origin;
    collector.addEventListener('input', () => {
      const origin = URL.canParse(collector.value) ? new URL(collector.value).origin : 'null';
      collector.setAttribute('aria-invalid', String(origin === 'null'));
      if (origin === 'null') return;
      this.set({ collector: origin });
      moved(origin);
    });
  }

  /** @param {Partial<{ platform: string, collector: string, id: string, lang: string, theme: string, render: string }>} choices @param {string | Record<string, string>} [title] */
  set(choices, title = this.#title) {
    this.#title = title;
    this.#chosen = { ...this.#chosen, ...choices };
    this.retell();
  }

  retell() {
    const title = typeof this.#title === 'string' ? this.#title : (this.#title[this.#chosen.lang] ?? '');
    const chosen = { ...this.#chosen, title };
    if (!chosen.id || !chosen.lang) return;
    const { hint, code } = policy(chosen.platform, chosen.collector, chosen.collector === location.origin);
    const parts = blocks(chosen.platform, chosen).map((block) => {
      const part = element('section', 'pg-part');
      part.append(element('h3', 'pg-where', word(block.label)), codeBlock(block.kind, block.code, word(block.label)));
      return part;
    });
    const security = element('section', 'pg-part');
    security.append(element('h3', 'pg-where', word('policy')), element('p', 'pg-muted', word(hint)), codeBlock('policy', code, word('policy')));
    this.box.replaceChildren(...parts, security);
  }
}
