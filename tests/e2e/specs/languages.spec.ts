// The same form in every language: nothing scrolls sideways at 320 pixels, whatever the length of its words; what runs
// from right to left is laid out so, on its own page and on one that runs the other way.
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { link, root } from '../fixtures/collector';
import { address, expect, listen, receiptOf, test } from '../fixtures/test';
import { page as hostPage } from '../fixtures/host';

const definition = JSON.parse(readFileSync(join(root, 'tests/e2e/forms/languages.json'), 'utf8'));
const LANGUAGES: string[] = definition.languages;
/** Those with the longest words, and one of each script. */
const LONG = ['fi', 'hu', 'de', 'el', 'bg'];

const narrow = { width: 320, height: 800 };
const sideways = (page: any) => page.evaluate(() => document.documentElement.scrollWidth);
const ready = (page: any) => page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');

/** What sticks out of the window, by its text. */
const sticksOut = (page: any) => page.evaluate(() => {
  const root = (document.querySelector('candor-form') as any)?.shadowRoot ?? document;
  return [...root.querySelectorAll('*')]
    .filter((element: any) => { const box = element.getBoundingClientRect(); return box.width && element.checkVisibility({ visibilityProperty: true }) && (box.right > innerWidth + 0.5 || box.left < -0.5); })
    .map((element: any) => element.textContent.trim().slice(0, 60));
});

test.use({ bypassCSP: true });

test('the hosted page of every language, without a script', async ({ browser, collector }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.setViewportSize(narrow);
  for (const language of LANGUAGES) {
    await page.goto(`${collector.url}/f/languages?lang=${language}`);
    await expect(page.locator('form.candor')).toHaveAttribute('lang', language);
    await expect(page.locator('form.candor')).toHaveAttribute('dir', 'ltr');
    await expect(page.getByRole('heading', { level: 1, name: definition.title[language] })).toBeVisible();
    expect(await sideways(page), language).toBeLessThanOrEqual(320);
  }
  await context.close();
});

for (const language of LONG) {
  test.describe(language, () => {
    test.use({ locale: language });

    test('from the form to the person’s own page', async ({ page, embed, heard, collector }) => {
      await page.setViewportSize(narrow);
      await embed({ attributes: `src="${collector.url}/v1/forms/languages" lang="${language}"`, lang: language });
      const fits = async (what: string) => {
        expect(await sideways(page), `${language}: ${what}`).toBeLessThanOrEqual(320);
        expect(await sticksOut(page), `${language}: ${what}`).toEqual([]);
      };
      const look = async (what: string) => {
        await fits(what);
        expect((await new AxeBuilder({ page }).analyze()).violations, `${language}: ${what}`).toEqual([]);
      };
      await look('start');
      const send = page.getByRole('button', { name: definition.submit.label[language] });
      await send.click();
      await expect(page.getByRole('alert')).toBeVisible();
      await look('errors');
      const visitor = address();
      await page.getByRole('textbox', { name: definition.fields[0].label[language] }).fill(visitor);
      await page.getByRole('textbox', { name: definition.fields[2].label[language] }).fill('Acme');
      await page.getByRole('checkbox').first().click();
      await send.click();
      const { manage } = await receiptOf(heard);
      await expect(page.getByRole('heading', { name: definition.submit.success[language] })).toBeVisible();
      await look('receipt');
      const mail = await collector.mail(visitor);
      const confirmation = link(mail, 'c')!;
      for (const url of [manage, confirmation, `${collector.url}/m`]) {
        await page.goto(url);
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await look(url.replace(/[A-Za-z0-9_-]{20,}/, '…'));
      }
      await page.goto('about:blank');
      await page.setContent(mail.html);
      await fits('mail');
    });
  });
}

/** CLDR’s pseudo-locale for what runs from right to left: the English form, each word marked so that a browser turns it. */
function mirrored(compiled: any): any {
  const turned = (text: string) => text.replace(/\{\w+\}|\p{L}+/gu, (word) => (word[0] === '{' ? word : `\u202e${word}\u202c`));
  const all = (words: Record<string, string>) => Object.fromEntries(Object.entries(words).map(([key, text]) => [key, turned(text)]));
  return {
    ...compiled,
    record: { ...compiled.record, language: 'ar-XB' },
    texts: compiled.texts.map((text: any) => ({ ...text, text: turned(text.text) })),
    messages: all(compiled.messages),
  };
}

for (const [kind, host] of [['of its own direction', 'rtl'], ['that runs the other way', 'ltr']] as const) {
  test(`from right to left, on a page ${kind}`, async ({ page, site, collector }) => {
    await page.setViewportSize(narrow);
    const compiled = await (await fetch(`${collector.url}/v1/forms/languages?lang=en`)).json();
    const inline = `<script type="application/json">${JSON.stringify(mirrored(compiled)).replaceAll('<', '\\u003c')}</script>`;
    await listen(page);
    const html = hostPage(collector.url, `<candor-form loading="eager" endpoint="">${inline}</candor-form>`, 'en').replace('<html ', `<html dir="${host}" `);
    await page.goto(site.put(`/rtl-${host}`, { html }));
    await ready(page);
    const form = page.locator('form.candor');
    await expect(form).toHaveAttribute('dir', 'rtl');
    expect(await sideways(page)).toBeLessThanOrEqual(320);
    // The box stands at the side where lines begin, its words after it.
    const box = (await page.getByRole('checkbox').first().boundingBox())!;
    const words = (await form.locator('.candor-purpose .candor-words').first().boundingBox())!;
    expect(box.x).toBeGreaterThan(words.x + words.width - 1);
    await page.getByRole('button', { name: /./ }).last().click();
    await expect(page.getByRole('alert')).toBeVisible();
    expect(await sideways(page)).toBeLessThanOrEqual(320);
    expect(await sticksOut(page)).toEqual([]);
    const email = page.locator('input[type=email]');
    // An address is read from left to right, and stands where the field begins.
    await expect(email).toHaveCSS('direction', 'ltr');
    await expect(email).toHaveCSS('text-align', 'end');
  });
}

test('a form keeps its direction on a page from right to left', async ({ page, site, collector }) => {
  await page.setViewportSize(narrow);
  await listen(page);
  const element = `<candor-form loading="eager" src="${collector.url}/v1/forms/languages" lang="fr"></candor-form>`;
  await page.goto(site.put('/rtl-page', { html: hostPage(collector.url, element, 'ar').replace('<html ', '<html dir="rtl" ') }));
  await ready(page);
  await expect(page.locator('form.candor')).toHaveAttribute('dir', 'ltr');
  const box = (await page.getByRole('checkbox').first().boundingBox())!;
  const words = (await page.locator('.candor-purpose .candor-words').first().boundingBox())!;
  expect(box.x + box.width).toBeLessThan(words.x + 1);
  expect(await sideways(page)).toBeLessThanOrEqual(320);
});

test('the collector’s pages, turned round', async ({ page, embed, heard, collector }) => {
  await page.setViewportSize(narrow);
  const visitor = address();
  await embed({ attributes: `src="${collector.url}/v1/forms/languages" lang="en"`, lang: 'en' });
  await page.getByRole('textbox', { name: definition.fields[0].label.en }).fill(visitor);
  await page.getByRole('textbox', { name: definition.fields[2].label.en }).fill('Acme');
  await page.getByRole('button', { name: definition.submit.label.en }).click();
  const { manage, receipt } = await receiptOf(heard);
  const record = JSON.parse(Buffer.from(receipt.payload, 'base64url').toString()).id;
  for (const url of [manage, `${collector.url}/mailbox`, `${collector.url}/mailbox/recorded/${record}`, `${collector.url}/f/languages?lang=en`]) {
    await page.goto(url);
    await page.evaluate(() => { document.documentElement.dir = 'rtl'; document.querySelector('form.candor')?.setAttribute('dir', 'rtl'); });
    expect(await sideways(page), url).toBeLessThanOrEqual(320);
    expect(await sticksOut(page), url).toEqual([]);
  }
});
