// FormKit on Vue 3, with its own inputs and rules.
import { defaultConfig, FormKit, plugin } from '@formkit/vue';
import { createApp, h, onMounted } from 'vue';
import content from '../made/content.json';
import { ready, sign } from '../sign.js';

const Page = {
  setup() {
    onMounted(ready);
    return () => h(FormKit, { type: 'form', submitLabel: content.submit, onSubmit: sign }, () => [
      h('h2', content.title),
      h('p', content.intro),
      ...content.fields.map(({ id, type, label, required }) =>
        h(FormKit, { type, name: id, label, validation: [required && 'required', type === 'email' && 'email'].filter(Boolean).join('|') })),
      h('p', content.service),
      h('fieldset', [
        h('legend', content.legend),
        h('p', content.note),
        ...content.choices.map(({ id, label, details }) => h(FormKit, { type: 'checkbox', name: id, label, help: details })),
      ]),
      h('p', content.notice),
    ]);
  },
};
createApp(Page).use(plugin, defaultConfig()).mount('#form');
