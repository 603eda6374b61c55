// @ts-check
/** The problems under the editor, in the order of the text; each leads to its place. */

import { word } from './words.js';

/** @typedef {import('./check.js').Problem} Problem */

/** @param {string} tag @param {string} [name] @param {string} [text] */
export function element(tag, name = '', text = '') {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}

/** @param {Problem[] | undefined} problems */
export function showStatus(problems) {
  const status = /** @type {HTMLElement} */ (document.getElementById('status'));
  const count = (/** @type {Problem['severity']} */ severity) => problems?.filter((problem) => problem.severity === severity).length ?? 0;
  const [errors, warnings, notes] = [count('error'), count('warning'), count('note')];
  // Warnings refuse nothing, and are to be mended all the same; notes need not be.
  status.dataset.state = !problems ? 'checking' : errors ? 'bad' : warnings ? 'warned' : 'good';
  const said = [
    !problems && word('checking'),
    problems && !errors && !warnings && word('good'),
    errors && (errors === 1 ? word('problem') : word('someProblems', { count: errors })),
    warnings && (warnings === 1 ? word('oneWarning') : word('someWarnings', { count: warnings })),
    notes && (notes === 1 ? word('oneNote') : word('someNotes', { count: notes })),
  ];
  const text = said.filter(Boolean).join(' · ');
  if (status.textContent !== text) status.textContent = text;
}

/** @param {HTMLElement} box @param {HTMLElement} list @param {Problem[]} problems @param {(problem: Problem) => void} go */
export function showProblems(box, list, problems, go) {
  box.hidden = !problems.length;
  list.replaceChildren(
    ...problems.map((problem) => {
      const entry = element('li', 'pg-problem');
      entry.dataset.severity = problem.severity;
      const place = /** @type {HTMLButtonElement} */ (element('button', 'pg-place', word('at', problem)));
      place.type = 'button';
      place.addEventListener('click', () => go(problem));
      const head = element('p', 'pg-problem-head');
      head.append(element('span', 'pg-severity', word(problem.severity)), place);
      const tail = element('p', 'pg-problem-rule');
      tail.append(element('code', '', problem.rule), ` ${problem.source}`);
      const message = element('p', 'pg-message', problem.message);
      const help = element('p', 'pg-help', problem.help);
      // The grammar speaks English, whatever the page speaks; the rules of law speak the language of the page.
      if (problem.rule.startsWith('C-DEF-')) for (const english of [message, help, tail]) english.lang = 'en';
      if (problem.link) {
        const link = /** @type {HTMLAnchorElement} */ (element('a', '', problem.source));
        link.href = problem.link;
        tail.lastChild?.replaceWith(' ', link);
      }
      entry.append(head, message, help, tail);
      return entry;
    }),
  );
}
