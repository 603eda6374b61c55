// What the demo's pages add around the element: the reserved space is given back, and after a receipt two links appear.
// It only listens to the element's public events, as any site could.

/** The record's id, from the payload of a receipt (base64url of JSON). */
function recordId(receipt) {
  const base64 = receipt.payload.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)).id;
}

// On the document, because a form may be added later; and because events bubble, one listener is enough.
for (const name of ['candor-ready', 'candor-error']) {
  document.addEventListener(name, (event) => event.target.classList.add('ready'));
}
document.addEventListener('candor-receipt', (event) => {
  const form = event.target;
  form.classList.add('answered');
  const aftermath = form.parentElement.querySelector('.aftermath');
  if (!aftermath) return;
  const id = recordId(event.detail.receipt);
  aftermath.querySelector('[data-recorded]').href = `/mailbox/recorded/${encodeURIComponent(id)}`;
  aftermath.hidden = false;
});

// A form that was there before this module has told so already.
for (const form of document.querySelectorAll('candor-form')) {
  if (['editing', 'failed'].includes(form.state)) form.classList.add('ready');
}

// Code to copy: the button says what became of it, to eyes and ears.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const label = button.textContent;
  button.addEventListener('click', async () => {
    const code = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = button.dataset.done;
    } catch {
      // No clipboard without a secure page: the text is selected, and the visitor's own keys copy it.
      getSelection().selectAllChildren(code);
      button.textContent = button.dataset.selected;
    }
    button.addEventListener('blur', () => (button.textContent = label), { once: true });
  });
}
