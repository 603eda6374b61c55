import type { CandorFormElement } from 'candor-form';

/** The form's address comes from the page's own, since the tests start a collector on a free port. */
export function formAddress(): string {
  return new URLSearchParams(location.search).get('form') ?? '';
}

/** Which form: by its address, or the definition that the page carries itself. */
export async function fill(form: CandorFormElement): Promise<void> {
  const definition = new URLSearchParams(location.search).get('definition');
  if (definition === null) {
    form.src = formAddress();
    return;
  }
  form.definition = await (await fetch(definition)).json();
  form.endpoint = new URL('/v1/submissions', formAddress()).href;
}

/** What the page heard, where the tests read it. */
export function tell(what: string): void {
  document.body.dataset['heard'] = `${document.body.dataset['heard'] ?? ''}${what};`;
}
