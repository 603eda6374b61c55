// The second engine: the same form, collector and policies in Firefox.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { Collector, link } from '../fixtures/collector';
import { isEditing, Tab, test } from '../fixtures/firefox';
import { strictPolicy } from '../fixtures/host';

let person = 0;
const address = () => `firefox-${process.pid}-${person++}@example.org`;

test('a submission with a tick, under a strict policy: every check of its receipt is good', async ({ open, collector }) => {
  const tab = await open();
  const visitor = address();
  await tab.type('input[type=email]', visitor);
  await tab.click('input[name="purpose.newsletter"]');
  await tab.click('button[type=submit]');
  await tab.until(() => (document.querySelector('candor-form') as any).state === 'pending');
  const { receipt, state } = (await tab.heard()).find((event) => event.name === 'receipt')!.detail;
  expect(state).toBe('pending');
  const [file, jwks] = ['receipt.json', 'jwks.json'].map((name) => join(collector.data, name));
  writeFileSync(file!, JSON.stringify(receipt));
  writeFileSync(jwks!, JSON.stringify(await collector.keys()));
  Collector.verify('--jwks', jwks!, file!);
  const { processes } = JSON.parse(Buffer.from(receipt.payload, 'base64url').toString());
  const tick = processes.find((process: any) => process.purpose === 'newsletter');
  expect(tick).toMatchObject({ status: 'given', indication: { trusted: true } });
  expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
  expect(await tab.faults()).toEqual([]);
});

test('no WebAssembly: the plain form stands in, and works as a plain POST', async ({ open, collector }) => {
  const tab = await open({ policy: strictPolicy(collector.origin, ''), wait: false });
  const visitor = address();
  await tab.until(() => (window as any).heard.some((event: any) => event.name === 'error'));
  await tab.type('input[type=email]', visitor);
  expect((await tab.faults()).filter((fault) => !fault.startsWith('CSP'))).toEqual([]);
  await tab.click('button[type=submit]');
  expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
  await tab.until((origin) => location.origin === origin && document.querySelector('h1') !== null, collector.origin);
});

test('a tab that is closed as soon as it was sent: the submission arrives all the same', async ({ browser, open, collector }) => {
  const opener = await open();
  const opened = new Promise<any>((settle) => browser.once('targetcreated', (target) => settle(target.page())));
  // Closed in the next task after the last event before the request, so that its preflight is under way at most.
  await opener.page.evaluate(() => {
    const child = window.open(location.href)!;
    child.addEventListener('load', () => child.addEventListener('candor-submit', () => child.setTimeout(() => child.close())));
  });
  const child = new Tab(await opened);
  const visitor = address();
  await child.until(isEditing);
  await child.type('input[type=email]', visitor);
  const closed = new Promise((settle) => child.page.once('close', settle));
  // The click's own answer is lost with the tab.
  child.click('button[type=submit]').catch(() => undefined);
  await closed;
  expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
});

for (const [name, options] of Object.entries({ desktop: {}, phone: { width: 320 }, dark: { dark: true, width: 480 } })) {
  test(`pictures: ${name}`, async ({ open }, testInfo) => {
    const tab = await open(options);
    await tab.click('button[type=submit]');
    await tab.until(() => document.querySelector('candor-form')!.shadowRoot!.querySelector('[role=alert]') !== null);
    expect(await tab.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling').toBe(true);
    const shot = await tab.page.screenshot({ fullPage: true });
    writeFileSync(testInfo.outputPath(`${name}.png`), shot);
    const small = await tab.page.evaluate(() => [...document.querySelector('candor-form')!.shadowRoot!.querySelectorAll('input:not([type=hidden]),button,select,textarea')]
      .map((control) => control.getBoundingClientRect()).filter((box) => box.width && Math.min(box.width, box.height) < 24).length);
    expect(small, 'targets of at least 24 px (WCAG 2.2, 2.5.8)').toBe(0);
  });
}
