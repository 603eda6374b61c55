// Conversions without trackers: the identifier of a click leaves only with its own tick, and nothing personal goes along with the
// redirect or into the data layer.
import { expect, type Request } from '@playwright/test';
import { test } from '../fixtures/test';

const CLICK = 'Cj0KCQiA-click-of-somebody';

/** Opens the form with a campaign and a click in the address, and sends it. */
async function send(
  { page, site, collector }: { page: import('@playwright/test').Page; site: any; collector: any },
  { ticks }: { ticks: boolean },
): Promise<{ requests: Request[]; layer: unknown; left: string }> {
  const { page: hostPage, strictPolicy } = await import('../fixtures/host');
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  // The data layer goes with the page: it is told when the receipt is, before the next page comes.
  let layer: unknown;
  await page.exposeFunction('keepLayer', (kept: unknown) => (layer = kept));
  await page.addInitScript(() => addEventListener('candor-receipt', () => (window as any).keepLayer((window as any).dataLayer)));
  site.put('/merci', { html: '<!doctype html><title>Merci</title><h1>Merci</h1>' });
  const html = hostPage(collector.url, `<candor-form loading="eager" datalayer prefill="fragment" src="${collector.url}/v1/forms/campaign"></candor-form>`);
  await page.goto(`${site.put(`/campaign-${ticks}`, { html, headers: { 'Content-Security-Policy': strictPolicy(collector.origin) } })}#candor:utm_campaign=audit-2026&gclid=${CLICK}`);
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await page.getByLabel('E‑mail').fill(`click-${ticks}@example.org`);
  const box = page.getByRole('checkbox');
  await expect(box).not.toBeChecked();
  if (ticks) await box.check();
  await page.getByRole('button', { name: 'Recevoir le plan' }).click();
  await page.waitForURL('**/merci*');
  await expect.poll(() => layer).toBeDefined();
  return { requests, layer, left: page.url() };
}

/** Everything that a request says: address, headers, body, and what its disclosures hold. */
function said(requests: Request[]): string {
  const of = (request: Request) => {
    const body = request.postData() ?? '';
    const disclosures: string[] = body.startsWith('{') ? (JSON.parse(body).disclosures ?? []) : [];
    const opened = disclosures.map((text) => Buffer.from(text, 'base64url').toString('utf8'));
    return [request.url(), JSON.stringify(request.headers()), body, ...opened].join('\n');
  };
  return requests.map(of).join('\n');
}

test('without its tick no identifier leaves, and the campaign does', async ({ page, site, collector }) => {
  const { requests, layer, left } = await send({ page, site, collector }, { ticks: false });
  const all = said(requests);
  expect(all).toContain('audit-2026');
  expect(all).not.toContain(CLICK);
  expect(new URL(left).pathname + new URL(left).search + new URL(left).hash).toBe('/merci');
  expect(layer).toEqual(['candor-ready', 'candor-submit', 'candor-receipt'].map((event) => ({ event, form_id: 'campaign' })));
  const redirect = requests.find((request) => request.url().endsWith('/merci'))!;
  expect(JSON.stringify(redirect.headers())).not.toMatch(/click-false|example\.org|candor:/);
});

test('with its tick the identifier goes to the collector and nowhere else', async ({ page, site, collector }) => {
  const { requests, layer, left } = await send({ page, site, collector }, { ticks: true });
  const carrying = requests.filter((request) => said([request]).includes(CLICK)).map((request) => new URL(request.url()).pathname);
  expect(carrying).toEqual(['/v1/submissions']);
  expect(JSON.stringify(layer)).not.toContain(CLICK);
  expect(left).not.toContain(CLICK);
});
