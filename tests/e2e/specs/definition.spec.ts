// A definition that the page hands over as an object: read by its own members, whatever other scripts gave to all objects.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../fixtures/collector';
import { page as hostPage } from '../fixtures/host';
import { submitAndVerify } from '../fixtures/record';
import { TAMPERED } from '../fixtures/tamper';
import { expect, listen, test } from '../fixtures/test';

const text = readFileSync(join(root, 'tests/e2e/forms/ebook-rgpd.json'), 'utf8');

for (const name of ['Prototype.js', 'every object converts itself', 'JSON that is laid out', 'a polluted Object.prototype']) {
  test(`an object, on a page with ${name}: the words are the definition’s own`, async ({ page, site, collector, heard }) => {
    await listen(page);
    const path = name.replaceAll(/\W/g, '-');
    const tampering = site.put(`/object-${path}.js`, {
      html: `const definition = ${text};\n(() => {${TAMPERED[name]}\n})(); window.tampered = true; document.querySelector('candor-form').definition = definition;`,
    });
    const form = `<candor-form loading="eager" lang="fr" endpoint="${collector.url}/v1/submissions"></candor-form><script src="${tampering}"></script>`;
    await page.goto(site.put(`/object-${path}`, { html: hostPage(collector.url, form) }));
    expect(await page.evaluate(() => (window as any).tampered), 'the control: the script ran').toBe(true);
    await submitAndVerify(page, collector, heard);
    expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  });
}

test('an object that is no JSON is refused with the reason: a function, a number that is none, itself', async ({ page, embed }) => {
  await embed({ inner: '<script type="application/json">{}</script>', wait: false, policy: null });
  const refusal = (make: string) => page.evaluate(async (make) => {
    const form: any = document.createElement('candor-form');
    form.loading = 'eager';
    form.definition = new Function(`return (${make})`)();
    const error = new Promise((settle) => form.addEventListener('candor-error', ({ detail }: CustomEvent) => settle([detail.code, detail.message])));
    document.querySelector('main')!.append(form);
    return error;
  }, make);
  expect(await refusal('{ format: () => 1 }')).toEqual(['definition', 'the definition holds a function that JSON has no word for']);
  expect(await refusal('{ format: NaN }')).toEqual(['definition', 'the definition holds a number that JSON has no word for']);
  expect(await refusal('(() => { const own = {}; own.own = own; return own; })()')).toEqual(['definition', 'the definition holds itself']);
  expect(await refusal('{ format: "candor-form/1", id: "a\\u0000\\ud800\\"" }')).toEqual(['definition', expect.stringContaining('id')]);
});
