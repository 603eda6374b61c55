import { defaultConfig, FormKit, plugin } from '@formkit/vue';
import { createApp, h, onMounted } from 'vue';
import { text } from '../content.js';
import { ready, sign } from '../sign.js';

const field = (type, name, label, more = {}) => h(FormKit, { type, name, label, ...more });
const Page = {
  setup() {
    onMounted(ready);
    return () => h(FormKit, { type: 'form', submitLabel: text.submit, onSubmit: sign }, () => [
      h('h2', text.title), h('p', text.intro),
      field('email', 'email', text.email, { validation: 'required|email', help: text.service }),
      field('text', 'given_name', text.name), field('tel', 'phone', text.phone),
      ...['newsletter', 'call', 'partners'].map((name) => field('checkbox', name, text[name])),
      h('p', text.notice),
    ]);
  },
};
createApp(Page).use(plugin, defaultConfig()).mount('#form');
