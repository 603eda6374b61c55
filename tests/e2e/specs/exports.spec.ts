// A receipt as others read it: real records of the real widget, in the words of DPV, Kantara and SD-JWT, judged by
// processors that know nothing of Candor. The vocabulary's list is a file of others: where it is missing, a test says so.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { SDJwtInstance } from '@sd-jwt/core';
import jsonld from 'jsonld';
import { address, email, expect, newsletter, payload, receiptOf, send, test } from '../fixtures/test';
import { root, type Collector } from '../fixtures/collector';
import type { Page } from '@playwright/test';

const PROFILE = 'https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr';
const LISTED = ['https://w3id.org/dpv#', 'https://w3id.org/dpv/pd#', 'https://w3id.org/dpv/legal/eu/gdpr#'];

/** A document loader that has nothing: whatever a document needs stands in it. */
const nothing = async (url: string): Promise<never> => {
  throw new Error(`the document wants ${url}`);
};

/** Kinds of the terms of DPV 2.3 by address. */
function vocabulary(): Map<string, string> | undefined {
  for (let folder = root; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'shared/data/dpv-2.3-terms.csv');
    if (existsSync(file)) {
      const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
      return new Map(rows.map(([, , kind, iri]) => [iri!, kind!]));
    }
  }
  return undefined;
}

/** Every address in an expanded document, with whether it is a property. */
function* iris(value: unknown): Generator<[string, boolean]> {
  if (Array.isArray(value)) for (const item of value) yield* iris(item);
  else if (value && typeof value === 'object')
    for (const [name, member] of Object.entries(value)) {
      if (!name.startsWith('@')) yield [name, true];
      if (name === '@id') yield [member as string, false];
      if (name === '@type') for (const type of [member].flat()) yield [type as string, false];
      yield* iris(member);
    }
}

async function expanded(document: object): Promise<any[]> {
  // Safe: whatever the processor would drop silently is an error.
  return jsonld.expand(document as any, { documentLoader: nothing, safe: true } as any);
}

function checkTerms(graph: unknown): void {
  const known = vocabulary();
  if (!known) return console.log('skipped: shared/data/dpv-2.3-terms.csv is not above this tree');
  const terms = [...iris(graph)].filter(([iri]) => LISTED.some((namespace) => iri.startsWith(namespace)));
  expect(terms.length).toBeGreaterThan(100);
  const unknown = terms.filter(([iri, isProperty]) => known.get(iri) !== (isProperty ? 'property' : 'class'));
  expect(unknown.map(([iri]) => iri)).toEqual([]);
}

interface Submitted {
  visitor: string;
  envelope: any;
  /** The receipt's address, for whoever holds its token. */
  link: string;
  manage: string;
}

async function submit(page: Page, heard: () => Promise<any[]>): Promise<Submitted> {
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await page.getByRole('textbox', { name: /prénom|first name/i }).fill('Ada');
  await send(page).click();
  const { receipt, manage } = await receiptOf(heard);
  const words = await (await fetch(manage, { headers: { Accept: 'text/html' } })).text();
  const link = /href="([^"]*\/r\/[^"]+)"/.exec(words)![1]!.replaceAll('&#38;', '&').replaceAll('&amp;', '&');
  return { visitor, envelope: receipt, link, manage };
}

async function get(link: string, format: string): Promise<string> {
  const answer = await fetch(`${link}&format=${format}`);
  expect(answer.status, format).toBe(200);
  return answer.text();
}

test('DPV: expands without loading anything, drops nothing, and every term exists', async ({ page, embed, heard, collector }) => {
  await embed();
  const { visitor, envelope, link, manage } = await submit(page, heard);
  const text = await get(link, 'dpv');
  expect(text).not.toContain(visitor);
  const document = JSON.parse(text);
  expect(Object.keys(document['@context'])).toContain('dpv');
  const [record] = await expanded(document);
  checkTerms(record);
  expect(record['@type']).toEqual(['https://w3id.org/dpv#ConsentRecord']);
  expect(record['http://purl.org/dc/terms/conformsTo']).toEqual([{ '@id': PROFILE }]);
  expect(record['@id']).toBe(`urn:uuid:${payload(envelope).id}`);
  const processes = record['https://w3id.org/dpv#hasProcess'];
  expect(processes.length).toBe(payload(envelope).processes.length);
  for (const process of processes) {
    expect(process['https://w3id.org/dpv#hasProcess'], 'no process below it').toBeUndefined();
    expect(process['https://w3id.org/dpv#hasConsentStatus'].length).toBe(1);
  }
  // As triples, by the same processor: one record, and the receipt that holds it.
  const triples = (await jsonld.toRDF(document, { format: 'application/n-quads', documentLoader: nothing, safe: true } as any)) as unknown as string;
  expect(triples.match(/hasRecordOfActivity> <urn:uuid:/g)?.length).toBe(1);

  // Withdrawn: the newest record tells the whole life of the purpose.
  await page.goto(manage);
  await page.getByRole('button', { name: /retirer|annuler/i }).first().click();
  await expect(page.getByText('C’est enregistré.')).toBeVisible();
  const graph = JSON.parse(collector.run('export', 'records', '--format', 'dpv'));
  const records = (await expanded(graph)).filter((node) => node['@type']?.includes('https://w3id.org/dpv#ConsentRecord'));
  checkTerms(records);
  const chain = `urn:uuid:${payload(envelope).id}`;
  const later = records.find((node) => node['http://www.w3.org/ns/dcat#isVersionOf']?.[0]['@id'] === chain);
  const purpose = later['https://w3id.org/dpv#hasProcess'].find((process: any) => process['@id'].endsWith('#process-newsletter'));
  const statuses = purpose['https://w3id.org/dpv#hasConsentStatus'].map((status: any) => status['@type'][0]);
  expect(statuses).toEqual(['https://w3id.org/dpv#ConsentGiven', 'https://w3id.org/dpv#ConsentWithdrawn']);
});

test('Kantara: one receipt for each record that gives, and none for the others', async ({ page, embed, heard, collector }) => {
  await embed();
  const { envelope, link } = await submit(page, heard);
  const receipt = JSON.parse(await get(link, 'kantara'));
  const record = payload(envelope);
  expect(receipt).toMatchObject({ version: 'KI-CR-v1.1.0', consentReceiptID: record.id, jurisdiction: 'FR', language: 'fr', sensitive: false, spiCat: [] });
  expect(receipt.consentTimestamp).toBe(Math.floor(Date.parse(record.created) / 1000));
  const [{ purposes }] = receipt.services;
  const shown = record.shown.find((text: any) => text.ref === 'purpose.newsletter').text;
  expect(purposes.map((purpose: any) => purpose.purpose)).toEqual([shown]);
  const { keys } = await collector.keys();
  expect(keys.map((key) => key.x)).toContain(JSON.parse(receipt.publicKey).x);
  const all = JSON.parse(collector.run('export', 'records', '--format', 'kantara'));
  expect(all.map((each: any) => each.consentReceiptID)).toContain(record.id);
});

test('SD-JWT: another library verifies it, with as many values as the person shows', async ({ page, embed, heard, collector }) => {
  await embed();
  const { visitor, envelope, link } = await submit(page, heard);
  const { keys } = await collector.keys();
  const library = new SDJwtInstance({
    hasher: (data, algorithm) => createHash(algorithm.replace('-', '')).update(typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer)).digest(),
    hashAlg: 'sha-256',
    verifier: (data, signature) => {
      const { kid, alg } = JSON.parse(Buffer.from(data.split('.')[0]!, 'base64url').toString());
      const jwk = keys.find((key) => key.kid === kid);
      if (alg !== 'ES256' || !jwk) return false;
      const key = createPublicKey({ key: jwk as any, format: 'jwk' });
      return verifySignature('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    },
  });
  const claims = async (choice: string) => {
    const token = await get(link, `sd-jwt${choice}`);
    const { payload: verified } = await library.verify(token);
    return { token, verified: verified as any, shown: (await library.getClaims(token)) as any };
  };
  const everything = await claims('');
  expect(everything.shown.subject).toMatchObject({ email: visitor, given_name: 'Ada' });
  expect(everything.verified.id).toBe(payload(envelope).id);
  const part = await claims('&disclose=given_name');
  expect(part.shown.subject.given_name).toBe('Ada');
  expect(part.shown.subject.email).toBeUndefined();
  expect(part.token).not.toContain(everything.token.split('~').find((each) => Buffer.from(each, 'base64url').toString().includes(visitor))!);
  const none = await claims('&disclose=');
  expect(Object.keys(none.shown.subject)).toEqual(['id']);
  // The library's own holder narrows it down as well.
  const narrowed = await library.present(everything.token, { subject: { given_name: true } } as any);
  expect(narrowed).toBe(part.token);

  const [head, ...rest] = everything.token.split('~');
  const [header, body, signature] = head!.split('.');
  const altered = Buffer.from(body!, 'base64url').toString().replace('"given"', '"not-given"');
  const forged = [`${header}.${Buffer.from(altered).toString('base64url')}.${signature}`, ...rest].join('~');
  await expect(library.verify(forged)).rejects.toThrow();
});

for (const lang of ['fr', 'en'])
  test(`the human receipt in ${lang} is complete on the screen, on a phone and on paper, with the digest of the JSON`, async ({ page, embed, heard }, info) => {
    // It is looked at five times.
    test.slow();
    await page.setViewportSize({ width: 1000, height: 900 });
    await embed({ lang, attributes: `lang="${lang}"` });
    const { envelope, link } = await submit(page, heard);
    await page.goto(`${link}&format=html`);
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
    const digest = createHash('sha256').update(Buffer.from(envelope.payload, 'base64url')).digest('base64url');
    await expect(page.getByText(`sha256-${digest}`)).toBeVisible();
    const seen = (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
    for (const { ref, text } of payload(envelope).shown) expect(seen, `${lang} ${ref}`).toContain(text.replaceAll(/\s+/g, ' '));
    for (const party of payload(envelope).parties) expect(seen).toContain(party.name);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`), `${lang} ${scheme}`).toEqual([]);
      await page.screenshot({ path: info.outputPath(`receipt-${lang}-${scheme}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.screenshot({ path: info.outputPath(`receipt-${lang}-phone.png`), fullPage: true });

    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await expect(page.getByText(`sha256-${digest}`)).toBeVisible();
    await expect(page.locator('.formats')).toBeHidden();
    const paper = await page.pdf({ path: info.outputPath(`receipt-${lang}.pdf`), format: 'A4', margin: { top: '16mm', bottom: '16mm', left: '16mm', right: '16mm' } });
    const pages = paper.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(pages, 'a few sheets').toBeGreaterThanOrEqual(2);
    expect(pages, 'a few sheets').toBeLessThanOrEqual(4);
  });
