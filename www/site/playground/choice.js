// @ts-check
/** A row of radio buttons that looks like one control. What was chosen stays chosen as long as it is offered. */

/** @param {HTMLElement} box @param {string} name @param {(value: string) => void} chosen */
export function choice(box, name, chosen) {
  let value = '';
  let offered = '';
  let byHand = false;
  box.addEventListener('change', (event) => {
    value = /** @type {HTMLInputElement} */ (event.target).value;
    byHand = true;
    chosen(value);
  });
  return {
    get value() {
      return value;
    },
    /** @param {Record<string, string>} options value and label @param {string} [first] what to begin with */
    offer(options, first = Object.keys(options)[0] ?? '') {
      const next = JSON.stringify(options);
      const keep = value in options && (byHand || value === first);
      const before = value;
      value = keep ? value : first;
      if (next !== offered) {
        offered = next;
        const focused = box.contains(document.activeElement);
        box.replaceChildren(
          ...Object.entries(options).map(([option, text]) => {
            const label = document.createElement('label');
            const input = document.createElement('input');
            Object.assign(input, { type: 'radio', name: `pg-${name}`, value: option });
            const span = document.createElement('span');
            span.textContent = text;
            label.append(input, span);
            return label;
          }),
        );
        if (focused) box.querySelector('input')?.focus();
      }
      for (const input of box.querySelectorAll('input')) input.checked = input.value === value;
      if (value !== before) chosen(value);
    },
  };
}
