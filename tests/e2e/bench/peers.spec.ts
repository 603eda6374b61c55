// Other forms with the same page content, in one run, over Fast 3G with a processor four times slower: bytes, time to
// visible and to interactive, blocking, heap, latency of submit. Every figure also as a ratio to bare HTML.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { chromium, test, type CDPSession } from '@playwright/test';
import { Collector } from '../fixtures/collector';
import config from '../playwright.config';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const built = join(import.meta.dirname, 'peers/dist');
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
/** WebPageTest's "3GFast", as DevTools emulates it. */
const FAST_3G = { offline: false, latency: 150, downloadThroughput: (1.6e6 / 8), uploadThroughput: (768e3 / 8) };
const SLOWDOWN = 4;
const HEIGHT = 2_000;

interface Figures {
  bytes: number;
  visible: number;
  interactive: number;
  blocking: number;
  heap: number;
  submit: number;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Runs in the page before anything else of it. */
function watch(): void {
  const measured = ((globalThis as any).measured = {
    visible: 0, clicked: 0, sent: 0, blocking: 0,
    submitted: (at: number) => (measured.sent = at),
  });
  const box = () => {
    const element = document.querySelector('candor-form');
    return (element?.shadowRoot ?? document).querySelector('input[type=email]')?.getBoundingClientRect();
  };
  const look = () => {
    if (box()?.width) requestAnimationFrame(() => (measured.visible = performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) measured.blocking += Math.max(0, task.duration - 50);
  }).observe({ type: 'longtask', buffered: true });
  addEventListener('candor-ready', () => performance.mark('interactive'));
  addEventListener('candor-submit', (event) => {
    event.preventDefault();
    measured.submitted(performance.now());
  });
  addEventListener('click', (event) => event.isTrusted && (measured.clicked = performance.now()), true);
}

async function serve(pages: Map<string, string>): Promise<Server> {
  const compressed = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://peers').pathname;
    const file = join(built, path);
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

async function measure(url: string): Promise<Figures> {
  // A new browser each time: nothing is cached, neither bytes nor compiled code.
  const browser = await chromium.launch(config.use!.launchOptions);
  const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 800, height: HEIGHT } });
  const cdp: CDPSession = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', FAST_3G);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  let bytes = 0;
  cdp.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await page.addInitScript(watch);
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('interactive').length && (globalThis as any).measured.visible, null, { timeout: 60_000 });
  await page.waitForLoadState('networkidle');
  const { visible, blocking, interactive } = await page.evaluate(() => ({ ...(globalThis as any).measured, interactive: performance.getEntriesByName('interactive')[0]!.startTime }));
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = (await cdp.send('Runtime.getHeapUsage')) as Record<string, number>;
  await page.locator('input[type=email]').fill('ada@example.org');
  await page.getByRole('button', { name: /get the guide/i }).click();
  await page.waitForFunction(() => (globalThis as any).measured.sent);
  const submit = await page.evaluate(() => (globalThis as any).measured.sent - (globalThis as any).measured.clicked);
  await browser.close();
  return { bytes, visible, interactive, blocking, heap: usedSize! + embedderHeapUsedSize + backingStorageSize, submit };
}

test('the same page with other forms', async () => {
  test.setTimeout(3_600_000);
  const pages = new Map<string, string>();
  const server = await serve(pages);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const collector = await Collector.start({ origins: [origin] });
  const address = `${collector.url}/v1/forms/ebook-rgpd`;
  const shell = (head: string, form: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>A guide to the GDPR</title>${head}</head><body><main><h1>A guide to the GDPR</h1>${form}</main></body></html>`;
  const script = `<script type="module" async src="${collector.url}/candor.js"></script>`;
  pages.set('/candor-element', shell(script, `<candor-form src="${address}" lang="en"></candor-form>`));
  pages.set('/candor-prerendered', shell(script, await (await fetch(`${address}/html?lang=en`)).text()));
  const names = ['bare.html', 'candor-prerendered', 'candor-element', 'react-hook-form.html', 'rjsf.html', 'formkit.html', 'surveyjs.html', 'formio.html'];

  const found = new Map<string, Figures[]>(names.map((name) => [name, []]));
  // In turn, so that all meet the same machine.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) found.get(name)!.push(await measure(`${origin}/${name}`));
  }
  await collector.stop();
  server.close();

  const of = (name: string, figure: keyof Figures) => median(found.get(name)!.map((each) => each[figure]));
  console.log(`\nFast 3G, processor ${SLOWDOWN} times slower, medians of ${ROUNDS} loads; × is the ratio to the bare page`);
  console.log('form                     bytes    visible ms     ×   interactive ms     ×   blocking ms   heap kB   submit ms     ×');
  for (const name of names) {
    const ratio = (figure: keyof Figures) => (of(name, figure) / of('bare.html', figure)).toFixed(2).padStart(6);
    const cell = (figure: keyof Figures, width: number, scale = 1, digits = 0) => (of(name, figure) / scale).toFixed(digits).padStart(width);
    console.log(name.replace('.html', '').padEnd(20) + cell('bytes', 10) + cell('visible', 14) + ratio('visible') + cell('interactive', 17)
      + ratio('interactive') + cell('blocking', 14) + cell('heap', 10, 1024) + cell('submit', 12, 1, 1) + ratio('submit'));
  }
});
