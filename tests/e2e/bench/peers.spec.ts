// Other forms with the same page content beside ours, in one run. Every figure is the median of some loads, and what
// counts is its ratio to the bare page: both meet the same machine in turn. `peers/build.js` makes the others' pages.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { test } from '@playwright/test';
import { Collector, root } from '../fixtures/collector';
import { load, SLOWDOWN, type Figures } from './load';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
/** While one form is worked on: part of the paths of the rows that are measured beside the bare one. */
const ONLY = process.env.ONLY ?? '';
const peers = join(import.meta.dirname, 'peers');
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

const BARE = '/bare/made/';
const OTHERS = {
  'react-hook-form': 'React, react-hook-form, zod', formkit: 'FormKit (Vue)', rjsf: 'React, rjsf, ajv', surveyjs: 'SurveyJS', formio: 'Form.io',
};

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Serves the pages and the files that Vite built, compressed as well as brotli can, as a content network would. */
async function serve(pages: Map<string, string>): Promise<Server> {
  const compressed = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://peers').pathname;
    const file = join(peers, 'dist', path);
    const content = pages.get(path) ?? (existsSync(file) ? readFileSync(file) : undefined);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    const body = compressed.get(path) ?? brotliCompressSync(content);
    compressed.set(path, body);
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'text/html; charset=utf-8', 'Content-Encoding': 'br' }).end(body);
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return server;
}

/** The hints of docs/embedding.md for a page that is all about its form. */
function hints(forms: string, form: string): string {
  const { files } = JSON.parse(readFileSync(join(root, 'dist/manifest.json'), 'utf8'));
  const path = (end: string) => `${forms}/${files.find(({ path }: { path: string }) => path.endsWith(end)).path}`;
  return `<link rel="modulepreload" href="${path('/candor_form.js')}" crossorigin>
<link rel="preload" as="fetch" type="application/wasm" href="${path('/candor_form_bg.wasm')}" crossorigin>
<link rel="preload" as="fetch" href="${path('/candor.css')}" crossorigin>
<link rel="preload" as="fetch" href="${form}?lang=en" crossorigin>`;
}

test('the same page with other forms', async () => {
  test.setTimeout(3_600_000);
  const pages = new Map<string, string>();
  const server = await serve(pages);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const collector = await Collector.start({ origins: [origin], forms: join(peers, 'made/forms') });
  const address = `${collector.url}/v1/forms/ebook-rgpd`;
  const content = JSON.parse(readFileSync(join(peers, 'made/content.json'), 'utf8'));
  const texts: string[] = [content.title, content.intro, content.service, content.note, content.notice,
    ...[...content.fields, ...content.choices].map(({ label }) => label), ...content.choices.flatMap(({ details }: any) => details ?? [])];

  const page = (head: string, form: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<title>A guide to the GDPR</title>${head}</head><body><main><h1>A guide to the GDPR</h1>${form}</main></body></html>`;
  const script = `<script type="module" async src="${collector.url}/candor.js"></script>`;
  const element = `<candor-form src="${address}" lang="en"></candor-form>`;
  pages.set('/prerendered', page(script, await (await fetch(`${address}/html?lang=en`)).text()));
  pages.set('/element', page(script, element));
  pages.set('/hinted', page(script + hints(collector.url, address), element));
  for (const name of ['bare', ...Object.keys(OTHERS)]) {
    pages.set(`/${name}/made/`, readFileSync(join(peers, 'dist', name, 'made', `${name}.html`), 'utf8'));
  }
  const all: [path: string, name: string][] = [
    [BARE, 'bare HTML and WebCrypto'], ['/prerendered', 'Candor, prerendered'], ['/hinted', 'Candor, element with hints'], ['/element', 'Candor, element'],
    ...Object.entries(OTHERS).map(([path, name]): [string, string] => [`/${path}/made/`, name]),
  ];
  const rows = all.filter(([path]) => path === BARE || ONLY.split(',').some((part) => path.includes(part)));

  const found = new Map<string, Figures[]>(rows.map(([path]) => [path, []]));
  // In turn, so that all meet the same machine.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [path] of rows) found.get(path)!.push(await load(origin + path, texts, content.submit));
  }
  await collector.stop();
  server.close();

  const of = (path: string, figure: keyof Figures) => median(found.get(path)!.map((each) => each[figure]));
  const ratio = (path: string, figure: keyof Figures) => `${(of(path, figure) / of(BARE, figure)).toFixed(2)}×`;
  const lines = rows.map(([path, name]) => [
    name, (of(path, 'bytes') / 1000).toFixed(1),
    Math.round(of(path, 'visible')), ratio(path, 'visible'), Math.round(of(path, 'interactive')), ratio(path, 'interactive'),
    Math.round(of(path, 'blocking')), (of(path, 'heap') / 1e6).toFixed(1), Math.round(of(path, 'submit')),
  ]);
  console.log(`\n${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]!.model}; Fast 3G, processor ${SLOWDOWN} times slower, medians of ${ROUNDS} loads\n`);
  console.log('| form | kB | visible ms | × bare | interactive ms | × bare | blocking ms | heap MB | submit ms |');
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|');
  for (const line of lines) console.log(`| ${line.join(' | ')} |`);
  // Other work on the machine only ever adds: the fastest loads say what is left without it.
  const fastest = (path: string, figure: keyof Figures) => Math.min(...found.get(path)!.map((each) => each[figure]));
  console.log('\nfastest load: visible ms (× bare), interactive ms (× bare)');
  for (const [path, name] of rows) {
    const cell = (figure: keyof Figures) => `${Math.round(fastest(path, figure))} (${(fastest(path, figure) / fastest(BARE, figure)).toFixed(2)}×)`;
    console.log(`${name}: ${cell('visible')}, ${cell('interactive')}`);
  }
  if (ONLY) return;
  console.log(`\naims: prerendered visible at most 1.05× bare (${ratio('/prerendered', 'visible')}); element interactive at most 1.5× (`
    + `${ratio('/hinted', 'interactive')} with hints, ${ratio('/element', 'interactive')} without); at most 80 ms of blocking more than bare `
    + `(${(of('/hinted', 'blocking') - of(BARE, 'blocking')).toFixed(0)})`);
});
