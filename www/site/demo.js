// What the demo page adds around the element: the reserved space is given back, and after a receipt two links appear.
// It only listens to the element's public events, as any site could.

/** The record's id, from the payload of a receipt (base64url of JSON). */
function recordId(receipt) {
  const base64 = receipt.payload.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)).id;
}

for (const form of document.querySelectorAll('candor-form')) {
  const aftermath = form.parentElement.querySelector('.aftermath');
  for (const name of ['candor-ready', 'candor-error']) {
    form.addEventListener(name, () => form.classList.add('ready'));
  }
  form.addEventListener('candor-receipt', (event) => {
    form.classList.add('answered');
    const id = recordId(event.detail.receipt);
    aftermath.querySelector('[data-recorded]').href = `/mailbox/recorded/${encodeURIComponent(id)}`;
    aftermath.hidden = false;
  });
}
