// The form of one purpose, in every place where it can stand: no box, the statement right above the button, the button
// names the act, and submitting is the act. Afterwards the mailbox confirms it, and it is in effect.
import { link, type Collector } from '../fixtures/collector';
import { page as hostPage, strictPolicy, type HostSite } from '../fixtures/host';
import { printed, takenOver } from '../fixtures/prerender';
import { address, expect, payload, test } from '../fixtures/test';

const STATEMENT = 'By subscribing you agree to get the letter of Acme Conseil by e‑mail each month.';

let pages = 0;
const element = (rest: string) => async (collector: Collector, site: HostSite) =>
  site.put(`/one-purpose-${pages++}`, {
    html: hostPage(collector.url, `<candor-form loading="eager" src="${collector.url}/v1/forms/newsletter" lang="en" ${rest}></candor-form>`),
    headers: { 'Content-Security-Policy': strictPolicy(collector.origin) },
  });

const PLACES: { place: string; script: boolean; observed: boolean; address: (collector: Collector, site: HostSite) => Promise<string> }[] = [
  { place: 'the element', script: true, observed: true, address: element('') },
  { place: 'the element in light DOM', script: true, observed: true, address: element('render="light"') },
  {
    place: 'the printed form, taken over', script: true, observed: true,
    address: async (collector, site) => {
      const { snippet, policy } = await printed(collector, 'lang=en', 'newsletter');
      return site.put(`/one-purpose-${pages++}`, { html: hostPage(collector.url, snippet), headers: { 'Content-Security-Policy': policy } });
    },
  },
  { place: 'the hosted page', script: true, observed: true, address: async (collector) => `${collector.url}/f/newsletter?lang=en` },
  { place: 'the hosted page without script', script: false, observed: false, address: async (collector) => `${collector.url}/f/newsletter?lang=en` },
];

for (const { place, script, observed, address: where } of PLACES) {
  test(`one purpose in ${place}`, async ({ browser, collector, site }) => {
    const context = await browser.newContext({ javaScriptEnabled: script, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(await where(collector, site));
    if (script) await takenOver(page);
    const button = page.getByRole('button', { name: 'Subscribe to the letter' });
    await expect(button).toBeVisible();
    await expect(page.getByRole('checkbox')).toHaveCount(0);
    const statement = (await page.getByText(STATEMENT).filter({ visible: true }).boundingBox())!;
    const gap = (await button.boundingBox())!.y - (statement.y + statement.height);
    expect(gap, 'nothing stands between statement and button').toBeGreaterThanOrEqual(0);
    expect(gap).toBeLessThan(40);

    const visitor = address();
    await page.getByRole('textbox', { name: /e.mail address/i }).fill(visitor);
    await button.click();
    const confirm = link(await collector.mail(visitor), 'c')!;
    const answer = await fetch(confirm, { method: 'POST', redirect: 'manual' });
    expect(answer.status, 'confirmed').toBeLessThan(400);

    const known = JSON.parse(collector.run('export', 'person', '--email', visitor, '--reason', 'what one purpose records'));
    expect(known.purposes).toMatchObject([{ purpose: 'letter', state: 'given' }]);
    const record = payload(known.records[0].receipt);
    expect(record.capture).toMatchObject({ observed });
    expect(record.processes).toMatchObject([{ status: 'given', indication: { control: 'submit', initial: false } }]);
    const shown = record.shown.map((text: { ref: string }) => text.ref);
    expect(shown.slice(-1), 'the act comes last').toEqual(['submit']);
    expect(record.shown).toContainEqual({ ref: 'purpose.letter', text: STATEMENT });
    await context.close();
  });
}
