import { Formio } from '@formio/js';
import { text } from '../content.js';
import { ready, sign } from '../sign.js';

const box = (key) => ({ type: 'checkbox', key, label: text[key], input: true });
const form = await Formio.createForm(document.querySelector('#form'), {
  components: [
    { type: 'htmlelement', tag: 'h2', key: 'title', content: text.title },
    { type: 'htmlelement', tag: 'p', key: 'intro', content: text.intro },
    { type: 'email', key: 'email', label: text.email, validate: { required: true }, input: true },
    { type: 'textfield', key: 'given_name', label: text.name, input: true },
    { type: 'textfield', key: 'phone', label: text.phone, input: true },
    { type: 'htmlelement', tag: 'p', key: 'service', content: text.service },
    box('newsletter'), box('call'), box('partners'),
    { type: 'htmlelement', tag: 'p', key: 'notice', content: text.notice },
    { type: 'button', action: 'event', event: 'sent', key: 'submit', label: text.submit, input: true },
  ],
});
form.on('sent', (data) => form.checkValidity(data, true) && sign(data));
ready();
