// What must compile, and what must not: each refusal is marked, and a mark without a refusal is an error by itself.
import type { CandorEventMap, CandorFormElement, CandorState } from 'candor-form';
import { CandorForm } from 'candor-form/react';

declare const form: CandorFormElement;

export const state: CandorState = form.state;
export const valid: boolean = form.validate();
export const found: CandorFormElement | null = document.querySelector('candor-form');
form.definition = { format: 'candor-form/1' };
form.addEventListener('candor-submit', (event) => {
  event.preventDefault();
  const newsletter: string | undefined = event.detail.fields.byPurpose['newsletter']?.['email'];
  return [newsletter, event.detail.record.signatures[0]?.protected];
});
form.addEventListener('focusin', (event) => event.relatedTarget);
export const kinds = (event: CandorEventMap['candor-change']) => ('field' in event.detail ? event.detail.field : event.detail.purpose);

// @ts-expect-error the state is read-only
form.state = 'done';
// @ts-expect-error a change carries no value
form.addEventListener('candor-change', (event) => event.detail.value);
// @ts-expect-error there is no such method
form.tick();

export const good = <CandorForm src="https://forms.example/v1/forms/a" theme="dark" onInvalid={(event) => event.detail.errors.length} />;
export const tag = <candor-form src="https://forms.example/v1/forms/a" lang="fr" render="light" heading-level={3} />;
export const absent = <CandorForm src={undefined} theme={undefined} onReady={undefined} prerendered={undefined} ref={undefined} />;
export const dressed = (
  <CandorForm id="form" className="wide" title="The form" aria-describedby="why" data-place="footer" hidden={false}>
    <a href="https://forms.example/f/a">On a page of its own</a>
  </CandorForm>
);
export const heard = (
  <candor-form key="a" class="wide" oncandor-receipt={(event) => event.detail.manage.length}>
    <a href="https://forms.example/f/a">On a page of its own</a>
  </candor-form>
);
// @ts-expect-error a receipt has no such member
export const unheard = <candor-form oncandor-receipt={(event) => event.detail.fields} />;
// @ts-expect-error a consent has no default
export const preticked = <CandorForm defaultChecked />;
// @ts-expect-error nothing can be ticked from outside
export const ticked = <CandorForm consents={['newsletter']} />;
// @ts-expect-error no such theme
export const theme = <candor-form theme="sepia" />;
