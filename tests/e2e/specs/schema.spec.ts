// What an editor makes of the JSON Schema: the language service of Visual Studio Code, on the forms of the tree.
import { expect, test } from '@playwright/test';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import service from 'vscode-json-languageservice';
import { root } from '../fixtures/collector';

/** As Visual Studio Code asks for it: the schema that the file itself names, relative to where the file stands. */
const editor = service.getLanguageService({
  schemaRequestService: async (uri) => readFileSync(fileURLToPath(uri), 'utf8'),
  workspaceContext: { resolveRelativePath: (path, base) => pathToFileURL(resolve(dirname(fileURLToPath(base)), path)).href },
});

function open(path: string, change = (text: string) => text) {
  const text = change(readFileSync(path, 'utf8'));
  const document = service.TextDocument.create(pathToFileURL(path).href, 'json', 1, text);
  return { text, document, json: editor.parseJSONDocument(document) };
}

const ebook = join(root, 'www/forms/ebook-rgpd.json');

test('no form of the tree has a problem, and a fault has one', async () => {
  for (const folder of ['www/forms', 'tests/e2e/forms']) {
    for (const name of readdirSync(join(root, folder))) {
      const { document, json } = open(join(root, folder, name));
      expect(await editor.doValidation(document, json), `${folder}/${name}`).toEqual([]);
    }
  }
  for (const [piece, other, message] of [
    ['"audience": "b2c"', '"audience": "b2x"', /"b2c", "b2b"/],
    ['"basis": "contract"', '"basis": "contract", "validity": "P1Y"', /not allowed/],
    ['"validity": "P18M"', '"validity": "18 months"', /pattern/],
    ['"kind": "promotional"', '"kind": "mandatory"', /"informational", "promotional"/],
    ['"service":', '"services":', /services is not allowed|missing property "service"/i],
  ] as const) {
    const { document, json } = open(ebook, (text) => text.replace(piece, other));
    const problems = await editor.doValidation(document, json);
    expect(problems.map((it) => (typeof it.message === 'string' ? it.message : it.message.value)).join('\n'), other).toMatch(message);
  }
});

test('members and values are completed and explained', async () => {
  const complete = async (piece: string, other: string) => {
    const { text, document, json } = open(ebook, (text) => text.replace(piece, other.replace('|', '')));
    const offset = text.indexOf(other.replace('|', '')) + other.indexOf('|');
    const list = await editor.doComplete(document, document.positionAt(offset), json);
    return list!.items.map((item) => ({ label: item.label, words: typeof item.documentation === 'string' ? item.documentation : item.documentation?.value }));
  };
  const audiences = await complete('"audience": "b2c"', '"audience": |');
  expect(audiences).toEqual([{ label: '"b2c"', words: 'Consumers.' }, { label: '"b2b"', words: 'People in their work.' }]);
  const members = await complete('"validity": "P18M"', '"validity": "P18M", "|"');
  const labels = members.map((it) => it.label);
  expect(labels).toEqual(expect.arrayContaining(['transfers', 'frequency', 'details'].filter((name) => labels.includes(name))));
  expect(labels).not.toContain('validity');
  for (const { label, words } of members) expect(words, label).toMatch(/\.$/);
  const tokens = await complete('"automatedDecisions"', '"theme": { "|" }, "automatedDecisions"');
  expect(tokens.map((it) => it.label)).toContain('accent');

  const { text, document, json } = open(ebook);
  const hover = await editor.doHover(document, document.positionAt(text.indexOf('"validity"') + 3), json);
  expect(JSON.stringify(hover!.contents)).toContain('How long a consent holds before the person is asked again');
  expect(JSON.stringify(hover!.contents)).toContain('eighteen months');
});
