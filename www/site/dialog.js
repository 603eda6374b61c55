// Opens a dialog by its button, and only by it. The browser keeps the focus inside, closes on Escape and gives the focus
// back. The form in it is lazy: it loads when the dialog shows it for the first time, and keeps what was typed.

for (const opener of document.querySelectorAll('[data-opens]')) {
  const dialog = document.getElementById(opener.dataset.opens);
  opener.addEventListener('click', () => {
    dialog.showModal();
    // The title first, not the cross: whoever listens hears where they are.
    dialog.querySelector('h2').focus();
  });
  dialog.querySelector('[data-closes]').addEventListener('click', () => dialog.close());
  // A click beside it. Began and ended there: letting go of a selection outside closes nothing.
  let began;
  dialog.addEventListener('pointerdown', (event) => (began = event.target));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog && began === dialog) dialog.close();
  });
}
