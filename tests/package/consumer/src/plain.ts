// The bare element, typed: what the tag name gives, its events, its methods.
import 'candor-form';
import type { CandorReceipt } from 'candor-form';
import { formAddress, tell } from './page';

const form = document.createElement('candor-form');
form.src = formAddress();
form.loading = 'eager';
form.addEventListener('candor-receipt', (event) => {
  const receipt: CandorReceipt = event.detail;
  tell(receipt.state);
});
form.addEventListener('candor-error', (event) => tell(`${event.detail.code} ${event.detail.retryable}`));
document.querySelector('#app')?.append(form);
