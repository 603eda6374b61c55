// @ts-check
/**
 * Fetches what hosted forms in iframes need. Each copy of the loader looks after the frames of its own origin, also where
 * another copy defined the element. The npm package goes without: a bundle does not stand on the origin of a collector.
 */
import { part } from './parts.js';

const origin = new URL(import.meta.url).origin;
const attend = () => import(part('frames.js'));
if (document.querySelector(`iframe[src^="${origin}/"]`)) attend();
// A frame that comes later speaks first.
else addEventListener('message', (event) => event.origin === origin && attend());
