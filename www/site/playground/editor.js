// @ts-check
/**
 * The editor: CodeMirror with JSON's colours, the problems of the check at their places, and completion from the schema.
 *
 * It lives in a shadow root, where its style sheet is adopted: a strict content policy allows no style that a script
 * writes into the page. Tab leaves it, as any field.
 */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

import { explain, suggest } from './completion.js';
import { element } from './problems.js';

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--ink)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--value)', fontWeight: '600' },
  { tag: [tags.separator, tags.brace, tags.squareBracket], color: 'var(--muted)' },
]);

const looks = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--card)', height: '100%', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.65' },
  '.cm-content': { padding: '0.75rem 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 1rem 0 0.5rem' },
  '.cm-gutters': { backgroundColor: 'var(--card)', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--tint)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--selection)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--muted)' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--tint)', border: 'none', color: 'var(--ink)', padding: '0 0.5em' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--error) 1px', textUnderlineOffset: '3px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--focus) 1px', textUnderlineOffset: '3px' },
  '.cm-lint-marker': { width: '0.6em', height: '0.6em', marginTop: '0.5em' },
  '.cm-lint-marker-error': { content: '""', borderRadius: '50%', backgroundColor: 'var(--error)' },
  '.cm-lint-marker-warning': { content: '""', borderRadius: '50%', backgroundColor: 'var(--focus)' },
  '.cm-tooltip': { backgroundColor: 'var(--card)', color: 'var(--ink)', border: '1px solid var(--line)', borderRadius: '10px', boxShadow: '0 16px 40px -20px #0008', maxWidth: '30rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '0.8125rem', maxHeight: '14rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.25rem 0.75rem', lineHeight: '1.5' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li:first-child': { borderRadius: '9px 9px 0 0' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li:last-child': { borderRadius: '0 0 9px 9px' },
  '.cm-tooltip.cm-completionInfo': { padding: '0.75rem', fontFamily: 'var(--sans)', fontSize: '0.8125rem', maxWidth: '20rem' },
  '.cm-diagnostic': { padding: '0.625rem 0.875rem', fontFamily: 'var(--sans)', fontSize: '0.8125rem', borderLeft: 'none' },
  '.cm-diagnostic code, .pg-explain code': { fontFamily: 'var(--mono)', fontSize: '0.75rem', color: 'var(--muted)' },
  '.cm-diagnostic p, .pg-explain p': { margin: '0 0 0.25rem' },
  '.pg-explain': { padding: '0.625rem 0.875rem', fontFamily: 'var(--sans)', fontSize: '0.8125rem', lineHeight: '1.45' },
  '.cm-panels': { backgroundColor: 'var(--card)', color: 'var(--ink)', borderTop: '1px solid var(--line)' },
});

/** @param {import('./check.js').Problem} problem */
function told(problem) {
  const box = element('div');
  box.append(element('p', '', problem.message), element('p', '', problem.help), element('code', '', problem.rule));
  return box;
}

const hover = hoverTooltip(async (view, position) => {
  const found = await explain(view.state.doc.toString(), position);
  if (!found) return null;
  const create = () => {
    const dom = element('div', 'pg-explain');
    dom.append(...found.lines.map((line) => element('p', '', line)));
    return { dom };
  };
  return { pos: found.from, end: found.to, above: true, create };
});

/** The text is editable, which not every tool takes for a way to focus it. @param {string} label */
const attributes = (label) => EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' });

/** @param {HTMLElement} host @param {string} text @param {() => void} changed @returns {import('./plain-editor.js').Editor} */
export function richEditor(host, text, changed) {
  const root = host.attachShadow({ mode: 'open' });
  const naming = new Compartment();
  const named = (/** @type {string} */ label) => naming.reconfigure(attributes(label));
  const state = EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(), lintGutter(), foldGutter(), highlightActiveLineGutter(), highlightActiveLine(), history(), drawSelection(), indentOnInput(),
      bracketMatching(), closeBrackets(), autocompletion({ override: [suggest], icons: false }), json(), syntaxHighlighting(colours), looks, hover,
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap]),
      naming.of(attributes('JSON')),
      EditorView.updateListener.of((update) => update.docChanged && changed()),
    ],
  });
  const view = new EditorView({ state, root });
  root.append(view.dom);
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, selection: { anchor: 0 }, scrollIntoView: true }),
    go(offset) {
      const anchor = Math.min(offset, view.state.doc.length);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    mark(problems) {
      const length = view.state.doc.length;
      const diagnostics = problems.map((problem) => ({
        from: Math.min(problem.from, length),
        to: Math.min(problem.to, length),
        severity: problem.severity === 'note' ? /** @type {const} */ ('info') : problem.severity,
        message: `${problem.message} ${problem.rule}`,
        renderMessage: () => told(problem),
      }));
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    label: (label) => view.dispatch({ effects: named(label) }),
  };
}
