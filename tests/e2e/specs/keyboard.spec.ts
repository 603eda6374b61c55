// The keyboard and a screen reader alone: one order, a summary that leads to the fields, a focus that is never lost.
import type { Page } from '@playwright/test';
import { page as hostPage } from '../fixtures/host';
import { walk } from '../fixtures/states';
import { address, email, expect, newsletter, partners, send, test } from '../fixtures/test';

/** What has the focus, by name or words; `nothing` where it fell to the page. */
const focused = (page: Page) => page.evaluate(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return 'nothing';
  return element.getAttribute('name') ?? element.textContent!.trim().replaceAll('\u00a0', ' ');
});

test('from the start of the page to the receipt, and back, by the keyboard alone', async ({ page, embed }) => {
  await embed();
  const path: string[] = [];
  const tab = async (key = 'Tab') => {
    await page.keyboard.press(key);
    path.push(await focused(page));
  };
  await tab();
  await page.keyboard.type(address());
  await tab();
  await page.keyboard.press('Space');
  await expect(newsletter(page)).toBeChecked();
  for (let stop = 0; stop < 7; stop += 1) await tab();
  const stops = ['email', 'purpose.newsletter', 'given_name', 'purpose.call', 'purpose.partners',
    'Politique de confidentialité de Partenaire Exemple SA', 'Politique de confidentialité', 'Informations complètes', 'Recevoir le guide'];
  expect(path).toEqual(stops);
  for (const stop of stops.slice(0, -1).reverse()) {
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe(stop);
  }
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('C’est envoyé : ouvrez votre boîte e‑mail.');
  path.length = 0;
  for (let stop = 0; stop < 3; stop += 1) await tab();
  expect(path).toEqual(['Vérifier ce reçu', 'Télécharger le reçu', 'Gérer mes choix']);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.candor-verdict li')).toHaveCount(4);
  expect(await focused(page)).toBe('Vérifier ce reçu');
});

test('the error summary: a heading before the title, in the order of the page, each link to its field', async ({ page, site, collector }) => {
  await page.goto(site.put('/all', { html: hostPage(collector.url, `<candor-form lang="en" loading="eager" src="${collector.url}/v1/forms/all-fields"></candor-form>`, 'en') }));
  await page.getByRole('textbox', { name: /^website/i }).fill('nowhere');
  await page.getByRole('textbox', { name: /^e.mail/i }).fill('ada@');
  await page.keyboard.press('Enter');
  const summary = page.locator('.candor-summary');
  await expect(summary).toBeFocused();
  await expect(summary.getByRole('alert')).toHaveCount(1);
  await expect(summary.getByRole('heading', { level: 2, name: 'There is a problem' })).toBeVisible();
  expect(await page.getByRole('heading').allTextContents()).toEqual(['Host page', 'There is a problem', 'Every kind of question']);
  const links = summary.getByRole('link');
  const targets: string[] = [];
  for (let at = 0; at < (await links.count()); at += 1) {
    await summary.focus();
    for (let step = 0; step <= at; step += 1) await page.keyboard.press('Tab');
    const words = (await links.nth(at).textContent())!;
    await expect(links.nth(at)).toBeFocused();
    await page.keyboard.press('Enter');
    const field = await focused(page);
    targets.push(field);
    const control = field === 'topic' ? page.getByRole('radiogroup') : page.locator(`[name="${field}"]`);
    await expect(control).toHaveAttribute('aria-invalid', 'true');
    await expect(control, 'the message is heard at the field too').toHaveAccessibleDescription(new RegExp(words));
  }
  expect(targets).toEqual(['full_name', 'mail', 'site', 'size', 'topic']);
  await expect(page.locator('[name="site"]'), 'hint and message').toHaveAccessibleDescription(/^Full address, with https .+/);

  // A message that no longer holds goes at once, and nothing else moves.
  await page.locator('[name="full_name"]').fill('Ada');
  await expect(links).toHaveCount(4);
  expect(await focused(page)).toBe('full_name');
});

test('an objection is heard with what it is about', async ({ page, site, collector }) => {
  await page.goto(site.put('/objection', { html: hostPage(collector.url, `<candor-form lang="en" loading="eager" src="${collector.url}/v1/forms/all-fields"></candor-form>`, 'en') }));
  const box = page.getByRole('checkbox', { name: 'Do not write to me about this.' });
  await expect(box).toHaveAccessibleDescription(/^We may write to you about similar sheets.*our interest in making our sheets known/);
});

for (const render of ['shadow', 'light'] as const) {
  test(`the focus is never lost, whatever happens: render="${render}"`, async ({ page, embed }) => {
    test.setTimeout(90_000);
    const at: Record<string, string> = {};
    await walk(page, () => embed({ attributes: `render="${render}"`, wait: false }), async (state) => {
      if (state !== 'loading' && state !== 'editing') at[state] = await focused(page);
    });
    const receipt = 'C’est envoyé : ouvrez votre boîte e‑mail.';
    expect(at).toEqual({
      errors: 'Il y a un problèmeSaisissez votre adresse e‑mail',
      sending: 'Recevoir le guide', retrying: 'Recevoir le guide', waiting: 'Recevoir le guide',
      failed: 'Il y a un problèmeLe site n’a pas accepté l’envoi. Ce que vous avez saisi est toujours là.',
      pending: receipt, verified: 'Vérifier ce reçu', done: receipt, held: receipt,
    });
    const form = (method: string) => page.evaluate((method) => (document.querySelector('candor-form') as any)[method](), method);
    await form('reset');
    await expect.poll(() => focused(page), 'the receipt went, and the focus with it').toBe('Recevez le guide RGPD');
    await form('validate');
    await expect(page.locator('.candor-summary')).toBeFocused();
    await form('reset');
    await expect.poll(() => focused(page), 'the summary went').toBe('Recevez le guide RGPD');

    // But a page that changes the form while somebody is elsewhere keeps them there.
    await page.evaluate(() => document.body.append(Object.assign(document.createElement('button'), { textContent: 'Elsewhere' })));
    await page.getByRole('button', { name: 'Elsewhere' }).focus();
    await newsletter(page).evaluate((box) => (box as HTMLElement).click());
    await form('reset');
    await expect(newsletter(page)).not.toBeChecked();
    expect(await focused(page)).toBe('Elsewhere');
  });
}

test('what is announced, in order: sending, the lost network, the patience, what went wrong', async ({ page, embed }) => {
  test.setTimeout(90_000);
  await page.addInitScript(() => {
    const said: string[] = ((window as any).said = []);
    const listen = () => {
      const root = document.querySelector('candor-form')?.shadowRoot;
      if (!root) return requestAnimationFrame(listen);
      new MutationObserver(() => {
        for (const region of root.querySelectorAll('[role=status],[role=alert]')) {
          const words = region.textContent!.trim().replaceAll('\u00a0', ' ');
          if (words && said.at(-1) !== words) said.push(words);
        }
      }).observe(root, { childList: true, subtree: true, characterData: true });
    };
    listen();
  });
  await walk(page, () => embed({ wait: false }), async (state) => {
    if (state === 'editing') await expect(page.getByRole('status'), 'the region is there before it speaks').toHaveText('');
  });
  const said: string[] = await page.evaluate(() => (window as any).said);
  expect(said.slice(0, 5)).toEqual([
    'Il y a un problèmeSaisissez votre adresse e‑mail',
    'Envoi en cours…',
    'La connexion est coupée. Nouvel essai en cours…',
    'L’envoi n’a pas abouti : vérifiez votre connexion. Ce que vous avez saisi est toujours là.',
    'Il y a un problèmeLe site n’a pas accepté l’envoi. Ce que vous avez saisi est toujours là.',
  ]);
  expect(said.filter((words) => words.includes('Le sceau du site est bon'))).toHaveLength(1);
});

test('a label ticks its box, a link beside it does not', async ({ page, context, embed }) => {
  await context.route('https://partenaire.example/**', (route) => route.abort());
  await embed();
  await page.getByText(/J’accepte qu’Acme Conseil m’envoie/).click();
  await expect(newsletter(page)).toBeChecked();
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: /Partenaire Exemple/ }).click(),
  ]);
  await popup.close();
  await expect(partners(page)).not.toBeChecked();
  await expect(newsletter(page)).toBeChecked();
  await expect(email(page)).toBeVisible();
  await expect(send(page)).toBeEnabled();
});
