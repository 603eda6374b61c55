// The live examples of the documentation: controls that set an attribute or call a method, and logs of what the element
// then says. Everything goes through the element's public face, as on any page.

const NAMES = ['ready', 'change', 'invalid', 'submit', 'receipt', 'error'];

/** A detail as text: signatures and other encoded values by their beginning. */
function shown(detail, space) {
  return JSON.stringify(detail, (_, value) => (typeof value === 'string' && /^[\w-]{44}/.test(value) ? `${value.slice(0, 28)}…` : value), space);
}

function note(log, event) {
  log.querySelector('.none')?.remove();
  const line = document.createElement('li');
  const name = document.createElement('b');
  name.textContent = event.type;
  line.append(name, ` ${shown(event.detail ?? {})}`);
  log.firstElementChild.append(line);
  log.scrollTop = log.scrollHeight;
}

for (const log of document.querySelectorAll('[data-log]')) {
  const form = document.getElementById(log.dataset.log);
  for (const name of NAMES) form.addEventListener(`candor-${name}`, (event) => note(log, event));
}

/** Says something about a form now, and again whenever the form has said something. */
function keepSaying(output, form, what) {
  const say = () => (output.textContent = what(form));
  for (const name of NAMES) form.addEventListener(`candor-${name}`, () => queueMicrotask(say));
  form.addEventListener('docs-called', say);
  say();
}

const SAYS = {
  state: (form) => `state: ${form.state ?? 'loading'}`,
  heading: (form) => `<${form.shadowRoot?.querySelector('.candor-title')?.localName ?? '…'}>`,
  language: (form) => `record.language: ${form.shadowRoot?.querySelector('.candor')?.lang || '…'}`,
  layer: () => shown(window.dataLayer ?? [], 1),
  address: () => `location.hash: ${JSON.stringify(location.hash)}`,
};
for (const output of document.querySelectorAll('[data-says]')) {
  keepSaying(output, document.getElementById(output.dataset.of), SAYS[output.dataset.says]);
}

for (const select of document.querySelectorAll('select[data-sets]')) {
  const form = document.getElementById(select.dataset.of);
  // A reload may bring back the visitor's choice without an event.
  const set = () => form.getAttribute(select.dataset.sets) !== select.value && form.setAttribute(select.dataset.sets, select.value);
  select.addEventListener('change', set);
  set();
}

for (const button of document.querySelectorAll('[data-calls]')) {
  const form = document.getElementById(button.dataset.of);
  button.addEventListener('click', () => {
    const answer = form[button.dataset.calls]();
    const output = document.getElementById(button.dataset.answer);
    output.textContent = `${button.dataset.calls}() → ${answer === undefined ? 'undefined' : answer}`;
    form.dispatchEvent(new CustomEvent('docs-called'));
  });
}

// Emit only: nothing is posted, and the page has the fields in its hands.
for (const output of document.querySelectorAll('[data-fields]')) {
  document.getElementById(output.dataset.fields).addEventListener('candor-submit', (event) => {
    output.textContent = shown(event.detail.fields, 1);
  });
}

// A definition given by script: the published one, as an object.
for (const form of document.querySelectorAll('candor-form[data-definition]')) {
  const answer = await fetch(form.dataset.definition);
  form.definition = await answer.json();
}

// What the collector prints for this page's own language.
for (const button of document.querySelectorAll('[data-prints]')) {
  button.addEventListener('click', async () => {
    const printed = await (await fetch(button.dataset.prints)).text();
    document.getElementById(button.dataset.into).textContent = printed.replaceAll('><', '>\n<');
  });
}
