// node verify.mjs receipt.json jwks.json      (npm install jose)
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, importJWK } from 'jose';

const [receipt, jwks] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const check = (holds, what) => { if (!holds) throw new Error(what); };
const instant = (numericDate, otherwise) => (numericDate === undefined ? otherwise : numericDate * 1000);

const byType = new Map();
for (const signature of receipt.signatures) {
  const header = decodeProtectedHeader(signature);
  check(!byType.has(header.typ), 'one signature of each kind');
  // Each signature alone, as a compact JWS, with ITS key: a General JWS would pass if any one of them were good.
  const compact = `${signature.protected}.${receipt.payload}.${signature.signature}`;
  let jwk;
  if (header.typ === 'candor-record+jws') {
    jwk = header.jwk;
    check(header.kid === (await calculateJwkThumbprint(jwk)), 'the device key is the one that kid names');
  } else if (header.typ === 'candor-receipt+jws') {
    jwk = jwks.keys.find((key) => key.kid === header.kid);
    check(jwk, 'the controller published this key');
    const received = Date.parse(header.rcv);
    const valid = received >= instant(jwk.nbf, -Infinity) && received < instant(jwk.exp, Infinity);
    check(valid && jwk.revoked === undefined, 'the key was valid when the record was received');
  }
  check(jwk, `a signature of a known kind, not ${header.typ}`);
  await compactVerify(compact, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] });
  byType.set(header.typ, { header, compact });
}

const device = byType.get('candor-record+jws');
const controller = byType.get('candor-receipt+jws');
check(controller, 'a receipt carries the controller’s signature');
// dsig ties the two together: without it one device signature could be exchanged for another.
const dsig = device && createHash('sha256').update(device.compact, 'ascii').digest('base64url');
check(controller.header.dsig === dsig, 'the controller countersigned this device signature');
console.log('good', JSON.parse(Buffer.from(receipt.payload, 'base64url')).id, 'received', controller.header.rcv);
