// Stands between the glue and the module. `cargo xtask dist` appends this file to the glue of the widget and lets the
// glue keep `guarded(instance.exports)` in place of the exports themselves.
//
// Closures, timers and promises call into the module from the browser's own stack: a trap there would reach the host
// page as an error of its own. Here it is caught, told to the loader once, and the dead instance is never called again.

/**
 * Makes the one instance. wasm-bindgen's own door has more keys than the loader, and is left out.
 * @param {{ module_or_path: WebAssembly.Module }} options
 */
export default async function start({ module_or_path: module }) {
  __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
}

let trapped = false;

/** @type {(error: unknown) => void} */
let reportTrap = () => {};

/** Tells the loader of the first trap, and of a browser that would not sign. @param {(error: unknown) => void} report */
export function whenTrapped(report) {
  reportTrap = report;
}

/** @param {WebAssembly.Exports} exports */
function guarded(exports) {
  /** @type {Record<string, unknown>} */
  const calls = {};
  for (const [name, value] of Object.entries(exports)) {
    calls[name] = typeof value === 'function' ? guardedCall(value) : value;
  }
  return calls;
}

/** @param {Function} call */
function guardedCall(call) {
  return (/** @type {unknown[]} */ ...values) => {
    if (trapped) return undefined;
    try {
      return call(...values);
    } catch (error) {
      trapped = true;
      reportTrap({ code: 'trap', message: String(error) });
      return undefined;
    }
  };
}
