// The playground of the built site on a real collector: a fault and its line, the form, the code that embeds it.
import AxeBuilder from '@axe-core/playwright';
import { transformSync } from 'esbuild';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Collector, root } from '../fixtures/collector';
import { HostSite, strictPolicy } from '../fixtures/host';
import { editor, expect, settled, stage, test, text, typeOver } from '../fixtures/playground';

// Much is typed here, key by key, as a person would.
test.describe.configure({ timeout: 90_000 });

test.afterEach(async ({ page }) => {
  expect(await page.evaluate(() => (window as any).faults), 'no error, no violation of the content policy').toEqual([]);
});

test('a fault is told at its line, as candor check tells it, and mended', async ({ page, open }) => {
  await open();
  const good: string = await text(page);
  await typeOver(page, '"promotional"', '"mandatory"');
  await settled(page, /^1 problem$/);
  const bad: string = await text(page);
  const [problem] = Collector.check(bad);
  expect(problem.rule).toBe('C-DEF-CONSENT-REQUIRED');
  const told = page.locator('.pg-problem');
  await expect(told).toHaveCount(1);
  await expect(told).toContainText(`Line ${problem.line}, column ${problem.column}`);
  await expect(told).toContainText(problem.message);
  await expect(told).toContainText(problem.help);
  await expect(told).toContainText(problem.rule);
  expect(bad.split('\n')[problem.line - 1]!.slice(problem.column - 1)).toMatch(/^"mandatory"/);
  await expect(page.locator('#stale')).toBeVisible();
  // The line is marked in the editor, and the list leads to it.
  await page.keyboard.press('Control+Home');
  await told.getByRole('button').click();
  await expect(editor(page)).toBeFocused();
  await expect(page.locator('.cm-lintRange-error')).toHaveText('"mandatory"');
  await expect(page.locator('.cm-activeLine')).toContainText('"mandatory"');
  await page.keyboard.press('Control+z');
  await settled(page, /nothing to mend/i);
  expect(await text(page)).toBe(good);
  await expect(page.locator('#stale')).toBeHidden();
  await expect(page.locator('.pg-problem[data-severity=error]')).toHaveCount(0);
});

test('a rule of law is told in the language of the page, with its source, and the form is shown all the same', async ({ page, open }) => {
  await open('fr');
  await typeOver(page, 'J’accepte qu’Acme Conseil m’appelle', 'Je ne souhaite pas qu’Acme Conseil m’appelle');
  const told = page.locator('.pg-problem', { hasText: 'C-EU-CONSENT-OPT-OUT' });
  await expect(told).toContainText('cocher cette case reviendrait à refuser');
  await expect(told.getByRole('link')).toHaveAttribute('href', /^https:/);
  const line = Collector.check(await text(page)).find(({ rule }) => rule === 'C-EU-CONSENT-OPT-OUT')!.line;
  await expect(told.locator('.pg-place')).toContainText(`${line}`);
  await expect(stage(page).getByText('Je ne souhaite pas qu’Acme Conseil m’appelle')).toBeVisible();
});

test('several problems stand in the order of the text, and a text that is no JSON has a place too', async ({ page, open }) => {
  await open();
  await typeOver(page, '"b2c"', '"b2x"');
  await typeOver(page, '"P18M"', '"18 months"');
  await settled(page, /^2 problems$/);
  const check = Collector.check(await text(page));
  const places = await page.locator('.pg-place').allTextContents();
  expect(places).toEqual(check.map((it) => `Line ${it.line}, column ${it.column}`));
  await typeOver(page, '"format"', '"format');
  await settled(page, /^1 problem$/);
  await expect(page.locator('.pg-problem')).toContainText('C-DEF-JSON');
});

test('what is written is seen: a label, a language, a theme, a rendering, a width', async ({ page, open }) => {
  await open();
  await expect(stage(page).getByRole('heading', { name: 'Get the GDPR guide' })).toBeVisible();
  await typeOver(page, 'Get the GDPR guide', 'Read the guide');
  await expect(stage(page).getByRole('heading', { name: 'Read the guide' })).toBeVisible();

  await page.getByRole('radio', { name: 'fr', exact: true }).check();
  await expect(stage(page).getByRole('heading', { name: 'Recevez le guide RGPD' })).toBeVisible();
  const ground = () => stage(page).locator('.candor').first().evaluate((form) => getComputedStyle(form).backgroundColor);
  await page.getByRole('radio', { name: 'Light', exact: true }).check();
  await expect.poll(ground).toBe('rgb(255, 255, 255)');
  await page.getByRole('radio', { name: 'Dark', exact: true }).check();
  await expect.poll(ground).toBe('rgb(26, 32, 29)');

  const isShadow = () => page.evaluate(() => Boolean(document.querySelector('candor-form')!.shadowRoot?.querySelector('form')));
  expect(await isShadow()).toBe(true);
  await page.getByRole('radio', { name: 'Light DOM' }).check();
  await expect(page.locator('#stage candor-form > div form')).toBeVisible();
  expect(await isShadow()).toBe(false);
  for (const width of [320, 480]) {
    await page.getByRole('radio', { name: String(width) }).check();
    await expect.poll(async () => (await stage(page).locator('candor-form').boundingBox())!.width).toBe(width);
  }
});

test('a warning is no “nothing to mend”, and every problem of the list can be seen', async ({ page, open }) => {
  await page.setViewportSize({ width: 1366, height: 900 });
  await open();
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('webinar-b2b');
  await settled(page, /^nothing to mend · 2 notes$/i);
  const heights = await page.locator('.pg-problem').evaluateAll((entries) => entries.map((entry) => entry.getBoundingClientRect().height));
  expect(heights).toHaveLength(2);
  for (const height of heights) expect(height, 'an entry is as high as its words').toBeLessThan(180);
  expect(await page.locator('#problems').evaluate((box) => box.scrollHeight - box.clientHeight), 'two notes have room').toBeLessThanOrEqual(0);
  // The editor has what the list leaves.
  expect((await page.locator('#editor').boundingBox())!.height).toBeGreaterThan(380);

  await typeOver(page, '"Webinar: audit-ready leads"', `"${'Webinar: audit-ready leads '.repeat(8).trim()}"`);
  const told = Collector.check(await text(page));
  const of = (severity: string) => told.filter((it) => it.severity === severity).length;
  expect([of('error'), of('warning') > 0]).toEqual([0, true]);
  await settled(page, new RegExp(`^${of('warning')} warnings? · ${of('note')} notes?$`));
});

test('every served form is a preset, shown in every language without a problem', async ({ page, open }) => {
  await open();
  const names = await page.getByRole('combobox', { name: 'Start from' }).locator('option').allTextContents();
  expect(names).toEqual(['Ebook gate', 'Webinar, B2B', 'Newsletter', 'Callback by phone', 'Every kind of field']);
  for (const id of ['webinar-b2b', 'newsletter', 'callback', 'all-fields', 'ebook-rgpd']) {
    await page.getByRole('combobox', { name: 'Start from' }).selectOption(id);
    await expect.poll(async () => JSON.parse(await text(page)).id).toBe(id);
    await settled(page, /^(nothing to mend|\d+ warnings?)( · |$)/i);
    const definition = JSON.parse(await text(page));
    for (const lang of definition.languages) {
      await page.getByRole('radio', { name: lang, exact: true }).check();
      const title = typeof definition.title === 'string' ? definition.title : definition.title[lang];
      await expect(stage(page).getByRole('heading', { name: title })).toBeVisible();
    }
  }
});

test('a file comes and goes by hand', async ({ page, open }) => {
  await open();
  const definition = JSON.parse(await text(page));
  definition.id = 'from-a-file';
  definition.title = 'From a file';
  await page.locator('#file').setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(definition)) });
  await expect(stage(page).getByRole('heading', { name: 'From a file' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Start from' }).locator('option:checked')).toHaveText('Your own · mine.json');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('from-a-file.json');
  expect(JSON.parse(readFileSync((await file.path())!, 'utf8'))).toEqual(definition);
});

test('the schema completes members and values and explains them', async ({ page, open }) => {
  await open();
  await typeOver(page, '"audience": "b2c"', '"audience": ');
  await page.keyboard.press('Control+Space');
  const list = page.locator('.cm-tooltip-autocomplete');
  await expect(list.getByRole('option')).toHaveText(['b2c', 'b2b']);
  await expect(page.locator('.cm-completionInfo')).toContainText(/people in their work|consumers/i);
  // By the mouse: in its first moment the list takes no key, so that nobody accepts what they have not seen.
  await list.getByRole('option', { name: 'b2b' }).click();
  await expect(list).toBeHidden();
  await expect.poll(async () => JSON.parse(await text(page)).audience).toBe('b2b');
  await typeOver(page, '"automatedDecisions"', '"aut');
  await page.keyboard.press('Control+Space');
  await expect(list.getByRole('option').first()).toHaveText(/automatedDecisions/);
  await page.keyboard.press('Escape');
});

test('the code for each platform is valid, and the HTML works on another site', async ({ page, open, demo }) => {
  await open();
  await page.getByRole('radio', { name: 'fr', exact: true }).check();
  await page.getByRole('radio', { name: 'Dark', exact: true }).check();
  await page.getByRole('tab', { name: 'Embed' }).click();
  const snippets = page.locator('#snippets');
  const code = async (kind: string) => (await snippets.locator(`pre[data-kind="${kind}"]`).allTextContents());
  const validator = new HtmlValidate(new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:standard'],
    elements: ['html5', { 'candor-form': { flow: true, phrasing: false } } as any],
    rules: { 'no-trailing-whitespace': 'error' },
  }));
  const own = await new HtmlValidate(new FileSystemConfigLoader({ root: true, extends: ['html-validate:recommended'] })).validateFile(join(root, 'dist/site/playground.html'));
  expect(own.results.flatMap((it) => it.messages.map((message) => `${message.line} ${message.message}`)), 'the page itself').toEqual([]);
  const isValid = async (html: string, what: string) => {
    const report = await validator.validateString(`<!DOCTYPE html>\n<html lang="fr">\n<head><title>t</title></head>\n<body>\n${html}\n</body>\n</html>\n`);
    expect(report.results.flatMap((it) => it.messages.map((message) => message.message)), `${what}: ${html}`).toEqual([]);
  };
  for (const platform of ['HTML', 'HubSpot', 'Webflow']) {
    await page.getByRole('radio', { name: platform, exact: true }).check();
    const html = await code('html');
    expect(html.join('\n')).toContain(`src="${demo.url}/v1/forms/ebook-rgpd" lang="fr" theme="dark"`);
    expect(html.join('\n')).toContain(`<noscript><a href="${demo.url}/f/ebook-rgpd?lang=fr">Recevez le guide RGPD</a></noscript>`);
    for (const piece of html) await isValid(piece, platform);
  }
  await page.getByRole('radio', { name: 'React', exact: true }).check();
  const [jsx] = await code('jsx');
  expect(transformSync(jsx!, { loader: 'jsx' }).code).toContain('theme: "dark"');
  await page.getByRole('radio', { name: 'Vue', exact: true }).check();
  const [config] = await code('js');
  transformSync(config!, { loader: 'js' });
  const [vue] = await code('vue');
  await isValid(/<template>\n([^]*)\n<\/template>/.exec(vue!)![1]!.replace(/ \/>/, '></candor-form>'), 'Vue');
  await page.getByRole('radio', { name: 'WordPress', exact: true }).check();
  const [php] = await code('php');
  expect(php).toContain(`esc_url( '${demo.url}/candor.js' )`);
  await isValid(/'(<script type="module" async [^']*<\/candor-form>)'/.exec(php!)![1]!.replaceAll('%s', 'x'), 'WordPress');
  expect(await code('text')).toEqual(['[candor_form id="ebook-rgpd" lang="fr"]']);

  // What was copied is put into a page of another site under the policy that is shown, and the form stands.
  await page.getByRole('radio', { name: 'HTML', exact: true }).check();
  const [html] = await code('html');
  await page.getByRole('textbox', { name: 'Address of your collector' }).fill('https://forms.example/');
  const [policy] = await code('policy');
  expect(policy).toContain("script-src 'self' https://forms.example 'wasm-unsafe-eval'");
  const site = await HostSite.start();
  const shown = policy!.replace('Content-Security-Policy: ', '').replaceAll('https://forms.example', demo.origin);
  expect(strictPolicy(demo.origin)).toContain(shown.split('; ')[1]);
  await page.goto(site.put('/', { html: `<!doctype html><html lang="fr"><meta charset="utf-8"><title>t</title><link rel="icon" href="/icon.svg">${html}</html>`, headers: { 'Content-Security-Policy': shown } }));
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await expect(page.getByRole('heading', { name: 'Recevez le guide RGPD' })).toBeVisible();
  await site.stop();
});

test('the page speaks French and English, without losing the text', async ({ page, open }) => {
  await open('fr');
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(page).toHaveTitle('Éditeur · Candor');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/écrivez le formulaire/i);
  await expect(stage(page).getByRole('heading', { name: 'Recevez le guide RGPD' })).toBeVisible();
  await typeOver(page, 'Recevez le guide RGPD', 'Lisez le guide');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page).toHaveTitle('Playground · Candor');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Write the form. See what it proves.');
  await expect(page.getByRole('tab').first()).toHaveText('Form');
  expect(await text(page)).toContain('Lisez le guide');
  // Every sentence of the page is there in both: an unknown word would have been an error.
  await page.getByRole('button', { name: 'Français' }).click();
  await expect(page.getByRole('tab').first()).toHaveText('Formulaire');
});

test('the keyboard alone: into the editor and out of it, tabs, submit', async ({ page, open }) => {
  await open();
  await editor(page).focus();
  await page.keyboard.press('Tab');
  await expect(editor(page)).not.toBeFocused();
  await page.getByRole('tab', { name: 'Form' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Record' })).toBeFocused();
  await expect(page.locator('#panel-record')).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.locator('#panel-embed')).toBeVisible();
  await page.keyboard.press('Home');
  await expect(page.locator('#panel-form')).toBeVisible();
  await stage(page).getByRole('textbox', { name: /e.mail address/i }).focus();
  await page.keyboard.type('ada@example.org');
  await page.keyboard.press('Enter');
  await expect(page.locator('.pg-verdict')).toHaveText(/matches/);
});

for (const scheme of ['light', 'dark'] as const) {
  for (const lang of ['fr', 'en']) {
    for (const width of [320, 1280]) {
      test.describe(() => {
        test.use({ bypassCSP: true, viewport: { width, height: 900 }, colorScheme: scheme });
        test(`axe finds nothing: ${scheme}, ${lang}, ${width} px`, async ({ page, open }) => {
          await open(lang);
          const axe = async (state: string) => {
            expect((await new AxeBuilder({ page }).analyze()).violations, state).toEqual([]);
            expect(await page.evaluate(() => document.documentElement.scrollWidth), `${state}: no sideways scrolling`).toBeLessThanOrEqual(width);
          };
          await axe('form');
          await stage(page).getByRole('textbox', { name: /e.mail/i }).fill('ada@example.org');
          await stage(page).getByRole('button', { name: /get the guide|recevoir le guide/i }).click();
          await expect(page.locator('.pg-verdict')).toBeVisible();
          await axe('record');
          await page.locator('#tab-embed').click();
          await axe('embed');
          await typeOver(page, '"promotional"', '"mandatory"');
          await settled(page, /^1 probl/);
          await axe('problem');
        });
      });
    }
  }
}

test('the patterns of the schema are regular expressions of browsers', async ({ page, open, demo }) => {
  await open();
  const count = await page.evaluate(async () => {
    const schema = await (await fetch('/schema/candor-form-1.json')).json();
    const patterns: string[] = [];
    const collect = (value: any): void => {
      if (value === null || typeof value !== 'object') return;
      if (typeof value.pattern === 'string') patterns.push(value.pattern);
      patterns.push(...Object.keys(value.patternProperties ?? {}));
      Object.values(value).forEach(collect);
    };
    collect(schema);
    for (const pattern of patterns) new RegExp(pattern, 'u');
    return patterns.length;
  });
  expect(count).toBeGreaterThan(20);
  const site = await (await fetch(`${demo.url}/site/candor-form-1.schema.json`)).text();
  expect(await (await fetch(`${demo.url}/schema/candor-form-1.json`)).text(), 'the copy beside the page is the same').toBe(site);
});
