/** Types of the React wrapper, and of the bare tag `<candor-form>` in JSX. */
import type { CSSProperties, ReactElement, Ref } from 'react';
import type {
  CandorAttributes,
  CandorChange,
  CandorFailure,
  CandorFormElement,
  CandorInvalid,
  CandorReceipt,
  CandorSubmission,
} from './candor-form.js';

export interface CandorFormProps {
  src?: string;
  lang?: string;
  endpoint?: string;
  render?: 'shadow' | 'light';
  theme?: 'auto' | 'light' | 'dark';
  loading?: 'lazy' | 'eager';
  prefill?: 'fragment';
  headingLevel?: 1 | 2 | 3 | 4 | 5 | 6;
  datalayer?: boolean;
  /** A form definition or a compiled form. The same object keeps the form as it stands. */
  definition?: unknown;
  /** For server rendering: what stands between the tags of `GET /v1/forms/{id}/html`. */
  prerendered?: string;
  id?: string;
  className?: string;
  style?: CSSProperties;
  ref?: Ref<CandorFormElement>;
  onReady?: (event: CustomEvent<Record<string, never>>) => void;
  onChange?: (event: CustomEvent<CandorChange>) => void;
  onInvalid?: (event: CustomEvent<CandorInvalid>) => void;
  /** `event.preventDefault()`: nothing is sent. */
  onSubmit?: (event: CustomEvent<CandorSubmission>) => void;
  onReceipt?: (event: CustomEvent<CandorReceipt>) => void;
  onError?: (event: CustomEvent<CandorFailure>) => void;
}

/** `<candor-form>` for React 18 and 19, on the server too. */
export function CandorForm(props: CandorFormProps): ReactElement;

type Tag = CandorAttributes & {
  id?: string;
  class?: string;
  className?: string;
  style?: CSSProperties;
  ref?: Ref<CandorFormElement>;
  key?: string | number;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'candor-form': Tag;
    }
  }
}
