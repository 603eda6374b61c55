// The record that the playground shows: signed, checked, the same as a real one; and nothing leaves the page or stays on the device.
import { readFileSync } from 'node:fs';
import { expect, stage, test } from '../fixtures/playground';

// Much is typed here, key by key, as a person would.
test.describe.configure({ timeout: 90_000 });

test.afterEach(async ({ page }) => {
  expect(await page.evaluate(() => (window as any).faults), 'no error, no violation of the content policy').toEqual([]);
});

test('the record of a submission: decoded, checked, and stopped before it leaves', async ({ page, open, context }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).protocol}//${new URL(request.url()).host}`));
  await open();
  await stage(page).getByRole('textbox', { name: /e.mail address/i }).fill('ada@example.org');
  await stage(page).getByRole('checkbox', { name: /each month/i }).check();
  await stage(page).getByRole('button', { name: /get the guide/i }).click();
  await expect(page.getByRole('tab', { name: 'Record' })).toBeFocused();
  await expect(page.locator('.pg-verdict')).toHaveText(/the signature matches the record/i);
  await expect(page.locator('.pg-choices tbody tr', { hasText: 'newsletter' })).toContainText('given');
  await expect(page.locator('.pg-choices tbody tr', { hasText: 'partners' })).toContainText('not-given');
  const block = async (kind: string) => JSON.parse((await page.locator(`pre[data-kind="${kind}"]`).first().textContent())!);
  const payload = await block('payload');
  expect(payload.form.id).toBe('ebook-rgpd');
  expect(JSON.stringify(payload)).not.toContain('ada@example.org');
  const fields = await block('fields');
  expect(fields.all).toEqual({ email: 'ada@example.org' });
  expect(fields.byPurpose.newsletter).toEqual({ email: 'ada@example.org' });
  expect(fields.byPurpose.call ?? {}).toEqual({});
  const disclosures = await block('disclosures');
  expect(disclosures.map((it: string[]) => it.slice(1))).toEqual([['email', 'ada@example.org']]);
  const signature = await block('signature');
  expect(signature.protected).toMatchObject({ alg: 'ES256', typ: 'candor-record+jws' });

  // The file holds the same record, and a strict verifier accepts it.
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the record' }).click();
  const saved = JSON.parse(readFileSync((await (await download).path())!, 'utf8'));
  expect(JSON.parse(Buffer.from(saved.record.payload, 'base64url').toString())).toEqual(payload);

  // Another text has no record yet.
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('newsletter');
  await page.getByRole('tab', { name: 'Record' }).click();
  await expect(page.locator('#record-empty')).toBeVisible();

  const origin = new URL(page.url()).origin;
  expect(requests.filter((it) => it !== `GET ${origin}` && !it.startsWith('GET data:') && !it.startsWith('GET blob:')), 'only reads of the own site').toEqual([]);
  expect(await context.cookies()).toEqual([]);
  const kept = await page.evaluate(async () => ({
    local: localStorage.length, session: sessionStorage.length, databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length, workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
  }));
  expect(kept).toEqual({ local: 0, session: 0, databases: 0, caches: 0, workers: 0 });
});

test('the record is the one that a real submission makes', async ({ page, open, demo }) => {
  /** Every member with its value, but for what is fresh each time. */
  const constant = (body: any) => {
    const { id, chain, created, shownAt, subject, ...payload } = JSON.parse(Buffer.from(body.record.payload, 'base64url').toString());
    expect([id, chain, created, shownAt, subject.id].every((value) => typeof value === 'string' && value !== '')).toBe(true);
    return { ...payload, digests: subject._sd.length, members: Object.keys(body).sort() };
  };
  for (const preset of ['ebook-rgpd', 'newsletter']) {
    await open();
    await page.getByRole('combobox', { name: 'Start from' }).selectOption(preset);
    await expect.poll(() => page.evaluate(() => (document.querySelector('candor-form') as any).definition)).toContain(`"id":"${preset}"`);
    await page.waitForFunction(() => (document.querySelector('candor-form') as any).state === 'editing');
    await stage(page).getByRole('textbox').fill('ada@example.org');
    await stage(page).locator('button[type=submit]').click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the record' }).click();
    const shown = JSON.parse(readFileSync((await (await download).path())!, 'utf8'));

    await page.goto(`${demo.url}/f/${preset}?lang=en`);
    await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing' && document.querySelectorAll('candor-form form').length < 2);
    await page.evaluate(() => ((window as any).faults = []));
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.locator('candor-form').getByRole('textbox').fill('ada@example.org');
    await page.locator('candor-form button[type=submit]:visible').click();
    const { record, disclosures } = (await sent).postDataJSON();
    expect(constant(shown), preset).toEqual(constant({ record, disclosures }));
  }
  // Of another collector, its page for withdrawal.
  await open();
  await page.getByRole('tab', { name: 'Embed' }).click();
  await page.getByRole('textbox', { name: 'Address of your collector' }).fill('https://forms.example/');
  await page.getByRole('tab', { name: 'Form' }).click();
  await expect.poll(() => page.evaluate(() => JSON.parse((document.querySelector('candor-form') as any).definition).record.withdrawal.url)).toBe('https://forms.example/m');
});
