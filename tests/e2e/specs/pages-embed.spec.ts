// The documentation of embedding: each example does what the words beside it say, and the tables match the code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { HtmlValidate } from 'html-validate';
import { root } from '../fixtures/collector';
import { expect, test } from '../fixtures/demo';
import { address } from '../fixtures/test';

const state = (form: Locator) => form.evaluate((element: any) => element.state);
const ready = async (page: Page, id: string) => {
  const form = page.locator(`#${id}`);
  await form.scrollIntoViewIfNeeded();
  await expect.poll(() => state(form), { timeout: 20_000 }).toMatch(/editing|failed/);
  return form;
};

for (const { path, lang } of [{ path: '/integrer.html', lang: 'fr' }, { path: '/embed.html', lang: 'en' }]) {
  test.describe(path, () => {
    test.beforeEach(async ({ page, demo, problems: _ }) => {
      await page.addInitScript(() => {
        const heard: unknown[] = ((window as any).heard = []);
        (window as any).faults = [];
        for (const name of ['submit', 'receipt', 'error']) addEventListener(`candor-${name}`, (event: any) => heard.push({ name, id: event.target.id, detail: event.detail }));
        document.addEventListener('securitypolicyviolation', (event) => (window as any).faults.push(`CSP ${event.violatedDirective}`));
      });
      await page.goto(demo.url + path);
    });

    test('the first lines, copied into an empty page, are a form there', async ({ page, demo }) => {
      const lines = (await page.locator('#code-1').textContent())!;
      await page.route('**/copied.html', (route) => route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>t</title><body>${lines.replaceAll('https://forms.example', demo.url)}</body></html>`,
      }));
      await page.goto(`${demo.url}/copied.html`);
      const form = page.locator('candor-form');
      await expect.poll(() => state(form)).toBe('editing');
      expect(await form.getAttribute('lang')).toBe(lang);
      // Nothing of another platform's lines stands in the page.
      expect((await page.locator('body').evaluate((body) => [...body.childNodes].map((node) => (node.nodeType === 3 ? node.textContent!.trim() : '')).join('')))).toBe('');
    });

    test('whatever is shown as HTML to copy is HTML', async ({ page }) => {
      const validator = new HtmlValidate({
        root: true,
        extends: ['html-validate:standard'],
        elements: ['html5', { 'candor-form': { flow: true, phrasing: true, attributes: {} } } as any],
        // A frame’s width in per cent is none of HTML’s, and every browser’s; a style would be against a strict policy.
        rules: { 'attribute-allowed-values': 'off' },
      });
      const pieces = (await page.locator('pre.code code').allTextContents()).filter((text) => /^<(script|candor-form|iframe|link)/.test(text) && !text.includes('…'));
      expect(pieces.length).toBeGreaterThan(10);
      for (const piece of pieces) {
        // Looks stand below some of the elements.
        const html = piece.split(/\n\n(?!<)/)[0]!;
        const report = await validator.validateString(`<!DOCTYPE html>\n<html lang="${lang}">\n<head><title>t</title></head>\n<body>\n${html}\n</body>\n</html>\n`);
        expect(report.results.flatMap((it) => it.messages.map((message) => message.message)), piece).toEqual([]);
        expect(html, 'no rest of another platform’s lines').not.toMatch(/^\s*\. '|<\/script>'/m);
      }
    });

    test('src and events: a submission arrives', async ({ page, problems }) => {
      const form = await ready(page, 'x-src');
      await form.getByRole('textbox').fill(address());
      await form.getByRole('button').last().click();
      await expect.poll(() => state(form)).toMatch(/pending|done/);
      expect(await problems()).toEqual([]);
    });

    test('definition: inside the element and by the property; a refused one says why', async ({ page }) => {
      const inline = await ready(page, 'x-inline');
      await expect(inline.getByRole('heading')).toHaveText(lang === 'fr' ? 'Un mot de vous' : 'A word from you');
      expect(JSON.parse((await page.locator('#mini').textContent())!.match(/\{.*\}/s)![0])).toEqual(JSON.parse((await inline.locator('script').textContent())!));
      const property = await ready(page, 'x-property');
      expect(await property.getAttribute('src')).toBeNull();
      await expect(property.getByRole('heading')).toHaveText(lang === 'fr' ? 'La lettre d’Acme' : 'The Acme letter');

      const refused = await ready(page, 'x-refused');
      expect(await state(refused)).toBe('failed');
      await expect(page.locator('[data-log=x-refused]')).toContainText('"code":"definition"');
      await expect(refused.getByRole('status')).toBeVisible();
    });

    test('lang: the whole form, or all of it in its first language', async ({ page }) => {
      const form = await ready(page, 'x-lang');
      const button = form.getByRole('button').last();
      for (const [value, word] of [['en', 'Subscribe to the letter'], ['de', 'M’inscrire à la lettre'], ['fr', 'M’inscrire à la lettre']] as const) {
        await page.locator('#x-lang-lang').selectOption(value);
        await expect(button).toHaveText(word);
        await expect(page.locator('[data-of=x-lang][data-says]')).toHaveText(`record.language: ${value === 'en' ? 'en' : 'fr'}`);
      }
    });

    test('endpoint: empty, the page alone gets the fields', async ({ page }) => {
      const posts: string[] = [];
      page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
      const form = await ready(page, 'x-endpoint');
      const visitor = address();
      await form.getByRole('textbox').fill(visitor);
      await form.getByRole('button').last().click();
      await expect(page.locator('[data-fields=x-endpoint]')).toContainText(visitor);
      await expect.poll(() => state(form)).toBe('done');
      expect(posts).toEqual([]);
    });

    test('render, theme, loading, heading-level', async ({ page }) => {
      const loading = page.locator('#x-loading');
      expect(await state(loading), 'nobody is near').toBe('loading');

      const light = await ready(page, 'x-render');
      const title = light.locator('.candor-title');
      expect(await title.evaluate((element) => [element.getRootNode() === document, getComputedStyle(element).fontStyle])).toEqual([true, 'italic']);

      const themed = await ready(page, 'x-theme');
      const ground = () => themed.evaluate((element) => getComputedStyle(element.shadowRoot!.querySelector('.candor')!).backgroundColor);
      const dark = await ground();
      await page.locator('#x-theme-theme').selectOption('light');
      await expect.poll(ground).not.toBe(dark);

      await ready(page, 'x-loading');
      await expect(page.locator('[data-of=x-loading]')).toHaveText('state: editing');

      const level = await ready(page, 'x-level');
      for (const value of ['2', '6']) {
        await page.locator('#x-level-heading-level').selectOption(value);
        await expect(level.getByRole('heading', { level: Number(value) })).toBeVisible();
        await expect(page.locator('[data-of=x-level][data-says]')).toHaveText(`<h${value}>`);
      }
    });

    test('prefill: the link fills the field and leaves no trace in the address', async ({ page }) => {
      await page.locator('#a-prefill > p a').click();
      const form = await ready(page, 'x-prefill');
      await expect(form.getByRole('textbox')).toHaveValue('ada@exemple.org');
      expect(new URL(page.url()).hash).toBe('');
      await expect(page.locator('[data-says=address]')).toHaveText('location.hash: ""');
    });

    test('datalayer: the form’s id and no person', async ({ page }) => {
      const form = await ready(page, 'x-layer');
      const visitor = address();
      await form.getByRole('textbox').fill(visitor);
      await form.getByRole('button').last().click();
      await expect.poll(() => state(form)).toMatch(/pending|done/);
      const said = page.locator('[data-says=layer]');
      await expect(said).toContainText('candor-receipt');
      await expect(said).toContainText('"form_id": "newsletter"');
      await expect(said).not.toContainText(visitor);
    });

    test('methods and state, each with its event in the log', async ({ page }) => {
      const form = await ready(page, 'x-play');
      const log = page.locator('[data-log=x-play]');
      const said = page.locator('[data-of=x-play][data-says=state]');
      const call = (name: string) => page.locator(`[data-calls=${name}]`).click();
      await expect(log).toContainText('candor-ready');
      await call('validate');
      await expect(page.locator('#play-answer')).toHaveText('validate() → false');
      await expect(log).toContainText('candor-invalid');
      await form.getByRole('textbox').fill('+33 1 99 00 56 78');
      await expect(log).toContainText('candor-change {"field":"phone"}');
      await call('validate');
      await expect(page.locator('#play-answer')).toHaveText('validate() → true');
      await call('reset');
      await expect(form.getByRole('textbox')).toHaveValue('');
      await form.getByRole('textbox').fill('+33 1 99 00 56 78');
      await form.getByRole('checkbox').check();
      await expect(log).toContainText('candor-change {"purpose":"call"}');
      await expect(said).toHaveText('state: editing');
      await call('submit');
      await expect(log).toContainText('candor-submit');
      await expect(log).toContainText('candor-receipt');
      await expect(said).toHaveText(/state: (pending|done)/);
      expect((await log.locator('li', { hasText: 'candor-change' }).allTextContents()).join(), 'changes tell no value').not.toMatch(/\d/);
    });

    test('delivery: printed, hosted, in a frame at its own height', async ({ page, problems }) => {
      await page.locator('[data-prints]').click();
      await expect(page.locator('#printed')).toContainText('shadowrootmode="open"');
      const frame = page.locator('iframe');
      await frame.scrollIntoViewIfNeeded();
      const inside = frame.contentFrame();
      await expect(inside.getByRole('button').last()).toBeVisible();
      await expect.poll(async () => {
        const needed = await inside.locator('html').evaluate((html) => Math.ceil(html.getBoundingClientRect().height));
        return (await frame.evaluate((element) => element.getBoundingClientRect().height)) - needed;
      }).toBe(0);
      await inside.getByRole('textbox').fill(address());
      await inside.getByRole('button').last().click();
      await expect(inside.getByRole('heading', { name: lang === 'fr' ? /Encore un clic/ : /One more click/ })).toBeVisible();
      expect(await problems()).toEqual([]);
      await page.locator('#d-hosted a').click();
      await expect(page).toHaveURL(/\/f\/newsletter/);
    });

    test('the tables name every property with its default, and every part', async ({ page }) => {
      const css = readFileSync(join(root, 'src/view/first.css'), 'utf8');
      const names = [...new Set([...css.matchAll(/var\(\s*--candor-(?!theme-)([a-z-]+)/g)].map(([, name]) => `--candor-${name}`))];
      expect(await page.locator('#properties tbody th').allTextContents()).toEqual(names);
      for (const row of await page.locator('#properties tbody tr').all()) {
        const name = (await row.locator('th').textContent())!;
        const stated = css.replaceAll(/\s+/g, ' ').match(new RegExp(`var\\( ?${name}, var\\( ?--candor-theme-${name.slice(9)}, (.+?)\\)`))![1]!;
        for (const value of await row.locator('td code').allTextContents()) expect(stated, name).toContain(value.replace(', …', ''));
        for (const fill of await row.locator('rect').evaluateAll((swatches) => swatches.map((swatch) => swatch.getAttribute('fill')!))) expect(stated).toContain(fill);
      }
      const form = await ready(page, 'x-play');
      const parts = () => form.evaluate((element) => [...element.shadowRoot!.querySelectorAll('[part]')].flatMap((node) => node.getAttribute('part')!.split(' ')));
      await page.locator('[data-calls=validate]').click();
      const seen = new Set(await parts());
      await form.getByRole('textbox').fill('+33 1 99 00 56 78');
      await form.getByRole('button').last().click();
      await expect.poll(() => state(form)).toMatch(/pending|done/);
      for (const part of await parts()) seen.add(part);
      expect((await page.locator('#parts tbody th').allTextContents()).sort()).toEqual([...seen].sort());
    });

    test('the policy of the recipe is the one that these pages are served with', async ({ page, request, demo }) => {
      const served = (await request.get(demo.url + path)).headers()['content-security-policy']!.split(';').map((part) => part.trim());
      const shown = (await page.locator('#policy-same').textContent())!.replace('Content-Security-Policy:', '').split(';').map((part) => part.trim());
      for (const part of shown) expect(served.some((one) => one === part || one.startsWith(`${part} `)), part).toBe(true);
    });
  });
}
