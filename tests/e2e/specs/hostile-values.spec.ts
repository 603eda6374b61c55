// Markup, scripts and direction marks in every field, typed and taken over from a list: no page, no letter and no printed
// report runs any of it, with the browser's own rules (CSP) and, for files that stand alone, without them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Collector, link } from '../fixtures/collector';
import { expect, test } from '../fixtures/test';

const HOSTILE = [
  '<script>globalThis.ran = 1</script>',
  '<img src=x onerror="globalThis.ran=1">',
  '"><svg onload=globalThis.ran=1>',
  '</title></style><script>ran=1</script>',
  "'-globalThis.ran--' onfocus=ran=1 autofocus x='",
  '<iframe srcdoc="<script>top.ran=1</script>">',
  '{{constructor.constructor("ran=1")()}}',
  '\u202e<script>ran=1</script>\u2066',
  '<!--<script>ran=1//-->',
  '<a href="javascript:ran=1" id=bait>x</a>',
];
const SHORT = '<svg onload=ran=1>';
/** Fields that take nearly any text; the last one has twenty characters. */
const FIELDS = ['full_name', 'family', 'company', 'job', 'note', 'campaign'];

/** Every page on the way: nothing ran, nothing asked, and no element came of a value. */
async function judge(page: Page, name: string): Promise<void> {
  const found = await page.evaluate(() => ({
    ran: (globalThis as { ran?: unknown }).ran,
    // What a value would have become, were it markup.
    made: document.querySelectorAll('svg[onload], img[src="x"], iframe[srcdoc*="ran"], [onfocus], #bait, script:not([src]):not([type])').length,
    text: document.body.innerText.length,
  }));
  expect.soft(found, name).toEqual({ ran: undefined, made: 0, text: expect.any(Number) });
  expect(found.text, `${name} says something`).toBeGreaterThan(20);
}

/** Sends a form as a browser without script does, and stays on the page that answers. */
async function post(page: Page, collector: Collector, members: Record<string, string>): Promise<void> {
  await page.goto(`${collector.url}/f/all-fields?lang=en`);
  const answered = page.waitForEvent('framenavigated');
  await page.evaluate((members) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = location.pathname + '?lang=en';
    // What the page itself carries: version, texts, language, the time at which it was served.
    const own = [...document.querySelectorAll<HTMLInputElement>('form input[type=hidden][name^="candor-"]')].map((it) => [it.name, it.value] as const);
    for (const [name, value] of [...own, ...Object.entries(members)]) {
      const area = document.createElement('textarea');
      area.name = name;
      area.value = value;
      form.append(area);
    }
    document.body.append(form);
    form.submit();
  }, members);
  await answered;
  await page.waitForLoadState();
}

const good = { full_name: 'Ada', family: 'Byron', company: 'Engines', job: 'Countess', land: 'FR', zip: '75001', site: 'https://ada.example', note: 'Hello', short: 'A-1', size: 'small', topic: 'law', campaign: 'autumn' };

function fitting(hostile: string): Record<string, string> {
  const limit = (field: string) => (field === 'campaign' && hostile.length > 40 ? SHORT : hostile);
  return { ...good, short: SHORT, ...Object.fromEntries(FIELDS.map((field) => [field, limit(field)])) };
}

test('whatever is typed, no page runs it', async ({ page }) => {
  test.setTimeout(240_000);
  const collector = await Collector.start();
  const folder = mkdtempSync(join(tmpdir(), 'candor-hostile-'));
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  // The form printed by the collector is what is looked at; the widget's own fields have their tests.
  await page.route('**/candor.js', (route) => route.abort());
  try {
    // The judge sees what runs, where nothing keeps it from running.
    await page.setContent(`<p>Not a page of ours, which would say it in letters: ${HOSTILE[1]}</p>`);
    await page.waitForFunction(() => (globalThis as { ran?: unknown }).ran === 1);
    await expect(page.locator('img[src="x"]')).toHaveCount(1);

    for (const [number, hostile] of HOSTILE.entries()) {
      const mail = `h${number}@example.org`;
      // Once with something missing: the form comes back with what was typed.
      await post(page, collector, { ...fitting(hostile), mail, full_name: hostile, size: '' });
      await expect(page.locator('[aria-invalid="true"]').first()).toBeVisible();
      await judge(page, `the form again, ${hostile}`);
      // What no field takes is shown again too.
      await post(page, collector, { ...good, mail: hostile, site: hostile, zip: hostile, land: hostile });
      await judge(page, `refused values, ${hostile}`);

      await post(page, collector, { ...fitting(hostile), mail });
      await expect(page).toHaveURL(/\/t\//);
      await judge(page, `thanks, ${hostile}`);
      const places = await page.locator('a[href*="/m/"], a[href*="/r/"]').evaluateAll((links) => links.map((it) => (it as HTMLAnchorElement).href));
      expect(places.length, 'the page leads on').toBeGreaterThan(1);
      for (const place of places) {
        await page.goto(place);
        await judge(page, `${new URL(place).pathname.slice(0, 3)}, ${hostile}`);
      }
    }

    // The same from a list.
    const compiled = await (await fetch(`${collector.url}/v1/forms/all-fields?lang=en`)).json() as { texts: { ref: string; text: string }[]; record: { policy: { url: string } } };
    const mapping = {
      format: 'candor-import/1', language: 'en', source: HOSTILE[0], acted: { column: 'when' },
      purposes: { sheet: {}, similar: { column: 'similar' } },
      shown: [{ source: HOSTILE[1], from: '2000-01-01', until: '2100-01-01', policyUrl: compiled.record.policy.url, texts: Object.fromEntries(compiled.texts.map(({ ref, text }) => [ref, text])) }],
    };
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const names = [...Object.keys(good), 'mail', 'when', 'similar'];
    const rows = HOSTILE.map((hostile, number) => {
      const cells: Record<string, string> = { ...fitting(hostile), mail: `i${number}@example.org`, when: new Date().toISOString(), similar: 'no' };
      return names.map((name) => quoted(cells[name]!)).join(';');
    });
    writeFileSync(join(folder, 'mapping.json'), JSON.stringify(mapping));
    writeFileSync(join(folder, 'leads.csv'), `${names.join(';')}\r\n${rows.join('\r\n')}\r\n`);
    const report = collector.run('import', '--form', 'all-fields', '--format', 'csv', '--mapping', join(folder, 'mapping.json'), join(folder, 'leads.csv'));
    expect(report).toContain(`${HOSTILE.length} taken`);

    // What the person sees of everything, and the letter that leads there.
    for (const to of ['h0@example.org', 'i0@example.org', 'i1@example.org']) {
      await page.goto(`${collector.url}/m`);
      await page.getByRole('textbox').fill(to);
      await page.getByRole('button').first().click();
      const letter = await collector.mail(to);
      await page.goto('about:blank');
      await page.setContent(letter.html);
      await judge(page, `letter to ${to}`);
      const manage = link(letter, 'm')!;
      for (const place of [manage, `${manage}/data`]) {
        await page.goto(place);
        await judge(page, `${place === manage ? 'person' : 'data'} of ${to}`);
      }
      await expect(page.locator('main')).toContainText('onload', { ignoreCase: true });
    }
    await page.goto(`${collector.url}/mailbox`);
    await judge(page, 'the mailbox of the demo');

    // Files that stand alone have no server to forbid anything.
    const reports = [
      ['export', 'register', '--format', 'html'],
      ...['fr', 'en'].map((lang) => ['export', 'breach', '--from', '2000-01-01', '--to', '2100-01-01', '--format', 'html', '--lang', lang]),
      ['export', 'person', '--email', 'h0@example.org', '--reason', 'a test', '--format', 'html'],
      ['export', 'person', '--email', 'i1@example.org', '--reason', 'a test', '--format', 'html'],
    ];
    for (const [number, line] of reports.entries()) {
      const file = join(folder, `report-${number}.html`);
      writeFileSync(file, collector.run(...line));
      await page.goto(`file://${file}`);
      await judge(page, line.join(' '));
    }
    expect(dialogs).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await collector.stop();
  }
});
