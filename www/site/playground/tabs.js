// @ts-check
/** Tabs after the ARIA Authoring Practices: one in the tab order, arrows move, and what is shown follows. */

/** @param {string[]} names */
export function tabs(names) {
  const tab = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.getElementById(`tab-${name}`));
  const panel = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.getElementById(`panel-${name}`));
  /** @param {string} wanted @param {boolean} [focus] */
  const open = (wanted, focus = false) => {
    for (const name of names) {
      tab(name).setAttribute('aria-selected', String(name === wanted));
      tab(name).tabIndex = name === wanted ? 0 : -1;
      panel(name).hidden = name !== wanted;
    }
    if (focus) tab(wanted).focus();
  };
  names.forEach((name, index) => {
    tab(name).addEventListener('click', () => open(name));
    tab(name).addEventListener('keydown', (event) => {
      const to = { ArrowRight: index + 1, ArrowLeft: index - 1 + names.length, Home: 0, End: names.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      open(/** @type {string} */ (names[to % names.length]), true);
    });
  });
  return { open };
}
