/** The form's address comes from the page's own, since the tests start a collector on a free port. */
export function formAddress(): string {
  return new URLSearchParams(location.search).get('form') ?? '';
}

/** What the page heard, where the tests read it. */
export function tell(what: string): void {
  document.body.dataset['heard'] = `${document.body.dataset['heard'] ?? ''}${what};`;
}
