// A page that other scripts have changed: the record is right all the same, for whoever verifies it.
import { page as hostPage } from '../fixtures/host';
import { submitAndVerify } from '../fixtures/record';
import { TAMPERED } from '../fixtures/tamper';
import { address, email, expect, listen, newsletter, send, test } from '../fixtures/test';

let counter = 0;

for (const [name, script] of Object.entries(TAMPERED)) {
  for (const render of ['shadow', 'light']) {
    test(`${name}, render="${render}"`, async ({ page, site, collector, heard }) => {
      await listen(page);
      const tampering = site.put(`/tamper-${counter}.js`, { html: `(() => {${script}\n})(); window.tampered = true;` });
      const form = `<candor-form loading="eager" lang="fr" render="${render}" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`;
      const html = hostPage(collector.url, form).replace('<script', `<script src="${tampering}"></script><script`);
      await page.goto(site.put(`/tamper-${counter++}`, { html }));
      expect(await page.evaluate(() => (window as any).tampered), 'the control: the script ran').toBe(true);
      await submitAndVerify(page, collector, heard);
      expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
    });
  }
}

test('a page that changes what is read at submit gets no false record: the consent is held, or nothing is sent', async ({ page, embed, heard }) => {
  await embed();
  await email(page).fill(address());
  await newsletter(page).click();
  await page.evaluate(() => {
    const texts = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent')!;
    Object.defineProperty(Node.prototype, 'textContent', {
      ...texts,
      get() {
        const words = texts.get!.call(this);
        return this.dataset?.candorRef === 'purpose.newsletter' ? 'I buy everything.' : words;
      },
    });
  });
  await send(page).click();
  await expect.poll(async () => (await heard()).map((event) => event.name)).toContain('receipt');
  const { held } = (await heard()).find((event) => event.name === 'receipt')!.detail;
  expect(held).toEqual(['newsletter']);
});

test('a page that ticks by its own setters and events gives no consent', async ({ page, embed, heard }) => {
  await embed();
  await email(page).fill(address());
  await page.evaluate(() => {
    const box = document.querySelector('candor-form')!.shadowRoot!.querySelector<HTMLInputElement>('[name="purpose.newsletter"]')!;
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'checked')!.set!.call(box, true);
    for (const name of ['input', 'change']) box.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
    Object.defineProperty(box, 'checked', { get: () => true, set() {} });
  });
  await send(page).click();
  await expect.poll(async () => (await heard()).map((event) => event.name)).toContain('receipt');
  const { receipt } = (await heard()).find((event) => event.name === 'receipt')!.detail;
  const { processes } = JSON.parse(Buffer.from(receipt.payload, 'base64url').toString());
  expect(processes.find((process: any) => process.purpose === 'newsletter').status).not.toBe('given');
});
