// @ts-check
/** Definitions come and go as files, by the visitor's hand alone. Refuses what is too large to be one. */

import { word } from './words.js';

const MAX_BYTES = 1_000_000;

/** @param {string} name @param {string} text */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** @param {HTMLElement} button @param {HTMLElement} element @param {(text: string, name: string) => void} take */
export function pick(button, element, take) {
  const input = /** @type {HTMLInputElement} */ (element);
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    const status = document.getElementById('status');
    try {
      if (file.size > MAX_BYTES) throw new Error(word('tooLarge'));
      take(await file.text(), file.name);
    } catch (error) {
      if (status) status.textContent = error instanceof Error && file.size > MAX_BYTES ? error.message : word('unreadable');
    }
  });
}
