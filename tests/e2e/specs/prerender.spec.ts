// The printed form: there before any script, postable without one, and taken over without anybody noticing.
import { join } from 'node:path';
import { Collector, root } from '../fixtures/collector';
import { page as hostPage } from '../fixtures/host';
import { differing, geometry, hold, printed, shifts, takenOver, watchShifts } from '../fixtures/prerender';
import { stream } from '../fixtures/stream';
import { address, calls, email, expect, listen, newsletter, partners, receiptOf, send, sent, statuses, test } from '../fixtures/test';

let pages = 0;
const fresh = () => `/printed-${pages++}`;

for (const width of [1280, 320]) {
  for (const [mode, query, from, to] of [
    ['in a shadow root, at once', 'lang=fr', '<candor-form ', '<candor-form loading="eager" '],
    ['in a shadow root, when the page is idle', 'lang=fr', '', ''],
    ['in light DOM', 'lang=fr&render=light', '', ''],
    ['with a linked style sheet', 'lang=fr&stylesheet=link', '', ''],
  ] as const) {
    test(`taken over at ${width} px, ${mode}: no shift, the same pixels, values and ticks kept`, async ({ page, site, collector }) => {
      const { snippet, policy } = await printed(collector, query);
      // High enough for what follows: new nodes have no place that they could have left, so only their neighbours shift.
      await page.setViewportSize({ width, height: 2000 });
      await listen(page);
      await watchShifts(page);
      const release = await hold(page, '**/candor_form_bg.wasm');
      const html = hostPage(collector.url, snippet.replace(from, to) + '<p>What follows the form.</p>');
      await page.goto(site.put(fresh(), { html, headers: { 'Content-Security-Policy': policy } }));
      await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
      const visitor = address();
      await email(page).fill(visitor);
      await newsletter(page).click();
      await calls(page).click();
      await page.getByRole('textbox', { name: /téléphone/i }).fill('+33 1 99 00 12 34');
      await page.evaluate(() => (document.querySelector('h1') as HTMLElement).click());
      await page.mouse.move(0, 0);
      await page.evaluate(() => {
        const host = document.querySelector('candor-form')!;
        ((host.shadowRoot ?? document).activeElement as HTMLElement | null)?.blur();
      });
      const before = { places: await geometry(page), picture: await page.screenshot({ fullPage: true, animations: 'disabled' }) };
      const shiftsBefore = (await shifts(page)).length;
      release();
      await takenOver(page);
      expect((await shifts(page)).slice(shiftsBefore), 'CLS of the takeover').toEqual([]);
      expect(await geometry(page)).toEqual(before.places);
      expect(Object.keys(before.places).length).toBeGreaterThan(20);
      const after = await page.screenshot({ fullPage: true, animations: 'disabled' });
      expect(await differing(page, before.picture, after), 'pixels that differ').toBe(0);
      await expect(email(page)).toHaveValue(visitor);
      await expect(newsletter(page)).toBeChecked();
      await expect(page.getByRole('textbox', { name: /téléphone/i })).toHaveValue('+33 1 99 00 12 34');
      await expect(partners(page)).not.toBeChecked();
      expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
    });
  }
}

test('without the hash of its style sheet a strict page refuses it: the published hash is what lets it in', async ({ page, site, collector }) => {
  const { snippet, policy } = await printed(collector);
  const { strictPolicy } = await import('../fixtures/host');
  await listen(page);
  const shown = async (policy: string) => {
    await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet), headers: { 'Content-Security-Policy': policy } }));
    return page.evaluate(() => (window as any).faults.filter((fault: string) => fault.startsWith('CSP style')));
  };
  expect(await shown(strictPolicy(collector.origin))).not.toEqual([]);
  expect(await shown(policy)).toEqual([]);
});

test('a whole form is there while no script has arrived, and the page never shifts from its first paint', async ({ page, site, collector }) => {
  const { snippet } = await printed(collector);
  await watchShifts(page);
  const release = await hold(page, '**/candor.js');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet) }), { waitUntil: 'commit' });
  await expect(send(page)).toBeVisible();
  expect(await page.evaluate(() => customElements.get('candor-form'))).toBeUndefined();
  release();
  await takenOver(page);
  expect(await shifts(page)).toEqual([]);
});

test('only what shows at first is printed, and nothing is missing later: errors and receipt look as in any other form', async ({ page, site, collector }) => {
  const { snippet, policy } = await printed(collector);
  expect(snippet).toContain('.candor-input');
  expect(snippet).not.toContain('.candor-summary');
  const looks = async (html: string) => {
    await page.goto(site.put(fresh(), { html: hostPage(collector.url, html), headers: { 'Content-Security-Policy': policy } }));
    await takenOver(page);
    await send(page).click();
    await expect(page.getByRole('alert')).toBeVisible();
    const errors = await page.locator('candor-form').screenshot({ animations: 'disabled', caret: 'hide' });
    await email(page).fill('ada@example.org');
    await send(page).click();
    await expect(sent(page)).toBeVisible();
    const seal = await page.locator('.candor-seal').evaluate((seal) => {
      const { display, padding, backgroundColor, fontSize } = getComputedStyle(seal);
      return [display, padding, backgroundColor, fontSize];
    });
    return { errors, seal };
  };
  const own = await looks(snippet);
  const element = await looks(`<candor-form src="${collector.url}/v1/forms/ebook-rgpd" lang="fr"></candor-form>`);
  expect(await differing(page, own.errors, element.errors), 'pixels that differ').toBe(0);
  expect(own.seal).toEqual(element.seal);
  expect(own.seal[0]).toBe('grid');
});

test('a tick that nobody saw is kept, and held; one that the loader saw is the visitor’s own', async ({ page, site, collector, heard }) => {
  const { snippet } = await printed(collector);
  await listen(page);
  const script = await hold(page, '**/candor.js');
  const wasm = await hold(page, '**/candor_form_bg.wasm');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet) }), { waitUntil: 'commit' });
  await newsletter(page).click();
  script();
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await partners(page).click();
  await email(page).fill(address());
  await email(page).blur();
  wasm();
  await takenOver(page);
  await expect(newsletter(page)).toBeChecked();
  await expect(partners(page)).toBeChecked();
  await send(page).click();
  const { receipt, held } = await receiptOf(heard);
  expect(statuses(receipt)).toMatchObject({ newsletter: 'given', partners: 'given', call: 'not-given' });
  expect(held).toEqual(['newsletter']);
});

for (const [how, attack] of Object.entries({
  'a scripted click': (box: HTMLInputElement) => box.click(),
  'a scripted click on the label': (box: HTMLInputElement) => box.labels![0]!.click(),
  'the property, after the visitor unticked it': (box: HTMLInputElement) => {
    box.checked = true;
  },
})) {
  test(`ticked before the takeover by ${how}: held`, async ({ page, site, collector, heard }) => {
    const { snippet } = await printed(collector);
    await listen(page);
    const wasm = await hold(page, '**/candor_form_bg.wasm');
    await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet) }));
    await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
    if (how.startsWith('the property')) {
      await newsletter(page).click();
      await newsletter(page).click();
    }
    await newsletter(page).evaluate(attack);
    await expect(newsletter(page)).toBeChecked();
    await email(page).fill(address());
    await email(page).blur();
    wasm();
    await takenOver(page);
    await send(page).click();
    expect((await receiptOf(heard)).held).toEqual(['newsletter']);
  });
}

test('nobody’s field is replaced while they type: not before the focus has left the form', async ({ page, site, collector, heard }) => {
  const { snippet } = await printed(collector);
  await listen(page);
  const wasm = await hold(page, '**/candor_form_bg.wasm');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet) }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await email(page).pressSequentially('ada@exampl');
  const field = await email(page).elementHandle();
  const arrived = page.waitForResponse('**/candor_form_bg.wasm');
  wasm();
  await (await arrived).finished();
  // From field to field and back: the focus stays in the form all the while.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('End');
  await page.keyboard.type('eX');
  await page.keyboard.press('Control+z');
  expect(await field!.evaluate((node) => node.isConnected)).toBe(true);
  expect((await heard()).map((event) => event.name)).not.toContain('ready');
  await page.locator('h1').click();
  await takenOver(page);
  expect(await field!.evaluate((node) => node.isConnected)).toBe(false);
  await expect(email(page)).toHaveValue(/^ada@exampl/);
});

test('a submit before the takeover is held, shows that it is, and is the widget’s', async ({ page, site, collector, heard }) => {
  const { snippet } = await printed(collector);
  await listen(page);
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(new URL(request.url()).pathname));
  const wasm = await hold(page, '**/candor_form_bg.wasm');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet) }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await email(page).fill(address());
  await newsletter(page).click();
  await send(page).click();
  await expect(send(page)).toHaveAttribute('aria-disabled', 'true');
  wasm();
  await expect(sent(page)).toBeVisible();
  const { held, state } = await receiptOf(heard);
  expect({ held, state, posts }).toEqual({ held: [], state: 'pending', posts: ['/v1/submissions'] });
});

test('the browser’s own bubbles check the printed form, and a refused submit is not held', async ({ page, site, collector, heard }) => {
  const { snippet } = await printed(collector);
  await listen(page);
  await hold(page, '**/candor_form_bg.wasm');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet) }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await email(page).fill('ada@');
  await send(page).click();
  await expect(email(page)).toBeFocused();
  expect(await email(page).evaluate((field: HTMLInputElement) => field.validity.typeMismatch)).toBe(true);
  await expect(send(page)).not.toHaveAttribute('aria-disabled');
  // Ticked, the phone is asked for; unticked, its hidden field stops nobody.
  await expect(page.locator('candor-form [required]')).toHaveCount(1);
});

test('held, and the widget never comes: the printed form posts itself', async ({ page, site, collector, heard }) => {
  const { snippet, policy } = await printed(collector);
  await page.clock.install();
  await listen(page);
  await hold(page, '**/candor_form_bg.wasm');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet), headers: { 'Content-Security-Policy': policy } }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  const visitor = address();
  await email(page).fill(visitor);
  await send(page).click();
  await expect(send(page)).toHaveAttribute('aria-disabled', 'true');
  const errors = page.evaluate(() => new Promise((settle) => addEventListener('candor-error', (event) => settle((event as CustomEvent).detail.code))));
  await page.clock.fastForward(10_000);
  expect(await errors.catch(() => 'slow')).toBe('slow');
  await page.waitForURL((url) => url.origin === collector.origin && url.pathname.startsWith('/t/'));
  await expect(page.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  expect((await collector.mail(visitor)).text).toContain('/d/');
});

test('a page older than the form: values go over, ticks under other words do not', async ({ page, site, collector }) => {
  const { snippet } = await printed(collector);
  const older = snippet.replace(/(name="candor-texts"[^>]*value=")[^"]*/, '$1sha256-older').replace(/(value=")[^"]*("[^>]*name="candor-texts")/, '$1sha256-older$2');
  expect(older).toContain('sha256-older');
  const wasm = await hold(page, '**/candor_form_bg.wasm');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, older) }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await email(page).fill('ada@example.org');
  await newsletter(page).click();
  await newsletter(page).blur();
  wasm();
  await takenOver(page);
  await expect(email(page)).toHaveValue('ada@example.org');
  await expect(newsletter(page)).not.toBeChecked();
});

test('a page older than the form, and a submit under its words: the printed form goes by itself', async ({ page, site, collector }) => {
  const { snippet } = await printed(collector);
  const older = snippet.replace(/(name="candor-texts"[^>]*value=")[^"]*/, '$1sha256-older').replace(/(value=")[^"]*("[^>]*name="candor-texts")/, '$1sha256-older$2');
  const wasm = await hold(page, '**/candor_form_bg.wasm');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, older) }), { waitUntil: 'commit' });
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await email(page).fill('ada@example.org');
  await send(page).click();
  wasm();
  // The collector does not know that version, so it shows the form of today with what was typed.
  await page.waitForURL((url) => url.origin === collector.origin);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(email(page)).toHaveValue('ada@example.org');
});

test('put in by a script, the snippet is a form too', async ({ page, site, collector }) => {
  const { snippet } = await printed(collector);
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, '<div id="place"></div>') }));
  await hold(page, '**/candor_form_bg.wasm');
  await page.evaluate((snippet) => {
    document.querySelector('#place')!.innerHTML = snippet;
  }, snippet);
  await expect(send(page)).toBeVisible();
  expect(await page.locator('candor-form template').count()).toBe(0);
});

test('the files come once, and only when somebody is near or touches the form', async ({ page, site, collector }) => {
  const { snippet } = await printed(collector);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').pop()!));
  const far = `<ul>${'<li>one of many lines</li>'.repeat(400)}</ul>${snippet}`;
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, far) }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  expect(asked.filter((name) => /wasm|candor_form|ebook-rgpd/.test(name))).toEqual([]);
  await email(page).evaluate((field) => field.focus({ preventScroll: true }));
  await expect.poll(() => asked).toContain('candor_form_bg.wasm');
  await page.evaluate(() => (document.querySelector('candor-form')!.shadowRoot!.activeElement as HTMLElement).blur());
  await takenOver(page);
  for (const name of ['candor_form_bg.wasm', 'candor_form.js', 'candor.css', 'ebook-rgpd']) expect(asked.filter((asked) => asked === name), name).toHaveLength(1);
});

test('gone and back: what was printed stands there empty, and is taken over again', async ({ page, site, collector }) => {
  const { snippet } = await printed(collector, 'lang=fr&render=light');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet) }));
  await takenOver(page);
  await email(page).fill('ada@example.org');
  await newsletter(page).click();
  const left = await page.evaluate(async () => {
    const form = document.querySelector('candor-form')!;
    form.remove();
    await Promise.resolve();
    const box = form.querySelector<HTMLInputElement>('[type=checkbox]')!;
    return { sheets: document.adoptedStyleSheets.length, printed: !form.querySelector('form')!.noValidate, ticked: box.checked, email: form.querySelector<HTMLInputElement>('[name=email]')!.value };
  });
  expect(left).toEqual({ sheets: 0, printed: true, ticked: false, email: '' });
});

test('candor render: the whole page has its hints, and no file comes twice; the policy that it prints fits', async ({ page, site, collector }) => {
  const file = join(root, 'tests/e2e/forms/ebook-rgpd.json');
  const options = ['--lang', 'fr', '--public-url', collector.url];
  const html = Collector.command('render', file, '--page', ...options);
  const policy = Collector.command('render', file, '--csp', ...options).trim();
  const asked: string[] = [];
  const warnings: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').pop()!));
  page.on('console', (message) => warnings.push(message.text()));
  await listen(page);
  await page.goto(site.put(fresh(), { html: html.replace('<title>', '<link rel="icon" href="data:,"><title>'), headers: { 'Content-Security-Policy': `default-src 'none'; img-src data:; ${policy}` } }));
  await takenOver(page);
  for (const name of ['candor.js', 'candor_form.js', 'candor_form_bg.wasm', 'candor.css', 'ebook-rgpd']) expect(asked.filter((asked) => asked === name), name).toHaveLength(1);
  expect(warnings).toEqual([]);
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  const linked = Collector.command('render', file, '--stylesheet', 'link', '--light', '--heading-level', '3', ...options);
  expect(linked).toMatch(/^<candor-form [^>]*heading-level="3" render="light"><link rel="stylesheet" href="[^"]*\/candor\.css"><form /);
  expect(linked).not.toContain('<style');
});

test('printed with --light into a paragraph, which ends where a form begins: one form all the same, with what was typed', async ({ page, site, collector }) => {
  const { snippet } = await printed(collector, 'lang=fr&render=light');
  await listen(page);
  const release = await hold(page, '**/candor_form_bg.wasm');
  await page.goto(site.put(fresh(), { html: hostPage(collector.url, `<p>${snippet}</p><p>What follows the form.</p>`) }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await expect.poll(() => page.evaluate(() => document.querySelector('form')!.parentElement!.localName)).toBe('candor-form');
  await email(page).fill('ada@example.org');
  await email(page).blur();
  release();
  await takenOver(page);
  await expect(page.locator('form')).toHaveCount(1);
  await expect(email(page)).toHaveValue('ada@example.org');
});

for (const style of ['inline', 'link']) {
  test(`every kind of field, with a theme (${style}): the same pixels, and everything kept`, async ({ page, site, collector }) => {
    const { snippet, policy } = await printed(collector, `lang=en&stylesheet=${style}`, 'all-fields');
    await page.setViewportSize({ width: 640, height: 2400 });
    await listen(page);
    await watchShifts(page);
    const release = await hold(page, '**/candor_form_bg.wasm');
    await page.goto(site.put(fresh(), { html: hostPage(collector.url, `${snippet}<p>What follows the form.</p>`, 'en'), headers: { 'Content-Security-Policy': policy } }));
    await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
    const name = page.getByRole('textbox', { name: /^Name/ });
    await name.fill('Zoë "Example"');
    await page.getByRole('textbox', { name: /^Your question/ }).fill('One\n  Two');
    await page.getByRole('combobox', { name: /^Team size/ }).selectOption('large');
    await page.getByRole('radio', { name: 'Technology' }).check();
    await page.getByRole('radio', { name: 'Technology' }).blur();
    await page.mouse.move(0, 0);
    const colour = () => page.getByRole('button', { name: 'Show the sheet' }).evaluate((button) => getComputedStyle(button).backgroundColor);
    expect(await colour()).toBe('rgb(122, 31, 79)');
    const before = { places: await geometry(page), picture: await page.screenshot({ animations: 'disabled' }), shifts: (await shifts(page)).length };
    release();
    await takenOver(page);
    expect((await shifts(page)).slice(before.shifts)).toEqual([]);
    expect(await geometry(page)).toEqual(before.places);
    expect(await differing(page, before.picture, await page.screenshot({ animations: 'disabled' }))).toBe(0);
    expect(await colour()).toBe('rgb(122, 31, 79)');
    await expect(name).toHaveValue('Zoë "Example"');
    await expect(page.getByRole('textbox', { name: /^Your question/ })).toHaveValue('One\n  Two');
    await expect(page.getByRole('combobox', { name: /^Team size/ })).toHaveValue('large');
    await expect(page.getByRole('radio', { name: 'Technology' })).toBeChecked();
    await expect(page.getByRole('radio', { name: 'Law' })).not.toBeChecked();
    expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  });
}

test('the script is there before the parser: the root that the page prints is the one that is used', async ({ page, collector }) => {
  const { snippet } = await printed(collector);
  const [head, rest] = hostPage(collector.url, '<p>Before.</p>CUT').split('CUT');
  const opening = snippet.slice(0, snippet.indexOf('>') + 1);
  const half = snippet.indexOf('purpose.newsletter');
  const pieces = await stream(head!);
  const wasm = await hold(page, '**/candor_form_bg.wasm');
  await page.goto(pieces.url, { waitUntil: 'commit' });
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  pieces.write(opening);
  await page.waitForFunction(() => document.querySelector('candor-form') !== null);
  pieces.write(snippet.slice(opening.length, half));
  await expect(email(page)).toBeVisible();
  await email(page).fill('ada@example.org');
  await email(page).blur();
  pieces.write(snippet.slice(half));
  await expect(send(page)).toBeVisible();
  pieces.end(rest);
  wasm();
  await takenOver(page);
  expect(await page.locator('candor-form template').count()).toBe(0);
  await expect(email(page)).toHaveValue('ada@example.org');
  await pieces.stop();
});
