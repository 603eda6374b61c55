// The same page for everybody: what the ebook gate of the demo shows, as data.
export const text = {
  title: 'Get the GDPR guide',
  intro: 'The download link goes to your mailbox.',
  email: 'E-mail address',
  name: 'First name (optional)',
  phone: 'Phone number (optional)',
  service: 'Acme Conseil uses your e-mail address to send you the guide that you ask for. Without another choice it is deleted after 30 days.',
  newsletter: 'I agree that Acme Conseil sends me its advice and offers each month by e-mail.',
  call: 'I agree that Acme Conseil calls me to offer its services.',
  partners: 'I agree that Acme Conseil passes my e-mail address to Partenaire Exemple SA (management software), which will send me its offers by e-mail.',
  notice: 'Controller: Acme Conseil SAS, 1 rue de l’Exemple, 75001 Paris. Service provider: Courrier Exemple SA. Kept at most: 30 days after collection for what you ask for; 3 years after your last contact for your choices. Access, rectification, erasure, restriction, portability, objection: dpo@acme.example. Complaint: CNIL. Withdraw with one click, in each e-mail or at “Manage my choices”.',
  submit: 'Get the guide',
};
