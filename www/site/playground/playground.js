// @ts-check
/**
 * The playground: what is written on the left becomes a form, a record and code on the right.
 *
 * This file joins the parts; each part is a file of its own. The page asks its own server for its files and for the
 * definitions that are served there, and for nothing else: it sends nothing and stores nothing.
 */

import { check } from './check.js';
import { download, pick } from './files.js';
import { presets, load } from './presets.js';
import { showProblems, showStatus } from './problems.js';
import { Record } from './record.js';
import { choice } from './choice.js';
import { Snippets } from './snippets-view.js';
import { Stage } from './stage.js';
import { plainEditor } from './plain-editor.js';
import { tabs } from './tabs.js';
import { speak, spoken, wanted, word } from './words.js';

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

/** @type {import('./plain-editor.js').Editor} */
let editor = plainEditor(byId('source'), changed);
/** What the last check said. @type {import('./check.js').Checked | undefined} */
let checked;
/** Each change makes the check of the one before it stale. */
let turn = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;
/** The preset that the text came from, until it is changed. */
let name = '';

const panels = tabs(['form', 'record', 'embed']);
const record = new Record(byId('record'), byId('record-empty'));
const stage = new Stage(byId('stage'), (detail) => {
  record.show(detail);
  panels.open('record', true);
});
const snippets = new Snippets(byId('snippets'), byId('collector'), (collector) => stage.set({ collector }));

const choices = {
  language: choice(byId('choose-language'), 'language', (lang) => stage.set({ lang })),
  theme: choice(byId('choose-theme'), 'theme', (theme) => stage.set({ theme })),
  render: choice(byId('choose-render'), 'render', (render) => stage.set({ render })),
  width: choice(byId('choose-width'), 'width', (width) => (byId('stage').dataset.width = width)),
  platform: choice(byId('choose-platform'), 'platform', (platform) => snippets.set({ platform })),
};
stage.onChange = (looks) => snippets.set(looks);

function fixedChoices() {
  choices.theme.offer({ auto: word('auto'), light: word('light'), dark: word('dark') });
  choices.render.offer({ shadow: word('shadow'), light: word('lightDom') });
  choices.width.offer({ 320: '320', 480: '480', full: word('full') }, 'full');
  choices.platform.offer({ html: 'HTML', react: 'React', vue: 'Vue', wordpress: 'WordPress', hubspot: 'HubSpot', webflow: 'Webflow' });
}

/** Waits until the writer rests: a half-written word is no problem yet. */
function changed() {
  clearTimeout(pause);
  const mine = ++turn;
  showStatus(undefined);
  pause = setTimeout(async () => {
    const result = await check(editor.text());
    if (mine === turn) settle(result);
  }, 250);
}

/** @param {import('./check.js').Checked} result */
function settle(result) {
  checked = result;
  tell();
  byId('stale').hidden = result.form !== null || !stage.isShown;
  if (!result.form) return;
  choices.language.offer(Object.fromEntries(result.form.languages.map((tag) => [tag, tag])), preferred(result.form.languages));
  snippets.set({ id: result.form.id }, JSON.parse(editor.text()).title);
  stage.show(editor.text());
}

/** The page's own language, where the form has it and nobody chose another. @param {string[]} languages */
const preferred = (languages) => languages.find((tag) => tag.split('-')[0] === spoken()) ?? languages[0] ?? '';

function tell() {
  if (!checked) return;
  showStatus(checked.problems);
  showProblems(byId('problems'), byId('problem-list'), checked.problems, (problem) => editor.go(problem.from));
  editor.mark(checked.problems);
}

/** @param {string} text @param {string} from */
function replace(text, from) {
  name = from;
  record.clear();
  editor.replace(text);
  changed();
}

async function offerPresets() {
  const select = /** @type {HTMLSelectElement} */ (byId('preset'));
  const served = await presets();
  const options = () => {
    const chosen = select.value;
    const label = (/** @type {string} */ id) => (served.known.has(id) ? word(`preset.${id}`) : id);
    select.replaceChildren(...served.ids.map((id) => new Option(label(id), id)));
    select.disabled = !served.ids.length;
    if (!served.ids.length) select.append(new Option(word('noPresets'), ''));
    if (name && !served.ids.includes(name)) select.append(new Option(`${word('own')} · ${name}`, name));
    select.value = chosen || name || served.ids[0] || '';
  };
  select.addEventListener('change', async () => {
    if (served.ids.includes(select.value)) replace(await load(select.value), select.value);
  });
  options();
  if (select.value) replace(await load(select.value), select.value);
  return options;
}

async function start() {
  speak(wanted());
  fixedChoices();
  byId('save').addEventListener('click', () => download(`${checked?.form?.id ?? 'form'}.json`, editor.text()));
  const relabel = await offerPresets();
  pick(byId('open'), byId('file'), (text, file) => {
    replace(text, file);
    relabel();
    /** @type {HTMLSelectElement} */ (byId('preset')).value = file;
  });
  byId('to-form').addEventListener('click', () => panels.open('form', true));
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-speak]'))) {
    button.addEventListener('click', () => {
      const to = /** @type {'en' | 'fr'} */ (button.dataset.speak);
      speak(to);
      history.replaceState(history.state, '', `?lang=${to}`);
      // The header that held the button is hidden now.
      /** @type {HTMLElement | null} */ (document.querySelector('header.site:not([hidden]) .switch'))?.focus();
      fixedChoices();
      relabel();
      tell();
      record.retell();
      snippets.retell();
      editor.label(word('editor'));
    });
  }
  // The plain text area works until the editor is there, and for good where it does not come.
  const { richEditor } = await import('./editor.js');
  editor = richEditor(byId('editor'), editor.text(), changed);
  editor.label(word('editor'));
  tell();
}

start();
