// The bare element, typed: what the tag name gives, its events, its methods.
import 'candor-form';
import type { CandorReceipt } from 'candor-form';
import { fill, tell } from './page.js';

const form = document.createElement('candor-form');
form.loading = 'eager';
form.addEventListener('candor-receipt', (event) => {
  const receipt: CandorReceipt = event.detail;
  tell(receipt.state);
});
form.addEventListener('candor-error', (event) => tell(`${event.detail.code} ${event.detail.retryable}`));
await fill(form);
document.querySelector('#app')?.append(form);
