// @ts-check
/**
 * Completion and explanation from the JSON Schema, by the language service that Visual Studio Code itself uses: what is
 * offered here is what that editor offers for a definition that names its `$schema`.
 */

import { snippet } from '@codemirror/autocomplete';
import { InsertTextFormat, TextDocument, getLanguageService } from 'vscode-json-languageservice';

/** The copy of the schema that stands beside this page. */
const SCHEMA = '/site/candor-form-1.schema.json';
const DOCUMENT = 'playground:definition.json';

/** @type {Promise<import('vscode-json-languageservice').LanguageService> | undefined} */
let service;

/** A definition may name its schema anywhere: here it is always this one, and nothing is asked of another site. */
function languageService() {
  service ??= fetch(SCHEMA, { credentials: 'omit' })
    .then((response) => response.text())
    .then((text) => {
      const made = getLanguageService({ schemaRequestService: () => Promise.resolve(text) });
      made.configure({ validate: false, schemas: [{ uri: SCHEMA, fileMatch: ['*'], schema: JSON.parse(text) }] });
      return made;
    });
  return service;
}

/** @param {string} text */
const document = (text) => TextDocument.create(DOCUMENT, 'json', 0, text);

/** @param {import('@codemirror/autocomplete').CompletionContext} context */
export async function suggest(context) {
  const before = context.matchBefore(/["\w$-]+/);
  if (!before && !context.explicit) return null;
  const made = await languageService();
  const text = document(context.state.doc.toString());
  const list = await made.doComplete(text, text.positionAt(context.pos), made.parseJSONDocument(text));
  const items = list?.items ?? [];
  const first = items.find((item) => item.textEdit && 'range' in item.textEdit);
  if (!first?.textEdit || !('range' in first.textEdit)) return null;
  const { start, end } = first.textEdit.range;
  const [from, to] = [text.offsetAt(start), text.offsetAt(end)];
  const typed = context.state.sliceDoc(from, context.pos).replace(/^"/, '');
  const options = items
    .filter((item) => item.label.replace(/^"/, '').startsWith(typed))
    .map((item) => ({
      label: item.label.replace(/^"(.*)"$/, '$1'),
      detail: item.detail,
      info: plain(item.documentation),
      boost: Number(item.sortText ? -item.sortText.charCodeAt(0) / 256 : 0),
      apply: insertion(item),
    }));
  // The range holds what was typed with its quotes, which no label has: it is filtered here.
  return { from, to, options, filter: false };
}

/** @param {import('vscode-json-languageservice').CompletionItem} item */
function insertion(item) {
  const text = item.textEdit?.newText ?? item.insertText ?? item.label;
  if (item.insertTextFormat !== InsertTextFormat.Snippet) return text;
  // CodeMirror knows `${1:x}` of the protocol, and not `$1`; a dollar that is meant as such is escaped there alone.
  const template = text.replace(/(?<!\\)\$(\d+)/g, '${$1}').replace(/\\\$/g, '$');
  return snippet(template);
}

/** @param {string} text @param {number} offset */
export async function explain(text, offset) {
  const made = await languageService();
  const source = document(text);
  const found = await made.doHover(source, source.positionAt(offset), made.parseJSONDocument(source));
  const contents = Array.isArray(found?.contents) ? found.contents : [found?.contents];
  const lines = contents.map(plain).filter((line) => line !== undefined && line !== '');
  if (!found?.range || !lines.length) return undefined;
  return { from: source.offsetAt(found.range.start), to: source.offsetAt(found.range.end), lines: /** @type {string[]} */ (lines) };
}

/** Markup of the protocol as plain words. @param {any} content */
function plain(content) {
  const text = typeof content === 'string' ? content : content?.value;
  return text?.replace(/\\([\\`*_{}[\]()#+.!~<>|-])/g, '$1');
}
