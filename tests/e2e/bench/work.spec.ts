// The proof of work, solved in the page: how long it keeps the main thread at a time, with a processor four times slower.
// Beside it the same page with no work to do.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Collector, root } from '../fixtures/collector';
import { page as hostPage } from '../fixtures/host';
import { email, send, sent, test } from '../fixtures/test';
import { SLOWDOWN } from './load';
import { tasks, watchTasks } from './tasks';

const ROUNDS = 9;
const SLICE_MS = 50;

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

interface Tasks {
  longest: number;
  /** From the click to the receipt. */
  took: number;
}

/** Fills the form in and sends it; the longest task of the page from then to the receipt, the click itself among them. */
async function submit(page: Page, url: string): Promise<Tasks> {
  await page.goto(url);
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await email(page).fill('ada@example.org');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.evaluate(() => {
    const seen = ((window as any).seen = { clicked: 0, done: 0 });
    addEventListener('click', () => (seen.clicked = performance.now()), { once: true, capture: true });
    addEventListener('candor-receipt', () => (seen.done = performance.now()), { once: true });
  });
  const browser = page.context().browser()!;
  await watchTasks(browser, page);
  await send(page).click();
  await sent(page).waitFor();
  const longest = Math.max(...await tasks(browser));
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return { longest, took: await page.evaluate(() => (window as any).seen.done - (window as any).seen.clicked) };
}

test('the slices of the proof of work', async ({ page, site }) => {
  test.setTimeout(600_000);
  const kinds = [['with proof of work', 'always'], ['without', 'off']] as const;
  const found: Tasks[][] = kinds.map(() => []);
  const collectors = await Promise.all(kinds.map(([, when]) =>
    Collector.start({ origins: [site.origin], forms: join(root, 'tests/e2e/forms'), arguments: ['--proof-of-work', when] })));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, { url }] of collectors.entries()) {
      const form = `<candor-form loading="eager" lang="fr" src="${url}/v1/forms/ebook-rgpd"></candor-form>`;
      found[at]!.push(await submit(page, site.put(`/work-${at}`, { html: hostPage(url, form) })));
    }
  }
  for (const collector of collectors) await collector.stop();
  console.log(`\nfrom the click to the receipt, processor ${SLOWDOWN} times slower, medians of ${ROUNDS}`);
  for (const [at, [name]] of kinds.entries()) {
    const longest = median(found[at]!.map(({ longest }) => longest));
    const took = median(found[at]!.map(({ took }) => took));
    console.log(`${name.padEnd(20)} longest task ${longest.toFixed(0).padStart(4)} ms   took ${took.toFixed(0).padStart(6)} ms`);
  }
  console.log(`aim: no task of more than ${SLICE_MS} ms`);
});
