// Everybody can use it, in every state: axe and html-validate find nothing, and a screen reader is told the same each time.
import AxeBuilder from '@axe-core/playwright';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../fixtures/collector';
import { expectValid, expectValidForm } from '../fixtures/markup';
import { STATES, walk } from '../fixtures/states';
import { address, email, expect, newsletter, send, test } from '../fixtures/test';

test.use({ bypassCSP: true });
test.setTimeout(180_000);

for (const render of ['shadow', 'light'] as const) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`axe and html-validate in every state: render="${render}", ${scheme}`, async ({ page, embed }, testInfo) => {
      await page.emulateMedia({ colorScheme: scheme });
      const seen: string[] = [];
      await walk(page, () => embed({ attributes: `render="${render}"`, wait: false }), async (state) => {
        seen.push(state);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
        expect.soft(faults, `${state}: axe`).toEqual([]);
        await expectValidForm(page, state);
        await page.screenshot({ path: testInfo.outputPath(`${state}.png`), fullPage: true });
      });
      expect(seen).toEqual([...STATES]);
    });
  }
}

for (const lang of ['fr', 'en'] as const) {
  test(`what a screen reader is told in every state: ${lang}`, async ({ page, embed }) => {
    let told = '';
    await walk(page, () => embed({ attributes: `lang="${lang}"`, lang, wait: false }), async (state) => {
      const tree = await page.locator('main').ariaSnapshot();
      told += `# ${state}\n${constant(tree)}\n\n`;
    });
    expect(told).toMatchSnapshot([`${lang}.aria.txt`]);
  });
}

/** Without what differs from run to run: the visitor, the time, the digest and the addresses. */
function constant(tree: string): string {
  return tree
    .replace(/visitor-\d+-\d+@/g, 'visitor@')
    .replace(/(?:[0-9A-F]{4} ){2}[0-9A-F]{4}/g, 'DIGEST')
    .replace(/\b\d{1,2} [\p{L}]+ \d{4}(?: à| at|,) \d{1,2}:\d{2}(?: [AP]M)?/gu, 'TIME')
    .replace(/\b[A-Z][a-z]+ \d{1,2}, \d{4} at \d{1,2}:\d{2}\s?[AP]M/gu, 'TIME')
    .replace(/blob:\S+|https?:\/\/127\.0\.0\.1:\d+\S*/g, 'ADDRESS');
}

test('the printed forms are valid, with and without errors, and so is what follows them', async ({ page, collector }) => {
  const print = (...line: string[]) => execFileSync(process.env.CANDOR_BIN ?? join(root, 'target/debug/candor'), ['render', ...line], { encoding: 'utf8' });
  for (const form of ['ebook-rgpd', 'webinar-b2b', 'all-fields', 'newsletter']) {
    const printed = print(join(root, `tests/e2e/forms/${form}.json`), '--lang', 'fr', '--public-url', collector.url);
    await expectValid(`<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>Host</title></head><body><main><h1>Host</h1>${printed}</main></body></html>\n`, `${form} printed`);
    const hosted = `${collector.url}/f/${form}?lang=fr`;
    await expectValid(await (await fetch(hosted)).text(), `${form} hosted`);
    const refused = await fetch(hosted, { method: 'POST', body: new URLSearchParams({ email: 'ada@', mail: 'ada@' }), headers: { Origin: collector.url } });
    expect(refused.status, form).toBe(422);
    await expectValid(await refused.text(), `${form} with errors`);
  }
  await page.route('**/candor.js', (route) => route.abort());
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  await email(page).fill(address());
  await newsletter(page).check();
  const thanks = page.waitForResponse((response) => response.request().method() === 'POST' || response.status() === 200);
  await send(page).click();
  await thanks;
  await expect(page.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  await expectValid(await (await page.request.get(page.url())).text(), 'thanks');
});
