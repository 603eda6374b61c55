// Mounted in the browser, or taken over from what the server rendered.
import { createRoot, hydrateRoot } from 'react-dom/client';
import { App } from './app.js';
import { formAddress, tell } from './page.js';

const root = document.querySelector('#app')!;
if (root.querySelector('candor-form')) {
  hydrateRoot(root, <App src={formAddress()} prerendered=" " />, { onRecoverableError: (error) => tell(`mismatch ${String(error)}`) });
} else {
  createRoot(root).render(<App src={formAddress()} />);
}
