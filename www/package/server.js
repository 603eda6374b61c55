/**
 * What `import 'candor-form'` means on a server, where there are no elements: nothing, without a fault. A page that is
 * rendered there carries the tag `<candor-form>`, and the browser's own import defines it.
 */
export {};
