// Every page of the demo, in both languages: reachable by everybody, quiet, steady, and true to the strict policy.
import AxeBuilder from '@axe-core/playwright';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../fixtures/collector';
import { PAGES, allForms, expect, test, watchShifts } from '../fixtures/demo';
import { stream } from '../fixtures/stream';

const site = join(root, 'dist/site');
const both = PAGES.flatMap((pair) => pair.map((path, index) => ({ path, lang: index === 0 ? 'fr' : 'en', other: pair[1 - index]! })));

for (const { path, lang, other } of both) {
  test(`${path}: quiet, steady, in its language, and leaves nothing behind`, async ({ page, open, problems }) => {
    await open(path);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(lang);
    expect(await page.title()).toMatch(/\S{3}/);
    expect(await page.evaluate(() => (window as any).shift), 'nothing moves while forms load').toBe(0);
    expect(await page.evaluate(() => document.querySelectorAll('style, [style], script:not([src], [type="application/json"])').length), 'nothing inline').toBe(0);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, '']);
    const switches = page.getByRole('link', { name: lang === 'fr' ? 'English' : 'Français', exact: true });
    expect(new URL(await switches.evaluate((link: HTMLAnchorElement) => link.href)).pathname).toBe(other);
    expect(await problems()).toEqual([]);
  });

  test(`${path}: axe finds nothing, nothing runs over, light and dark, wide and at 320 pixels`, async ({ browser, demo }) => {
    test.slow();
    const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce' });
    const page = await context.newPage();
    // What stands in a frame is a page of its own, tested as such. Where one form stands many times on purpose, its landmarks have one name.
    const aside = /galerie|gallery|integrer|embed/.test(path) ? ['landmark-unique'] : [];
    await page.goto(demo.url + path);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      await allForms(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect((await new AxeBuilder({ page }).exclude('iframe').disableRules(aside).analyze()).violations, `${width} ${colorScheme}`).toEqual([]);
      }
    }
    await context.close();
  });

  test(`${path}: at 320 pixels nothing moves either`, async ({ page, open }) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await open(path);
    expect(await page.evaluate(() => (window as any).shift)).toBe(0);
  });

  for (const width of [320, 900, 1280]) {
    test(`${path}: arriving block by block at ${width} pixels, nothing that is there gives way`, async ({ page, demo }) => {
      const file = readFileSync(join(site, path === '/' ? 'index.html' : path.slice(1)), 'utf8');
      const [first, ...blocks] = file.split(/(?<=<\/header>\n|^ {6,10}<\/\w+>\n)/m);
      expect(blocks.length).toBeGreaterThan(5);
      await page.setViewportSize({ width, height: 800 });
      await watchShifts(page);
      const arriving = await stream(first!, demo.url);
      await page.goto(arriving.url, { waitUntil: 'commit' });
      for (const block of blocks) {
        await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
        arriving.write(block);
      }
      arriving.end();
      await page.waitForLoadState();
      await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
      expect(await page.evaluate(() => (window as any).shift)).toBe(0);
      await arriving.stop();
    });
  }
}

for (const { path } of both.filter(({ path }) => !/galerie|gallery|integrer|embed|extrait|excerpt/.test(path))) {
  test(`${path}: the room that is kept for the form is the form’s, at every width`, async ({ page, open }) => {
    test.slow();
    for (const width of [320, 361, 412, 481, 600, 768, 800, 801, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await open(path);
      const form = page.locator('main candor-form').first();
      const left = await form.evaluate((element) => element.getBoundingClientRect().bottom - element.shadowRoot!.querySelector('form')!.getBoundingClientRect().bottom);
      expect(left, `${width}: no hole below it`).toBeLessThan(200);
      expect(await form.evaluate((element) => element.shadowRoot!.querySelector('form')!.getBoundingClientRect().height - parseFloat(getComputedStyle(element).minHeight)), `${width}: nothing is pushed down`).toBeLessThanOrEqual(0);
    }
  });
}

test('each page tells what others show of it: title, words, language, and itself in the other one', async ({ request, demo }) => {
  for (const { path, lang, other } of both) {
    const html = await (await request.get(demo.url + path)).text();
    const meta = (name: string) => new RegExp(`<meta (?:name|property)="${name}" content="([^"]+)">`).exec(html)?.[1];
    expect(meta('og:title'), path).toBe(/<title>([^<]+)<\/title>/.exec(html)![1]);
    expect(meta('og:description'), path).toBe(meta('description'));
    expect(meta('og:locale'), path).toBe(lang === 'fr' ? 'fr_FR' : 'en_GB');
    const alternates = [...html.matchAll(/<link rel="alternate" hreflang="(..)" href="([^"]+)">/g)].map(([, tag, href]) => [tag, href]);
    expect(alternates, path).toEqual([[lang, path], [lang === 'fr' ? 'en' : 'fr', other]]);
  }
});

test('forced colours: each control keeps an outline', async ({ page, open }) => {
  test.slow();
  await page.emulateMedia({ forcedColors: 'active' });
  for (const { path } of both) {
    await open(path);
    const bare = await page.locator('button:visible, a.button:visible, candor-form input:visible').evaluateAll((controls) =>
      controls.filter((control) => {
        const { borderTopWidth, appearance } = getComputedStyle(control);
        const isDrawn = borderTopWidth !== '0px' || appearance === 'auto' || control.matches('.close, .candor-link');
        return !isDrawn && !(control as HTMLInputElement).type?.match(/checkbox|radio/);
      }).map((control) => control.outerHTML));
    expect(bare, path).toEqual([]);
  }
});

test('the same way through all pages of a language, and no link leads nowhere', async ({ request, demo, page }) => {
  const targets = new Set<string>();
  for (const index of [0, 1] as const) {
    const ways = new Set<string>();
    for (const pair of PAGES) {
      await page.goto(demo.url + pair[index]);
      const way = await page.locator('header.site nav a').evaluateAll((links) => links.map((link) => `${link.textContent} ${link.getAttribute('href')}`));
      ways.add(way.join(', '));
      expect(await page.locator('header.site [aria-current=page]').getAttribute('href')).toBe(pair[index]);
      for (const href of await page.locator('a[href^="/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')!))) targets.add(href);
      for (const hash of await page.locator('a[href^="#"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')!)))
        expect(await page.locator(hash).count(), `${pair[index]} ${hash}`).toBe(1);
    }
    expect([...ways]).toHaveLength(1);
  }
  for (const target of targets) expect((await request.get(demo.url + target)).status(), target).toBe(200);
});

test('html-validate finds nothing to say', async () => {
  const validate = new HtmlValidate(new FileSystemConfigLoader({ root: true, extends: ['html-validate:recommended'] }));
  expect((await validate.validateString('<!DOCTYPE html><html><body><img src="x"></body></html>')).valid, 'it has rules').toBe(false);
  const pages = readdirSync(site).filter((name) => name.endsWith('.html'));
  expect(pages.length).toBeGreaterThanOrEqual(PAGES.length * 2);
  for (const pair of PAGES)
    for (const path of pair) {
      const file = join(site, path === '/' ? 'index.html' : path);
      expect(existsSync(file), file).toBe(true);
      const report = await validate.validateFile(file);
      expect(report.results.flatMap((result) => result.messages.map((one) => `${path}:${one.line} ${one.message}`))).toEqual([]);
    }
});

test('without JavaScript each landing page still leads to its form', async ({ browser, demo }) => {
  test.slow();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  for (const { path } of both.filter(({ path }) => !/galerie|gallery|integrer|embed/.test(path))) {
    await page.goto(demo.url + path);
    await page.locator('main a.button:visible').click();
    await expect(page.locator('form[method=post]')).toBeVisible();
  }
  await context.close();
});
