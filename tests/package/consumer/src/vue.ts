// Mounted in the browser, or taken over from what the server rendered.
import 'candor-form';
import { createApp, createSSRApp } from 'vue';
import App from './App.vue';
import { formAddress } from './page.js';

const rendered = document.querySelector('#app candor-form') !== null;
const app = (rendered ? createSSRApp : createApp)(App, { src: formAddress() });
app.mount('#app');
