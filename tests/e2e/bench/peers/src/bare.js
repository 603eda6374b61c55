// The measure of all: the form is in the page's HTML, and twenty lines of script.
import { ready, sign } from '../sign.js';

const form = document.querySelector('form');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  sign(Object.fromEntries(new FormData(form)));
});
ready();
