/**
 * Builds the pages of the other forms into `dist/`, each on its own as its users would, with the content of the form
 * that ours shows: the texts come out of `candor compile`, so that nobody's page says less.
 *
 * Needs `CANDOR_BIN`; refuses a compiled form that lacks a text of the page. Read next: `src/`, one file for each form.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const root = join(here, '../../../..');
const built = join(here, 'dist');
const made = join(here, 'made');
mkdirSync(join(made, 'forms'), { recursive: true });

/** The demo's gate; but every field stands there at once, since not every other form can show one by a tick. */
const definition = JSON.parse(readFileSync(join(root, 'tests/e2e/forms/ebook-rgpd.json'), 'utf8'));
delete definition.$schema;
for (const field of definition.fields) {
  delete field.when;
  field.required = field.id === 'email';
}
const file = join(made, 'forms/ebook-rgpd.json');
writeFileSync(file, JSON.stringify(definition, undefined, 2));

const program = process.env.CANDOR_BIN ?? join(root, 'target/debug/candor');
const compiled = JSON.parse(execFileSync(program, ['compile', file, '--lang', 'en'], { encoding: 'utf8' }));
const texts = new Map(compiled.texts.map(({ ref, text }) => [ref, text]));

function said(ref) {
  const text = texts.get(ref);
  if (!text) throw new Error(`the compiled form does not say ${ref}`);
  return text;
}

const TYPES = { email: 'email', phone: 'tel' };
const NOTICE = ['controller', 'recipients', 'retention', 'rights', 'complaint', 'withdrawal'];
const content = {
  title: said('title'),
  intro: said('intro'),
  fields: compiled.fields.map(({ id, type, required }) => ({
    id, type: TYPES[type] ?? 'text', required, label: said(`field.${id}`) + (required ? '' : ` ${compiled.messages.optional}`),
  })),
  service: said('purpose.ebook'),
  legend: said('choices'),
  note: said('choices.note'),
  choices: compiled.controls.filter(({ control }) => control === 'checkbox')
    .map(({ purpose }) => ({ id: purpose, label: said(`purpose.${purpose}`), details: texts.get(`purpose.${purpose}.details`) })),
  notice: NOTICE.filter((ref) => texts.has(ref)).map((ref) => said(ref).replace(/\.?$/, '.')).join(' '),
  submit: said('submit'),
};
writeFileSync(join(made, 'content.json'), JSON.stringify(content, undefined, 2));

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const shell = (form, script) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>A guide to the GDPR</title>
</head>
<body>
<main>
<h1>A guide to the GDPR</h1>
${form}
</main>
<script type="module" src="../src/${script}"></script>
</body>
</html>
`;

/** The measure of all: the form as somebody writes it by hand. */
const bare = `<form method="post" action="/">
<h2>${escaped(content.title)}</h2>
<p>${escaped(content.intro)}</p>
${content.fields.map(({ id, type, label, required }) =>
  `<p><label>${escaped(label)} <input type="${type}" name="${id}"${required ? ' required' : ''}></label></p>`).join('\n')}
<p>${escaped(content.service)}</p>
<fieldset>
<legend>${escaped(content.legend)}</legend>
<p>${escaped(content.note)}</p>
${content.choices.map(({ id, label, details }) =>
  `<p><label><input type="checkbox" name="${id}"> ${escaped(label)}</label>${details ? ` <small>${escaped(details)}</small>` : ''}</p>`).join('\n')}
</fieldset>
<p>${escaped(content.notice)}</p>
<button type="submit">${escaped(content.submit)}</button>
</form>`;

for (const script of readdirSync(join(here, 'src'))) {
  const name = basename(script).replace(/\.jsx?$/, '');
  const page = join(made, `${name}.html`);
  writeFileSync(page, shell(name === 'bare' ? bare : '<div id="form"></div>', script));
  await build({
    root: here,
    configFile: false,
    logLevel: 'error',
    base: './',
    // React and Vue leave out their checks for developers.
    mode: 'production',
    build: {
      outDir: join(built, name),
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 10_000,
      rollupOptions: { input: page, onwarn: () => {} },
    },
  });
}
