// The element behaves like the platform: attributes, events, inline forms, one definition, a clean disconnect.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../fixtures/collector';
import { hold as holdBack } from '../fixtures/prerender';
import { address, email, expect, newsletter, payload, receiptOf, send, test } from '../fixtures/test';

const json = (text: string) => `<script type="application/json">${text}</script>`;

test('no violation of the strict policy with Trusted Types, no fault, no global trace', async ({ page, embed, heard, collector }) => {
  const problems: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
  await embed();
  const title = await page.title();
  await email(page).fill(address());
  await send(page).click();
  await receiptOf(heard);
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  expect(problems).toEqual([]);
  expect(await page.title()).toBe(title);
  expect(await page.evaluate(() => document.head.querySelectorAll('style').length)).toBe(0);

  const sameSite = await page.context().newPage();
  await sameSite.addInitScript(() => {
    (window as any).faults = [];
    document.addEventListener('securitypolicyviolation', (event) => (window as any).faults.push(event.violatedDirective));
  });
  const answer = await sameSite.goto(`${collector.url}/`);
  expect(answer!.headers()['content-security-policy']).toContain("require-trusted-types-for 'script'");
  await email(sameSite).fill(address());
  await send(sameSite).click();
  await expect(sameSite.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  expect(await sameSite.evaluate(() => (window as any).faults)).toEqual([]);
});

test('events: ready first, change without values, submit cancelable', async ({ page, embed, heard }) => {
  await embed();
  await page.evaluate(() => document.querySelector('candor-form')!.addEventListener('candor-submit', (event) => event.preventDefault()));
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await send(page).click();
  await expect.poll(async () => (await heard()).map((event) => event.name)).toContain('submit');
  const names = (await heard()).map((event) => event.name);
  expect(names[0]).toBe('ready');
  const changes = (await heard()).filter((event) => event.name === 'change');
  expect(changes.map((event) => event.detail)).toContainEqual({ purpose: 'newsletter' });
  expect(JSON.stringify(changes)).not.toContain(visitor);
  expect(posts, 'a cancelled submission is not sent').toEqual([]);
  await expect(email(page), 'nothing typed is lost').toHaveValue(visitor);
});

test('emit only: an empty endpoint sends nothing and still emits record and fields', async ({ page, embed, heard }) => {
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await embed({ attributes: 'endpoint=""' });
  await email(page).fill(address());
  await send(page).click();
  await expect.poll(async () => (await heard()).map((event) => event.name)).toContain('submit');
  const { record, disclosures, fields } = (await heard()).find((event) => event.name === 'submit')!.detail;
  expect(record.signatures).toHaveLength(1);
  expect(disclosures).toHaveLength(1);
  expect(Object.keys(fields.all)).toEqual(['email']);
  expect(posts).toEqual([]);
});

test('an inline compiled form', async ({ page, embed, heard, collector }) => {
  const compiled = await (await fetch(`${collector.url}/v1/forms/ebook-rgpd?lang=en`)).text();
  await embed({ inner: json(compiled), attributes: `endpoint="${collector.url}/v1/submissions"` });
  await expect(page.getByText('Get the GDPR guide')).toBeVisible();
  await email(page).fill(address());
  await send(page).click();
  expect((await receiptOf(heard)).state).toBe('recorded');
});

test('an inline definition is compiled in the page', async ({ page, embed, heard, collector }) => {
  const definition = readFileSync(join(root, 'tests/e2e/forms/ebook-rgpd.json'), 'utf8');
  await embed({ inner: json(definition), attributes: `lang="fr" endpoint="${collector.url}/v1/submissions"` });
  await email(page).fill(address());
  await send(page).click();
  const { receipt } = await receiptOf(heard);
  expect(payload(receipt).form.version).toMatch(/^sha256-/);
});

test('an unlawful inline definition is refused with its place and reason', async ({ page, embed, heard }) => {
  const definition = JSON.parse(readFileSync(join(root, 'tests/e2e/forms/ebook-rgpd.json'), 'utf8'));
  definition.gate.purpose = 'newsletter';
  await embed({ inner: json(JSON.stringify(definition)), attributes: 'lang="fr"', wait: false });
  await expect.poll(async () => (await heard()).map((event) => event.name)).toContain('error');
  const { code, message } = (await heard()).find((event) => event.name === 'error')!.detail;
  expect(code).toBeTruthy();
  expect(message).toContain('gate');
});

test('render="light" mounts in the page and submits', async ({ page, embed, heard }) => {
  await embed({ attributes: 'render="light"' });
  expect(await page.evaluate(() => document.querySelector('candor-form')!.shadowRoot)).toBeNull();
  await email(page).fill(address());
  await newsletter(page).click();
  await send(page).click();
  expect((await receiptOf(heard)).held).toEqual([]);
});

test('two forms on a page are apart: ids, values and ticks', async ({ page, site, collector, heard }) => {
  const form = `<candor-form loading="eager" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`;
  const { page: hostPage } = await import('../fixtures/host');
  const { listen } = await import('../fixtures/test');
  await listen(page);
  await page.goto(site.put('/two', { html: hostPage(collector.url, `${form}${form}`) }));
  await page.waitForFunction(() => [...document.querySelectorAll('candor-form')].every((form: any) => form.state === 'editing'));
  await email(page).nth(0).fill('first@example.org');
  await newsletter(page).nth(0).click();
  await expect(email(page).nth(1)).toHaveValue('');
  await expect(newsletter(page).nth(1)).not.toBeChecked();
  expect((await heard()).filter((event) => event.name === 'ready')).toHaveLength(2);
});

test('a second copy of the script is harmless and names both versions once', async ({ page, site, collector }) => {
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  const copy = (await (await fetch(`${collector.url}/candor.js`)).text());
  site.put('/copy/candor.js', { html: copy });
  await page.goto(site.put('/second', {
    html: `<!doctype html><html lang="fr"><link rel="icon" href="data:,"><title>Two copies</title><script type="module" src="${collector.url}/candor.js"></script>
<script type="module" src="/copy/candor.js"></script><candor-form loading="eager" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`,
  }));
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await expect.poll(() => warnings.length).toBe(1);
  expect(warnings[0]).toMatch(/\d+\.\d+\.\d+.*\d+\.\d+\.\d+/);
});

test('connected and disconnected fifty times: one form stands, and no fault', async ({ page, embed }) => {
  await embed();
  await page.evaluate(async () => {
    const form = document.querySelector('candor-form')!;
    for (let round = 0; round < 50; round += 1) {
      form.remove();
      document.querySelector('main')!.append(form);
      if (round % 10 === 0) await new Promise((settle) => requestAnimationFrame(settle));
    }
  });
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await expect(email(page)).toHaveCount(1);
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
});

test('methods: validate shows the errors, reset empties the form and its ticks', async ({ page, embed }) => {
  await embed();
  await newsletter(page).click();
  expect(await page.evaluate(() => (document.querySelector('candor-form') as any).validate())).toBe(false);
  await expect(page.getByRole('alert')).toBeVisible();
  await page.evaluate(() => (document.querySelector('candor-form') as any).reset());
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(newsletter(page)).not.toBeChecked();
});

test('the hosted page: the widget takes over with what was typed, and a submit before that is held for it', async ({ page, collector }) => {
  let release = () => {};
  const late = new Promise<void>((settle) => (release = settle));
  await page.route('**/candor_form_bg.wasm', async (route) => {
    await late;
    await route.continue();
  });
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(new URL(request.url()).pathname));
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await email(page).fill(address());
  await newsletter(page).click();
  await send(page).click();
  release();
  await expect(page.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  expect(posts).toEqual(['/v1/submissions']);
  await expect(page.getByText(/en attente/i).first(), 'a tick that the loader saw is the visitor’s own').toBeVisible();
});

test('a form far below is not loaded before it is near', async ({ page, site, collector }) => {
  const { page: hostPage, strictPolicy } = await import('../fixtures/host');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(site.put('/lazy', {
    html: hostPage(collector.url, `<ul>${'<li>one of many lines</li>'.repeat(400)}</ul><candor-form src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`),
    headers: { 'Content-Security-Policy': strictPolicy(collector.origin) },
  }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  expect(asked.some((path) => path.endsWith('.wasm') || path.startsWith('/v1/'))).toBe(false);
  await page.locator('candor-form').scrollIntoViewIfNeeded();
  await expect(email(page)).toBeVisible();
});

test('properties mirror attributes, also those that the page set before the class was there', async ({ page, site, collector }) => {
  const { page: hostPage } = await import('../fixtures/host');
  await page.goto(site.put('/early', {
    html: hostPage(collector.url, '').replace('<main>', `<main><candor-form id="early"></candor-form><script>
      Object.assign(document.querySelector('#early'), { src: '${collector.url}/v1/forms/ebook-rgpd', loading: 'eager', headingLevel: 3, theme: 'dark', datalayer: true });
    </script>`),
  }));
  await page.waitForFunction(() => (document.querySelector('#early') as any)?.state === 'editing');
  await expect(page.getByRole('heading', { level: 3 })).toBeVisible();
  expect(await page.evaluate(() => {
    const form = document.querySelector('#early') as any;
    const before = [form.src, form.loading, form.headingLevel, form.theme, form.datalayer, form.render, form.getAttribute('heading-level'), form.getAttribute('datalayer')];
    form.theme = null;
    form.datalayer = false;
    return [...before, form.hasAttribute('theme'), form.hasAttribute('datalayer')];
  })).toEqual([`${collector.url}/v1/forms/ebook-rgpd`, 'eager', '3', 'dark', true, null, '3', '', false, false]);
});

test('the language: its own, the nearest around it, the page’s across a shadow root, at last the visitor’s', async ({ browser, site, collector }) => {
  const { page: hostPage } = await import('../fixtures/host');
  const check = async (html: string, locale: string, expected: string) => {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    await page.goto(site.put('/language', { html }));
    await expect(page.getByRole('heading', { level: 2 }), `${expected} for ${html}`).toHaveText(expected === 'fr' ? /guide RGPD/ : /GDPR guide/);
    expect(await page.locator('candor-form form').getAttribute('lang')).toBe(expected);
    await context.close();
  };
  const form = (lang: string) => `<candor-form loading="eager" ${lang} src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`;
  await check(hostPage(collector.url, form('lang="en"'), 'fr'), 'fr-FR', 'en');
  await check(hostPage(collector.url, `<div lang="en-GB">${form('')}</div>`, 'fr'), 'fr-FR', 'en');
  await check(hostPage(collector.url, `<div id="outer"></div><script>document.querySelector('#outer').attachShadow({ mode: 'open' }).innerHTML = \`${form('')}\`</script>`, 'en'), 'fr-FR', 'en');
  const silent = (element: string) => hostPage(collector.url, element).replace(' lang="fr"', '');
  await check(silent(form('')), 'en-US', 'en');
  // A language that the form lacks shows the whole form in its default one.
  await check(hostPage(collector.url, form('lang="ja"'), 'en'), 'en-US', 'fr');
});

test('prefill takes declared fields from the address, at once and each time, and never a consent', async ({ page, site, collector }) => {
  const { page: hostPage, strictPolicy } = await import('../fixtures/host');
  const html = hostPage(collector.url, `<candor-form loading="eager" prefill="fragment" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`);
  const release = await holdBack(page, '**/candor_form_bg.wasm');
  await page.goto(`${site.put('/prefilled', { html, headers: { 'Content-Security-Policy': strictPolicy(collector.origin) } })}#candor:email=ada%40example.org&purpose.newsletter=yes&newsletter=yes&unknown=x`);
  await expect.poll(() => page.url(), 'before the widget has even arrived').not.toContain('#');
  release();
  await expect(email(page)).toHaveValue('ada@example.org');
  await expect(newsletter(page)).not.toBeChecked();
  await page.evaluate(async () => {
    const form = document.querySelector('candor-form')!;
    form.remove();
    await Promise.resolve();
    location.hash = '#candor:email=grace%40example.org';
    document.querySelector('main')!.append(form);
  });
  expect(page.url()).not.toContain('grace');
  await expect(email(page)).toHaveValue('grace@example.org');
});

test('datalayer: what happened and with which form, and nothing about the person', async ({ page, embed, heard }) => {
  await embed({ attributes: 'datalayer' });
  const visitor = address();
  await email(page).fill(visitor);
  await send(page).click();
  await receiptOf(heard);
  expect(await page.evaluate(() => (window as any).dataLayer)).toEqual(['candor-ready', 'candor-submit', 'candor-receipt'].map((event) => ({ event, form_id: 'ebook-rgpd' })));
});

test('parts set out together: none waits for another', async ({ page, site, collector }) => {
  const { page: hostPage } = await import('../fixtures/host');
  const asked = new Set<string>();
  const release = await holdBack(page, '**/{candor_form.js,candor_form_bg.wasm,candor.css,ebook-rgpd?lang=fr}', (name) => asked.add(name));
  await page.goto(site.put('/together', { html: hostPage(collector.url, `<candor-form loading="eager" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`) }));
  await expect.poll(() => [...asked].sort()).toEqual(['candor.css', 'candor_form.js', 'candor_form_bg.wasm', 'ebook-rgpd']);
  release();
  await expect(email(page)).toBeVisible();
});

test('twenty forms: each file once, every form its own', async ({ page, site, collector, heard }) => {
  const { page: hostPage } = await import('../fixtures/host');
  const { listen } = await import('../fixtures/test');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').pop()!));
  await listen(page);
  const form = `<candor-form loading="eager" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`;
  await page.goto(site.put('/twenty', { html: hostPage(collector.url, form.repeat(20)) }));
  await page.waitForFunction(() => [...document.querySelectorAll('candor-form')].every((form: any) => form.state === 'editing'));
  for (const name of ['candor_form.js', 'candor_form_bg.wasm', 'candor.css']) expect(asked.filter((asked) => asked === name), name).toHaveLength(1);
  expect((await heard()).filter((event) => event.name === 'ready')).toHaveLength(20);
  expect(await page.evaluate(() => new Set([...document.querySelectorAll('candor-form')].map((form) => form.shadowRoot!.querySelector('input')!.id)).size)).toBe(20);
});

test('the form is loaded when somebody touches it, before it is near', async ({ page, site, collector }) => {
  const { page: hostPage } = await import('../fixtures/host');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(site.put('/touched', {
    html: hostPage(collector.url, `<ul>${'<li>one of many lines</li>'.repeat(400)}</ul><candor-form src="${collector.url}/v1/forms/ebook-rgpd"><a href="/contact">Contact</a></candor-form>`),
  }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  expect(asked.some((path) => path.startsWith('/v1/'))).toBe(false);
  await page.evaluate(() => document.querySelector<HTMLElement>('candor-form a')!.focus({ preventScroll: true }));
  await expect.poll(() => asked.some((path) => path.endsWith('.wasm'))).toBe(true);
});

test('connect and disconnect are symmetrical: every listener of the element goes, and light DOM loses its style sheet', async ({ page, site, collector }) => {
  const { page: hostPage } = await import('../fixtures/host');
  await page.addInitScript(() => {
    // Counts what is listened to on nodes and windows, however it is taken away.
    const living = ((window as any).living = new Set<string>());
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    let next = 0;
    const keys = new WeakMap<object, Map<string, string>>();
    const known = (target: EventTarget, type: string, listener: any, options: any) => {
      const capture = typeof options === 'boolean' ? options : Boolean(options?.capture);
      const forTarget = keys.get(target) ?? new Map<string, string>();
      keys.set(target, forTarget);
      listener.candor ??= String(next++);
      return { forTarget, name: `${type} ${listener.candor} ${capture}` };
    };
    EventTarget.prototype.addEventListener = function (type: string, listener: any, options: any) {
      if (listener && (this instanceof Node || this === window)) {
        const { forTarget, name } = known(this, type, listener, options);
        if (!options?.signal?.aborted && !forTarget.has(name)) {
          const key = `${type} on ${(this as any).localName ?? this.constructor.name} ${next++}`;
          forTarget.set(name, key);
          living.add(key);
          if (options?.signal) {
            add.call(options.signal, 'abort', () => {
              living.delete(key);
              forTarget.delete(name);
            });
          }
        }
      }
      return add.call(this, type, listener, options);
    };
    EventTarget.prototype.removeEventListener = function (type: string, listener: any, options: any) {
      if (listener && (this instanceof Node || this === window)) {
        const { forTarget, name } = known(this, type, listener, options);
        living.delete(forTarget.get(name)!);
        forTarget.delete(name);
      }
      return remove.call(this, type, listener, options);
    };
  });
  await page.goto(site.put('/symmetrical', { html: hostPage(collector.url, '') }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  const listened = () => page.evaluate(() => [...(window as any).living].filter((key: string) => /candor-form|Shadow|Window|Document|div|form/i.test(key)).map((key: string) => key.replace(/ \d+$/, '')).sort());
  const before = await listened();
  for (const render of ['shadow', 'light']) {
    await page.evaluate(([source, render]) => {
      const form = Object.assign(document.createElement('candor-form'), { src: source, loading: 'eager', render });
      document.querySelector('main')!.append(form);
    }, [`${collector.url}/v1/forms/ebook-rgpd`, render!]);
    await page.waitForFunction(() => (document.querySelector('candor-form') as any).state === 'editing');
    await email(page).fill('ada@example.org');
    expect((await listened()).length, 'the control: while it is there it listens').toBeGreaterThan(before.length);
    await page.evaluate(async () => {
      document.querySelector('candor-form')!.remove();
      await Promise.resolve();
    });
    await expect.poll(listened).toEqual(before);
    expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0);
  }
});
