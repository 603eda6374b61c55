// One load of one page in a browser of its own, over a slow network with a slow processor; and what a visitor got when.
import { chromium, expect, type CDPSession, type Page } from '@playwright/test';
import config from '../playwright.config';
import { tasks, watchTasks } from './tasks';

/** "Fast 3G" of Chromium's DevTools, as Puppeteer has it (PredefinedNetworkConditions): 1.6 Mbit/s less a tenth, and
 * 150 ms to the server for each of the 3.75 times that a request goes there and back. */
export const FAST_3G = { offline: false, latency: 150 * 3.75, downloadThroughput: (1.6e6 / 8) * 0.9, uploadThroughput: (750e3 / 8) * 0.9 };
export const SLOWDOWN = 4;
const DEADLINE_MS = 60_000;
/** As the Long Tasks API has it. */
const LONG_MS = 50;
/** High enough for every form: what is below the fold would come later, and not for everybody's forms. */
const VIEWPORT = { width: 800, height: 2_400 };

/** Times in milliseconds since the navigation began, sizes in bytes. */
export interface Figures {
  /** What went over the wire, compressed, with headers. */
  bytes: number;
  /** The box for the address is painted. */
  visible: number;
  /** The form's own script answers. */
  interactive: number;
  /** What tasks of more than 50 ms took of the processor beyond those, until the network was idle. */
  blocking: number;
  /** Objects of the page and of its scripts, and memory of wasm, after a collection. */
  heap: number;
  /** From the click on the button until the values are signed and would leave. */
  submit: number;
}

/** Runs in the page before anything else of it. */
function watch(): void {
  const measured = ((globalThis as any).measured = {
    visible: 0, clicked: 0, sent: 0,
    submitted: (at: number) => (measured.sent = at),
    paint: new Promise<void>((settle) => {
      const look = () => {
        const form = document.querySelector('candor-form');
        const box = (form?.shadowRoot ?? document).querySelector('input[type=email]');
        if (!box?.getBoundingClientRect().width) return requestAnimationFrame(look);
        // The frame after the one that it is painted in.
        return requestAnimationFrame(() => {
          measured.visible = performance.now();
          settle();
        });
      };
      requestAnimationFrame(look);
    }),
    ready: new Promise<void>((settle) => {
      addEventListener('candor-ready', () => performance.mark('interactive'));
      new PerformanceObserver((list) => list.getEntriesByName('interactive').length && settle()).observe({ type: 'mark', buffered: true });
    }),
  });
  addEventListener('candor-submit', (event) => {
    event.preventDefault();
    measured.submitted(performance.now());
  });
  addEventListener('click', (event) => {
    if (event.isTrusted) measured.clicked ||= performance.now();
  }, true);
}

/** All that a visitor can read, in shadow roots too. */
const said = (page: Page) => page.evaluate(() => {
  const root = document.querySelector('candor-form')?.shadowRoot;
  return (document.body.innerText + (root ? [...root.children].map((child) => (child as HTMLElement).innerText).join(' ') : '')).replace(/\s+/g, ' ');
});

/** Loads `url`, fills it in and sends it; `texts` must all be there to read, and `button` to press. */
export async function load(url: string, texts: string[], button: string): Promise<Figures> {
  // A new browser each time: nothing is cached, neither bytes nor compiled code.
  const browser = await chromium.launch(config.use!.launchOptions);
  try {
    const page = await browser.newPage({ locale: 'en-GB', viewport: VIEWPORT });
    const devtools: CDPSession = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', FAST_3G);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    let bytes = 0;
    devtools.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.addInitScript(watch);
    await watchTasks(browser, page);
    await page.goto(url, { waitUntil: 'commit' });
    // One promise in the page: a condition that is polled would take the frames that the form is waiting for.
    const late = page.waitForEvent('close', { timeout: DEADLINE_MS }).catch(() => Promise.reject(new Error(`no form at ${url}: ${faults.join('; ')}`)));
    await Promise.race([page.evaluate(() => Promise.all([(globalThis as any).measured.paint, (globalThis as any).measured.ready])), late]);
    await page.waitForLoadState('networkidle');
    const blocking = (await tasks(browser)).reduce((sum, took) => sum + Math.max(0, took - LONG_MS), 0);
    const { visible, interactive } = await page.evaluate(() => ({
      visible: (globalThis as any).measured.visible, interactive: performance.getEntriesByName('interactive')[0]!.startTime,
    }));
    const found = await said(page);
    for (const text of texts) expect(found, url).toContain(text);
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize = 0, embedderHeapUsedSize = 0, backingStorageSize = 0 } = (await devtools.send('Runtime.getHeapUsage')) as unknown as Record<string, number>;
    await page.locator('input[type=email]').fill('ada@example.org');
    await page.getByRole('button', { name: button }).click();
    await page.waitForFunction(() => (globalThis as any).measured.sent);
    const submit = await page.evaluate(() => (globalThis as any).measured.sent - (globalThis as any).measured.clicked);
    return { bytes, visible, interactive, blocking, heap: usedSize + embedderHeapUsedSize + backingStorageSize, submit };
  } finally {
    await browser.close();
  }
}
