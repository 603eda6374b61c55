declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent<{ src: string; prerendered?: string | undefined }>;
  export default component;
}
