// @ts-check
/** Code to read and to copy: a block that the keyboard can scroll, with a button that says what it did. */

import { element } from './problems.js';
import { word } from './words.js';

/** @param {string} kind @param {string} code @param {string} label */
export function codeBlock(kind, code, label) {
  const box = element('div', 'pg-code');
  const text = element('pre');
  text.dataset.kind = kind;
  text.tabIndex = 0;
  text.setAttribute('role', 'region');
  text.setAttribute('aria-label', label);
  text.append(element('code', '', code));
  const copy = /** @type {HTMLButtonElement} */ (element('button', 'pg-copy', word('copy')));
  copy.type = 'button';
  copy.setAttribute('aria-label', `${word('copy')}: ${label}`);
  const said = element('span', 'pg-said');
  said.setAttribute('role', 'status');
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code);
      said.textContent = word('copied');
    } catch {
      // Not a secure page, or not allowed: the visitor copies what is selected.
      getSelection()?.selectAllChildren(text);
      said.textContent = word('selected');
    }
  });
  const bar = element('div', 'pg-code-bar');
  bar.append(said, copy);
  box.append(text, bar);
  return box;
}
