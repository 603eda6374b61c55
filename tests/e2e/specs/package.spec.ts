// The npm package as its users meet it: a Vite project that installed the tarball (`cargo xtask package --check` built it),
// with bare elements, React and Vue, rendered in the browser and on a server, under a strict policy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { Collector, root } from '../fixtures/collector';
import { HostSite } from '../fixtures/host';
import { submitBroken } from '../fixtures/tamper';
import { address, email, expect, listen, newsletter, send, sent, test as base } from '../fixtures/test';

const consumer = join(root, 'dist/package-consumer');

interface Project {
  site: HostSite;
  collector: Collector;
  /** One that wants a proof of work with every submission. */
  busy: Collector;
  form: string;
  open: (page: string, more?: string) => string;
}

const test = base.extend<{}, { project: Project }>({
  project: [async ({}, use) => {
    if (!existsSync(join(consumer, 'dist'))) throw new Error('dist/package-consumer is missing: run `cargo xtask package --check`');
    let forms = '';
    const policy = () => ({
      'Content-Security-Policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' ${forms}; form-action ${forms}; img-src data:; base-uri 'none'`,
    });
    const site = await HostSite.start(join(consumer, 'dist'), policy);
    const collector = await Collector.start({ origins: [site.origin] });
    const busy = await Collector.start({ origins: [site.origin], arguments: ['--proof-of-work', 'always', '--proof-of-work-cost', '1'] });
    forms = `${collector.origin} ${busy.origin}`;
    const form = `${collector.url}/v1/forms/ebook-rgpd`;
    const open = (page: string, more = '') => `${site.origin}/${page}.html?form=${encodeURIComponent(form)}${more}`;
    await use({ site, collector, busy, form, open });
    await busy.stop();
    await collector.stop();
    await site.stop();
  }, { scope: 'worker' }],
});

test.use({ locale: 'en-GB' });

for (const page of ['index', 'react', 'vue']) {
  test(`${page}: a form of the installed package submits`, async ({ page: tab, project }) => {
    await listen(tab);
    await tab.goto(project.open(page));
    await email(tab).fill(address());
    await newsletter(tab).click();
    await expect(email(tab), 'the framework renders anew at each change, and the form keeps what was typed').not.toHaveValue('');
    await send(tab).click();
    await expect(sent(tab)).toBeVisible();
    const told = page === 'index' ? tab.locator('body[data-heard="pending;"]') : tab.locator('output', { hasText: 'pending' });
    await expect(told).toHaveCount(1);
    expect(await tab.evaluate(() => (window as any).faults)).toEqual([]);
  });
}

const BUNDLERS = ['index', 'webpack', 'esbuild'];
const policyAgainst = (collector: Collector, script: string) =>
  `default-src 'none'; script-src 'self' ${script}; style-src 'self'; connect-src ${collector.origin} 'self'; form-action ${collector.origin}; img-src data:; require-trusted-types-for 'script'`;

for (const bundler of BUNDLERS) {
  const name = bundler === 'index' ? 'vite' : bundler;

  test(`${name}: every file is found: a form, its proof of work, and what checks the receipt`, async ({ page, project }) => {
    const shell = readFileSync(join(consumer, `dist/${bundler}.html`), 'utf8');
    const path = `/${name}-busy.html`;
    project.site.put(path, { html: shell, headers: { 'Content-Security-Policy': policyAgainst(project.busy, "'wasm-unsafe-eval'") } });
    const missing: string[] = [];
    page.on('response', (response) => response.status() === 404 && missing.push(response.url()));
    await listen(page);
    await page.goto(`${project.site.origin}${path}?form=${encodeURIComponent(`${project.busy.url}/v1/forms/ebook-rgpd`)}`);
    await email(page).fill(address());
    await send(page).click();
    await expect(sent(page)).toBeVisible();
    await page.getByRole('button', { name: /check|verify/i }).click();
    await expect(page.locator('candor-form').getByText('The seal belongs to this signature')).toBeVisible();
    expect(missing).toEqual([]);
    expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  });

  test(`${name}: a definition in the page is compiled there`, async ({ page, project }) => {
    project.site.put('/definition.json', { html: readFileSync(join(root, 'tests/e2e/forms/ebook-rgpd.json'), 'utf8') });
    await listen(page);
    await page.goto(project.open(bundler, '&definition=/definition.json'));
    await email(page).fill(address());
    await send(page).click();
    await expect(sent(page)).toBeVisible();
    expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  });

  test(`${name}: without WebAssembly, under a policy that allows no data: addresses, the plain form stands in`, async ({ page, project }) => {
    const shell = readFileSync(join(consumer, `dist/${bundler}.html`), 'utf8');
    const path = `/${name}-no-wasm.html`;
    project.site.put(path, { html: shell, headers: { 'Content-Security-Policy': policyAgainst(project.collector, '') } });
    await listen(page);
    await page.goto(`${project.site.origin}${path}?form=${encodeURIComponent(project.form)}`);
    await expect(page.locator('body[data-heard="wasm false;"]')).toHaveCount(1);
    await email(page).fill(address());
    await send(page).click();
    await page.waitForURL((url) => url.origin === project.collector.origin);
  });
}

const later = (page: Page) => page.evaluate(() => {
  const form = document.createElement('candor-form') as any;
  form.src = new URLSearchParams(location.search).get('form');
  form.loading = 'eager';
  form.id = 'later';
  document.body.append(form);
});
const isEditing = (page: Page, id: string) => page.waitForFunction((id) => (document.querySelector(id) as any)?.state === 'editing', id);

test('after a trap a form that comes later gets an instance of its own, by a bundler too', async ({ page, project }) => {
  await page.goto(project.open('webpack'));
  await isEditing(page, 'candor-form');
  await page.evaluate(submitBroken);
  await expect(page.locator('body[data-heard="trap false;"]')).toHaveCount(1);
  await later(page);
  await isEditing(page, '#later');
});

test('a module that did not arrive is fetched anew, by a bundler too', async ({ page, project }) => {
  await page.route('**/*.wasm', (route) => route.abort('connectionfailed'));
  await page.goto(project.open('webpack'));
  await expect(page.locator('body[data-heard="load true;"]')).toHaveCount(1);
  await page.unroute('**/*.wasm');
  await later(page);
  await isEditing(page, '#later');
});

test('beside the bundle, the collector’s script still looks after hosted forms in frames', async ({ page, project }) => {
  const { site, collector } = project;
  const shell = readFileSync(join(consumer, 'dist/webpack.html'), 'utf8');
  const frame = `<iframe src="${collector.url}/f/ebook-rgpd?lang=en" title="A form" width="100%" height="200"></iframe>`;
  const script = `<script type="module" src="${collector.url}/candor.js"></script>`;
  const html = shell.replace('<div', `${frame}<div`).replace('</html>', `${script}</html>`);
  await page.goto(site.put('/framed.html', { html }) + `?form=${encodeURIComponent(project.form)}`);
  await expect.poll(() => page.locator('iframe').evaluate((frame: HTMLIFrameElement) => Number(frame.height))).toBeGreaterThan(600);
});

test('react: a failure that comes at once is heard, and the children stay as the way out', async ({ page, project }) => {
  await page.goto(`${project.site.origin}/react.html`);
  await expect(page.locator('output')).toHaveText('form');
  await expect(page.getByRole('link', { name: 'The form on a page of its own' })).toBeVisible();
});

test('the README’s example for React, as it is printed', async ({ page, project }) => {
  project.site.put('/readme-page.html', { html: readFileSync(join(consumer, 'dist/readme.html'), 'utf8') });
  await page.route('https://forms.example/**', async (route) => {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    const body = request.postData() ?? undefined;
    const headers = { ...(await request.allHeaders()), origin: project.site.origin };
    const answer = await fetch(`${project.collector.url}${pathname}${search}`, { method: request.method(), headers, body });
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body: Buffer.from(await answer.arrayBuffer()) });
  });
  const said = page.waitForEvent('console', (message) => /pending|recorded/.test(message.text()));
  await page.goto(`${project.site.origin}/readme-page.html`);
  await email(page).fill(address());
  await send(page).click();
  await expect(sent(page)).toBeVisible();
  await said;
});

for (const framework of ['react', 'vue'] as const) {
  for (const printed of [false, true]) {
    test(`${framework} on a server, ${printed ? 'with the printed form' : 'the bare tag'}`, async ({ page, project }) => {
      const server = await import(pathToFileURL(join(consumer, 'server/server.js')).href);
      const snippet = await (await fetch(`${project.form}/html?lang=en`)).text();
      const [, inner] = /<candor-form[^>]*>([\s\S]*)<\/candor-form>/.exec(snippet)!;
      const html: string = await server[framework](project.form, printed ? inner : undefined);
      expect(html).toContain('<candor-form');
      const shell = readFileSync(join(consumer, 'dist', `${framework}.html`), 'utf8');
      const path = `/${framework}-${printed}.html`;
      const style = /<style[^>]*>([\s\S]*?)<\/style>/.exec(html)?.[1];
      const hash = style && Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
      const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' ${hash ? `'sha256-${hash}'` : ''}; connect-src ${project.collector.origin} 'self'; form-action ${project.collector.origin}; img-src data:`;
      project.site.put(path, { html: shell.replace('<!--app-->', html), headers: { 'Content-Security-Policy': policy } });
      const complaints: string[] = [];
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
      await listen(page);
      await page.goto(`${project.site.origin}${path}?form=${encodeURIComponent(project.form)}`);
      await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
      await expect(page.locator('candor-form form')).toHaveCount(1);
      await email(page).fill(address());
      await send(page).click();
      await expect(sent(page)).toBeVisible();
      await expect(page.locator('output')).toHaveText(/recorded|pending/);
      expect(complaints).toEqual([]);
      expect(await page.locator('body').getAttribute('data-heard')).toBeNull();
    });
  }
}

const named = (list: { name: string }[]) => list.map((each) => each.name).sort();

test('the declared surface is the real one', async ({ page, project }) => {
  await page.goto(project.open('index'));
  await expect(email(page)).toBeVisible();
  const real = await page.evaluate(() => {
    const constructor = customElements.get('candor-form') as any;
    const hidden = /^constructor$|Callback$/;
    const prototype = constructor.prototype;
    const names = Object.getOwnPropertyNames(prototype).filter((name) => !hidden.test(name));
    const parts = [...document.querySelector('candor-form')!.shadowRoot!.querySelectorAll('[part]')].map((node) => node.getAttribute('part'));
    return {
      members: names.sort(),
      writable: names.filter((name) => Object.getOwnPropertyDescriptor(prototype, name)!.set).sort(),
      methods: names.filter((name) => typeof Object.getOwnPropertyDescriptor(prototype, name)!.value === 'function').sort(),
      observed: [...constructor.observedAttributes],
      parts: [...new Set(parts)],
    };
  });

  const typings = readFileSync(join(root, 'www/package/candor-form.d.ts'), 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
  // One member a line, indented by two: `readonly state: CandorState;`, `'candor-ready': CustomEvent<…>;`, `reset(): void;`
  const members = (name: string) => {
    const body = new RegExp(`interface ${name} [^{]*\\{([\\s\\S]*?)\\n\\}`).exec(typings)![1]!;
    const found = [...body.matchAll(/^  (readonly )?'?([\w-]+)'?\??(\(|:)/gm)];
    return found.map(([, readonly, member, kind]) => ({ name: member!, isWritable: !readonly && kind === ':', isMethod: kind === '(' }));
  };
  const own = members('CandorFormElement').filter((member) => !member.name.endsWith('EventListener'));
  expect(named(own)).toEqual(real.members);
  expect(named(own.filter((member) => member.isWritable))).toEqual(real.writable);
  expect(named(own.filter((member) => member.isMethod))).toEqual(real.methods);

  const manifest = JSON.parse(readFileSync(join(root, 'www/package/custom-elements.json'), 'utf8')).modules[0].declarations[0];
  expect(named(manifest.members)).toEqual(real.members);
  expect(named(manifest.attributes)).toEqual(named(members('CandorAttributes')));
  for (const attribute of real.observed) expect(named(manifest.attributes)).toContain(attribute);
  expect(named(manifest.events)).toEqual(named(members('CandorEventMap')));
  for (const part of real.parts) expect(named(manifest.cssParts)).toContain(part);

  const sheet = readFileSync(join(root, 'src/view/first.css'), 'utf8');
  const properties = new Set([...sheet.matchAll(/var\(\s*(--candor-(?!theme-)[a-z-]+)/g)].map((match) => match[1]));
  expect(named(manifest.cssProperties)).toEqual([...properties].sort());
});

test('the package holds what its users load and nothing else, and integrity.json names each file by its digest', async () => {
  const folder = join(root, 'dist/package');
  const integrity: Record<string, string> = JSON.parse(readFileSync(join(folder, 'integrity.json'), 'utf8'));
  const bundle: { files: { path: string; integrity: string }[] } = JSON.parse(readFileSync(join(root, 'dist/manifest.json'), 'utf8'));
  const loaded = ['candor.css', 'candor_compiler.js', 'candor_compiler_bg.wasm', 'candor_form.js', 'candor_form_bg.wasm', 'frames.js', 'inline.js', 'plain.js', 'verify.js', 'words.js', 'work.js'];
  const versioned = Object.keys(integrity).find((path) => path.endsWith('/candor.css'))!.slice(0, -'candor.css'.length);
  const scripts = ['candor.js', 'index.js', 'inline.js'];
  expect(Object.keys(integrity).sort()).toEqual([...scripts, ...loaded.map((name) => versioned + name)].sort());
  const other = ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'candor-form.d.ts', 'custom-elements.json', 'integrity.json', 'package.json', 'react.d.ts', 'react.js', 'server.js'];
  const held = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(held).toHaveLength(scripts.length + loaded.length + other.length);
  for (const name of other) expect(existsSync(join(folder, name)), name).toBe(true);
  for (const [path, expected] of Object.entries(integrity)) {
    const digest = await crypto.subtle.digest('SHA-384', readFileSync(join(folder, path)));
    expect(`sha384-${Buffer.from(digest).toString('base64')}`, path).toBe(expected);
    const own = bundle.files.find((file) => file.path === path);
    if (own) expect(own.integrity, `${path} is the collector's own`).toBe(expected);
  }
});

test('React takes the wrapper for a component of the browser, also in a server component', () => {
  expect(readFileSync(join(root, 'dist/package/react.js'), 'utf8')).toMatch(/^'use client';/);
});
