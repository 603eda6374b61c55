// The proof of work, solved in the page: how long it keeps the main thread at a time, with a processor four times slower.
// Beside it the same page with no work to do, since a machine that is busy with other things has long tasks of its own.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Collector, root } from '../fixtures/collector';
import { page as hostPage } from '../fixtures/host';
import { email, send, sent, test } from '../fixtures/test';
import { SLOWDOWN } from './load';

const ROUNDS = 9;
const SLICE_MS = 50;

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

interface Tasks {
  longest: number;
  /** From the click to the receipt. */
  took: number;
}

/** Fills the form in and sends it; the longest task of the page from then to the receipt. */
async function submit(page: Page, url: string): Promise<Tasks> {
  await page.goto(url);
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await email(page).fill('ada@example.org');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.evaluate(() => {
    const seen = ((window as any).seen = { longest: 0, clicked: 0, done: 0 });
    // Tasks are told apart by messages that each get a task of their own: the observer of long ones knows none below 50 ms.
    const { port1, port2 } = new MessageChannel();
    let before = 0;
    port1.onmessage = () => {
      const now = performance.now();
      if (before && !seen.done) seen.longest = Math.max(seen.longest, now - before);
      before = now;
      if (!seen.done) port2.postMessage(0);
    };
    addEventListener('click', () => {
      seen.clicked = performance.now();
      port2.postMessage(0);
    }, { once: true, capture: true });
    addEventListener('candor-receipt', () => (seen.done = performance.now()), { once: true });
  });
  await send(page).click();
  await sent(page).waitFor();
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return page.evaluate(() => {
    const { longest, clicked, done } = (window as any).seen;
    return { longest, took: done - clicked };
  });
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
