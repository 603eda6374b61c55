// The code step of docs/recipes.md, run as it stands there: what Zapier would run.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const page = readFileSync(join(import.meta.dirname, '../../../docs/recipes.md'), 'utf8');
const code = page.split('```js\n')[1].split('```')[0];

type Input = Record<'body' | 'id' | 'timestamp' | 'signature' | 'secret', string>;

/** Code by Zapier: `inputData` and `require` are there, `output` is what goes on. */
function run(inputData: Input, now: number): Record<string, unknown> {
  const step = new Function('inputData', 'require', 'Date', 'let output;' + code + '; return output;');
  return step(inputData, createRequire(import.meta.url), { now: () => now * 1000 });
}

// The vector of every library of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const timestamp = '1614265330';
const now = Number(timestamp) + 10;

function signed(body: string): Input {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const tag = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { body, id, timestamp, signature: `v1,${tag}`, secret };
}

const allowed = JSON.stringify({
  type: 'lead.allowed',
  data: { subject: 's-1', until: '2028-05-21T10:00:00.000Z', values: { email: 'ada@example.org', given_name: 'Ada "é"' } },
});

test('the code step takes what the standard signed', () => {
  const vector = { body: '{"test": 2432232314}', id, timestamp, secret, signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };
  // Past the signature it looks for what Candor sends, which this is not.
  expect(() => run(vector, now)).toThrow(TypeError);
  expect(() => run({ ...vector, body: '{"test": 2432232315}' }, now)).toThrow('signature');
});

test('no field of a form is taken for what Candor says', () => {
  const data = { subject: 's-1', act: 'erase', reason: 'erased', values: { type: 'lead.allowed', act: '', subject: 's-2', until: 'x' } };
  const hostile = JSON.stringify({ type: 'lead.ended', data });
  expect(run(signed(hostile), now)).toEqual({ type: 'lead.ended', act: 'erase', subject: 's-1', until: '' });
});

test('what is ours goes on, field by field', () => {
  const expected = { type: 'lead.allowed', act: '', subject: 's-1', until: '2028-05-21T10:00:00.000Z', email: 'ada@example.org', given_name: 'Ada "é"' };
  expect(run(signed(allowed), now)).toEqual(expected);
  const older = { ...signed(allowed), signature: `v1,AAAA ${signed(allowed).signature}` };
  expect(run(older, now)).toEqual(expected);
  const ended = JSON.stringify({ type: 'lead.ended', data: { subject: 's-1', reason: 'erased', act: 'erase' } });
  expect(run(signed(ended), now)).toEqual({ type: 'lead.ended', act: 'erase', subject: 's-1', until: '' });
  expect(run(signed('{"type":"target.test","data":{}}'), now)).toMatchObject({ type: 'target.test', subject: '' });
});

test('what is not ours, or old, halts the Zap', () => {
  const good = signed(allowed);
  for (const [name, input] of Object.entries({
    body: { ...good, body: allowed.replace('ada@', 'eve@') },
    id: { ...good, id: 'msg_other' },
    timestamp: { ...good, timestamp: String(Number(timestamp) + 1) },
    signature: { ...good, signature: 'v1,' },
    version: { ...good, signature: good.signature.replace('v1,', 'v2,') },
    secret: { ...good, secret: 'whsec_' + 'A'.repeat(32) },
    none: { ...good, signature: '' },
  })) {
    expect(() => run(input, now), name).toThrow('signature');
  }
  expect(() => run(good, now + 400)).toThrow('five minutes');
});
