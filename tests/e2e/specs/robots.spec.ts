// Against robots: a person passes, with script and without; a solved challenge counts once; nothing is asked of others.
import AxeBuilder from '@axe-core/playwright';
import { solveChallenge, createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Collector } from '../fixtures/collector';
import { address, email, expect, newsletter, payload, receiptOf, send, sent, test as base } from '../fixtures/test';

/** Tests against a collector of its own. */
const against = (...options: string[]) => base.extend<object, { collector: Collector }>({
  collector: [async ({ site }, use) => {
    const collector = await Collector.start({ origins: [site.origin], arguments: options });
    await use(collector);
    await collector.stop();
  }, { scope: 'worker' }],
});

// A proof for each submission, small enough for a test, and a wait that a slow machine can still be too early for.
const test = against('--proof-of-work', 'always', '--proof-of-work-cost', '50', '--proof-of-work-wait', '5');
const suspicious = against('--proof-of-work', 'suspicious', '--proof-of-work-cost', '50');
const patient = against('--proof-of-work', 'always', '--proof-of-work-wait', '120');

interface Post {
  record: { payload: string };
  disclosures: string[];
  proofOfWork?: string;
  honeypot?: string;
}

/** The bodies that the page posts, in order. */
function posts(page: Page): Post[] {
  const bodies: Post[] = [];
  page.on('request', (request) => request.method() === 'POST' && bodies.push(JSON.parse(request.postData()!)));
  return bodies;
}

const unpacked = (proof: string) => JSON.parse(Buffer.from(proof, 'base64').toString());

/** The collector's own secret for challenges, as it derives it from its key. */
function secret(collector: Collector, purpose: string): string {
  const links = readFileSync(join(collector.data, 'keys/links.secret'));
  return createHmac('sha256', links).update(`candor derived\0${purpose}`).digest('base64url');
}

test('a person sees the sending, then the receipt; the solver comes only when it is asked for', async ({ page, embed, heard, collector, site }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const bodies = posts(page);
  await embed();
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).click();
  expect(asked.some((url) => url.endsWith('/work.js'))).toBe(false);
  const states = await page.evaluateHandle(() => {
    const form = document.querySelector('candor-form') as any;
    const seen: string[] = [];
    const look = () => {
      if (seen.at(-1) !== form.state) seen.push(form.state);
      requestAnimationFrame(look);
    };
    look();
    return seen;
  });
  await send(page).click();
  await expect(sent(page)).toBeVisible();
  const { receipt } = await receiptOf(heard);
  expect(await states.jsonValue()).toEqual(['editing', 'sending', 'pending']);

  // The record is not made anew: the same bytes, and the proof beside them.
  expect(bodies).toHaveLength(2);
  const { proofOfWork, ...second } = bodies[1]!;
  expect(second).toEqual(bodies[0]);
  expect(payload(receipt).id).toBe(payload(bodies[0]!.record).id);
  expect(asked.findIndex((url) => url.endsWith('/work.js'))).toBeGreaterThan(asked.findIndex((url) => url.endsWith('/v1/submissions')));
  const { challenge, solution } = unpacked(proofOfWork!);
  expect(challenge.parameters.data).toEqual({ form: 'ebook-rgpd' });
  expect(solution.counter).toBeGreaterThanOrEqual(500);

  // No third party, nothing on the device, nothing that the policy had to stop.
  const origins = new Set(asked.filter((url) => url.startsWith('http')).map((url) => new URL(url).origin));
  expect([...origins].sort()).toEqual([collector.origin, site.origin].sort());
  expect(await page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length])).toEqual(['', 0, 0, 0]);
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  expect(await collector.mail(visitor)).toBeTruthy();
});

test('the work is done in slices: few derivations in one task, and the page’s own tasks between them', async ({ page, embed, heard }) => {
  await page.addInitScript(() => {
    const seen = ((window as any).work = { begun: 0, inOneTask: 0, most: 0, tasks: 0 });
    const derive = SubtleCrypto.prototype.deriveBits;
    SubtleCrypto.prototype.deriveBits = function (...values) {
      seen.begun += 1;
      seen.most = Math.max(seen.most, (seen.inOneTask += 1));
      return derive.apply(this, values);
    };
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      if (seen.inOneTask) seen.tasks += 1;
      seen.inOneTask = 0;
      port2.postMessage(0);
    };
    port2.postMessage(0);
  });
  await embed();
  await email(page).fill(address());
  await send(page).click();
  await receiptOf(heard);
  const work = await page.evaluate(() => (window as any).work);
  expect(work.begun).toBeGreaterThanOrEqual(500);
  expect(work.most, 'begun in one task').toBeLessThanOrEqual(16);
  expect(work.tasks, 'tasks of the page in between').toBeGreaterThan(30);
});

test('a solved challenge that a robot uses again is refused, and the person beside it still passes', async ({ page, embed, heard }) => {
  const bodies = posts(page);
  await embed();
  await email(page).fill(address());
  await send(page).click();
  await receiptOf(heard);
  const stolen = bodies[1]!.proofOfWork!;

  await embed();
  const answers: number[] = [];
  page.on('response', (response) => response.url().endsWith('/v1/submissions') && answers.push(response.status()));
  let stole = false;
  await page.route('**/v1/submissions', async (route) => {
    if (stole || route.request().method() !== 'POST') return route.fallback();
    stole = true;
    const body = JSON.parse(route.request().postData()!);
    await route.continue({ postData: JSON.stringify({ ...body, proofOfWork: stolen }) });
  });
  await email(page).fill(address());
  await send(page).click();
  await receiptOf(heard);
  expect(answers).toEqual([422, 201]);
  expect(unpacked(bodies.at(-1)!.proofOfWork!).challenge.signature).not.toBe(unpacked(stolen).challenge.signature);
});

test('ALTCHA’s own library and this one take each other’s challenges and solutions', async ({ page, embed, collector }) => {
  const hmacSignatureSecret = secret(collector, 'challenge');
  const hmacKeySignatureSecret = secret(collector, 'challenge key');
  const bodies = posts(page);
  let solver = '';
  page.on('request', (request) => request.url().endsWith('/work.js') && (solver = request.url()));
  await embed();
  const problem = page.waitForResponse((response) => response.status() === 422);
  // The page's own second try is held back: the library's takes its place.
  await page.route('**/v1/submissions', (route) => (route.request().postData()?.includes('proofOfWork') ? route.abort() : route.fallback()));
  await email(page).fill(address());
  await send(page).click();
  const { challenge, type } = await (await problem).json();
  expect(type).toBe(`${collector.url}/problems/proof-of-work`);
  await expect.poll(() => bodies.length).toBeGreaterThan(1);

  // Ours solved, theirs verified; once by the signed key, once by deriving it.
  const ours = unpacked(bodies[1]!.proofOfWork!);
  for (const keySecret of [hmacKeySignatureSecret, undefined]) {
    const verdict = await verifySolution({ ...ours, deriveKey, hmacSignatureSecret, hmacKeySignatureSecret: keySecret });
    expect(verdict.verified).toBe(true);
  }

  // Theirs solved, ours accepted.
  const solution = await solveChallenge({ challenge, deriveKey });
  const proofOfWork = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
  const answer = await fetch(`${collector.url}/v1/submissions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...bodies[0], proofOfWork }),
  });
  expect(answer.status).toBe(201);

  // Theirs made, ours solved, theirs verified.
  for (const hash of ['SHA-256', 'SHA-512']) {
    const made = await createChallenge({ algorithm: `PBKDF2/${hash}`, cost: 20, counter: 77, deriveKey, hmacSignatureSecret: 'their own' });
    const text = await page.evaluate(async ([url, challenge]) => (await import(url as string)).solve(challenge), [solver, made] as const);
    const verdict = await verifySolution({ ...unpacked(text), deriveKey, hmacSignatureSecret: 'their own' });
    expect(verdict.verified, hash).toBe(true);
  }
});

test('a form that leaves the page stops working', async ({ page, embed }) => {
  const bodies = posts(page);
  await page.addInitScript(() => {
    const seen = ((window as any).work = { begun: 0, open: 0 });
    const derive = SubtleCrypto.prototype.deriveBits;
    SubtleCrypto.prototype.deriveBits = async function (...values) {
      seen.begun += 1;
      seen.open += 1;
      // The element goes in the middle of the work.
      if (seen.begun === 40) document.querySelector('candor-form')!.remove();
      try {
        return await derive.apply(this, values);
      } finally {
        seen.open -= 1;
      }
    };
  });
  await embed();
  await email(page).fill(address());
  await send(page).click();
  await page.waitForFunction(() => (window as any).work.begun >= 40 && (window as any).work.open === 0);
  expect(await page.evaluate(() => (window as any).work.begun)).toBeLessThan(64);
  expect(bodies).toHaveLength(1);
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
});

test('no person meets the field for robots', async ({ page, embed }) => {
  await embed();
  const trap = await page.evaluateHandle(() => document.querySelector('candor-form')!.shadowRoot!.querySelector<HTMLInputElement>('[name=candor-website]')!);
  expect(await page.locator('candor-form').ariaSnapshot()).not.toMatch(/website/i);
  const stops: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press('Tab');
    stops.push(await page.evaluate(() => document.querySelector('candor-form')!.shadowRoot!.activeElement?.getAttribute('name') ?? ''));
  }
  expect(stops).toContain('email');
  expect(stops).not.toContain('candor-website');
  const seen = await trap.evaluate((input) => {
    input.focus();
    const { left, top } = input.getBoundingClientRect();
    const root = input.getRootNode() as ShadowRoot;
    return { focused: root.activeElement === input, onTop: root.elementFromPoint(left + 4, top + 4) === input, autocomplete: input.autocomplete };
  });
  expect(seen).toEqual({ focused: false, onTop: false, autocomplete: 'off' });
});

suspicious('only who looks like a robot is asked: a full trap, or a form sent in no time; and neither is lost', async ({ collector, site, browser }) => {
  /** One visit; the form has stood there for so long when it is sent. */
  const visit = async (seconds: number, trap: string) => {
    const context = await browser.newContext({ locale: 'fr-FR' });
    const page = await context.newPage();
    const bodies = posts(page);
    await page.addInitScript((ahead) => {
      // For the hasty one time stands still, however slow this machine is.
      const loaded = Date.now();
      const now = ahead ? Date.now.bind(Date) : () => loaded;
      (window as any).ahead = ahead;
      Date.now = () => now() - (window as any).ahead;
    }, seconds * 1000);
    const html = `<!doctype html><html lang="fr"><title>Host</title><script type="module" src="${collector.url}/candor.js"></script>
<candor-form loading="eager" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`;
    await page.goto(site.put(`/robots-${seconds}-${trap.length}`, { html }));
    await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
    await page.evaluate((trap) => {
      (window as any).ahead = 0;
      document.querySelector('candor-form')!.shadowRoot!.querySelector<HTMLInputElement>('[name=candor-website]')!.value = trap;
      addEventListener('candor-submit', (event) => ((window as any).told = JSON.stringify((event as CustomEvent).detail)));
    }, trap);
    await email(page).fill(address());
    await send(page).click();
    await expect(sent(page)).toBeVisible();
    const told = await page.evaluate(() => (window as any).told);
    await context.close();
    return { bodies, told };
  };
  const person = await visit(20, '');
  expect(person.bodies).toHaveLength(1);
  expect(person.bodies[0]).not.toHaveProperty('honeypot');

  const robot = await visit(20, 'https://casino.example');
  expect(robot.bodies.map((body) => [body.honeypot, 'proofOfWork' in body])).toEqual([['https://casino.example', false], ['https://casino.example', true]]);
  expect(robot.told).not.toContain('casino');
  expect(Buffer.from(robot.bodies[1]!.record.payload, 'base64url').toString()).not.toContain('casino');
  expect(robot.bodies[1]!.disclosures).toHaveLength(1);

  const hasty = await visit(0, '');
  expect(hasty.bodies).toHaveLength(2);
  const metrics = await (await fetch(`${collector.url}/metrics`)).text();
  expect(metrics).toContain('candor_work_total{step="done"} 2');
  expect(metrics).toContain('candor_robot_signs_total{sign="trap"} 1');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  for (const lang of ['fr', 'en']) {
    test(`a person waits, presses once, and nothing typed is lost: ${lang}`, async ({ page, collector }) => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(`${collector.url}/f/ebook-rgpd?lang=${lang}`);
      const visitor = address();
      await email(page).fill(visitor);
      await newsletter(page).check();
      await send(page).click();
      await expect(page.getByRole('heading', { name: /un instant|one moment/i })).toBeVisible();
      await expect(page.getByText('5 s')).toBeVisible();
      const press = page.getByRole('button', { name: /^(envoyer|send)$/i });
      await press.click();
      await expect(page.getByRole('alert')).toContainText(/trop tôt|too early/i);
      // It says how long; whoever presses meanwhile loses nothing.
      await expect(async () => {
        if (await press.isVisible()) await press.click();
        await expect(sent(page)).toBeVisible({ timeout: 400 });
      }).toPass();
      expect(await collector.mail(visitor)).toBeTruthy();
      for (const url of asked) {
        expect(new URL(url).origin).toBe(collector.origin);
        expect(url).not.toContain('visitor');
      }
    });
  }
});

patient('the waiting page: axe, 320 pixels, light and dark, early and not', async ({ browser, collector }) => {
  const context = await browser.newContext({ bypassCSP: true, locale: 'fr-FR', viewport: { width: 320, height: 800 } });
  const page = await context.newPage();
  await page.route('**/candor.js', (route) => route.abort());
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  await email(page).fill(address());
  await send(page).click();
  for (const early of [false, true]) {
    if (early) await page.getByRole('button').click();
    await expect(page.getByRole('alert')).toHaveCount(early ? 1 : 0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect((await new AxeBuilder({ page }).analyze()).violations, colorScheme).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'no sideways scrolling').toBeLessThanOrEqual(320);
  }
  await context.close();
});
