// What the real collector sends to a receiver, verified by the library of Standard Webhooks itself.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { Collector, link } from '../fixtures/collector';
import { address, email, expect, newsletter, send, test } from '../fixtures/test';

interface Message {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that keeps what it is sent. */
class Receiver {
  readonly messages: Message[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.messages.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(204).end();
      });
    });
    const receiver = new Receiver(server);
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.server.close();
  }
}

/** As a receiver verifies: by the headers and the bytes, nothing else. */
function verify(secret: string, { headers, body }: Message): any {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

test.describe('webhooks', () => {
  test.use({ javaScriptEnabled: false });

  test('verify with the independent library, also while two secrets overlap, and end with a withdrawal', async ({ page }) => {
    const receiver = await Receiver.start();
    const collector = await Collector.start({ arguments: ['--target-network', '127.0.0.0/8'] });
    try {
      const [target, first] = collector.run(
        'target', 'add', '--url', receiver.url, '--purpose', 'newsletter', '--party', 'mailer', '--target-network', '127.0.0.0/8',
      ).trim().split('\n') as [string, string];
      const to = address();
      await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
      await email(page).fill(to);
      await newsletter(page).check();
      await send(page).click();
      const mail = await collector.mail(to);
      const confirm = (await collector.mails(to)).map((one) => link(one, 'c')).find(Boolean) ?? link(mail, 'c')!;
      await page.goto(confirm);
      await page.getByRole('button', { name: /^Confirmer/ }).click();
      await expect.poll(() => receiver.messages.length, { timeout: 30_000 }).toBe(1);
      const allowed = receiver.messages[0]!;
      const said = verify(first, allowed);
      expect(said.type).toBe('lead.allowed');
      expect(said.data).toMatchObject({ purpose: 'newsletter', party: 'mailer', state: 'given', values: { email: to } });
      expect(Object.keys(said.data.values)).toEqual(['email']);

      // One bit, another id, another time, another secret: the library refuses each.
      const refused = (change: Partial<Message>) =>
        expect(() => verify(first, { ...allowed, ...change })).toThrow(WebhookVerificationError);
      refused({ body: allowed.body.replace('given', 'Given') });
      refused({ headers: { ...allowed.headers, 'webhook-id': 'msg_other' } });
      refused({ headers: { ...allowed.headers, 'webhook-timestamp': String(Number(allowed.headers['webhook-timestamp']) - 1) } });
      expect(() => verify('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', allowed)).toThrow(WebhookVerificationError);

      const second = collector.run('target', 'rotate', target).trim();
      await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
      const manage = (await collector.mails(to)).map((one) => one.unsubscribe ?? link(one, 'm')).find(Boolean)!;
      await fetch(manage, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
      await expect.poll(() => receiver.messages.length, { timeout: 30_000 }).toBe(2);
      const ended = receiver.messages[1]!;
      for (const secret of [first, second]) {
        expect(verify(secret, ended)).toMatchObject({ type: 'lead.ended', data: { reason: 'withdrawn', act: 'stop', subject: said.data.subject } });
      }
      expect(ended.headers['webhook-signature']!.split(' ')).toHaveLength(2);
    } finally {
      await collector.stop();
      receiver.stop();
    }
  });
});
