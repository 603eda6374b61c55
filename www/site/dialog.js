// Opens a dialog by its button, and only by it. The browser keeps the focus inside, closes on Escape and gives the focus
// back. The form in it is lazy: it loads when the dialog shows it for the first time, and keeps what was typed.
// In the page stands a link to the form's own page, which works without any script; a button of the same looks takes its place.

for (const link of document.querySelectorAll('a[data-opens]')) {
  const dialog = document.getElementById(link.dataset.opens);
  const opener = document.createElement('button');
  opener.type = 'button';
  opener.className = link.className;
  opener.dataset.opens = link.dataset.opens;
  opener.setAttribute('aria-haspopup', 'dialog');
  opener.textContent = link.textContent;
  const isFocused = document.activeElement === link;
  link.replaceWith(opener);
  if (isFocused) opener.focus();
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
