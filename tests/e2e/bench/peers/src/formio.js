// Form.io: the form is data, its renderer comes whole.
import { Formio } from '@formio/js';
import content from '../made/content.json';
import { ready, sign } from '../sign.js';

const words = (tag, key, text) => ({ type: 'htmlelement', tag, key, content: text });
const KINDS = { email: 'email', tel: 'textfield', text: 'textfield' };
const form = await Formio.createForm(document.querySelector('#form'), {
  components: [
    words('h2', 'title', content.title),
    words('p', 'intro', content.intro),
    ...content.fields.map(({ id, type, label, required }) => ({ type: KINDS[type], key: id, label, validate: { required }, input: true })),
    words('p', 'service', content.service),
    {
      type: 'fieldset', key: 'choices', legend: content.legend, components: [
        words('p', 'note', content.note),
        ...content.choices.map(({ id, label, details }) => ({ type: 'checkbox', key: id, label, description: details, input: true })),
      ],
    },
    words('p', 'notice', content.notice),
    { type: 'button', action: 'event', event: 'sent', key: 'submit', label: content.submit, input: true },
  ],
});
form.on('sent', (data) => form.checkValidity(data, true) && sign(data));
ready();
