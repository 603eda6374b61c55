// The bare element, in JavaScript that every bundler reads.
import 'candor-form';

const question = new URLSearchParams(location.search);
const form = document.createElement('candor-form');
form.loading = 'eager';
form.addEventListener('candor-receipt', (event) => (document.body.dataset.heard = `${event.detail.state};`));
form.addEventListener('candor-error', (event) => (document.body.dataset.heard = `${event.detail.code} ${event.detail.retryable};`));
const definition = question.get('definition');
if (definition) {
  form.endpoint = new URL('/v1/submissions', question.get('form')).href;
  fetch(definition).then(async (response) => (form.definition = await response.json()));
} else {
  form.src = question.get('form');
}
document.querySelector('#app').append(form);
