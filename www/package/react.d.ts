/** Types of the React wrapper, and of the bare tag `<candor-form>` in JSX. */
import type { AriaAttributes, HTMLAttributes, Key, ReactElement, ReactNode, Ref } from 'react';
import type { CandorAttributes, CandorEventMap, CandorFormElement } from './candor-form.js';

/** What any element of a page may have. */
type Ordinary = AriaAttributes &
  Pick<HTMLAttributes<CandorFormElement>, 'id' | 'className' | 'style' | 'title' | 'dir' | 'hidden' | 'slot' | 'role' | 'tabIndex' | 'children'>;

export interface CandorFormProps extends Ordinary, Omit<CandorAttributes, 'heading-level' | 'datalayer'> {
  headingLevel?: 1 | 2 | 3 | 4 | 5 | 6 | undefined;
  datalayer?: boolean | undefined;
  /** A form definition or a compiled form. The same object keeps the form as it stands. */
  definition?: unknown;
  /** For server rendering: what stands between the tags of `GET /v1/forms/{id}/html`. Takes the place of `children`. */
  prerendered?: string | undefined;
  /** What is seen until the form is there, and beside the sentence where it cannot be had: a link to `/f/{id}`. */
  children?: ReactNode;
  ref?: Ref<CandorFormElement> | undefined;
  onReady?: ((event: CandorEventMap['candor-ready']) => void) | undefined;
  onChange?: ((event: CandorEventMap['candor-change']) => void) | undefined;
  onInvalid?: ((event: CandorEventMap['candor-invalid']) => void) | undefined;
  /** `event.preventDefault()`: nothing is sent. */
  onSubmit?: ((event: CandorEventMap['candor-submit']) => void) | undefined;
  onReceipt?: ((event: CandorEventMap['candor-receipt']) => void) | undefined;
  onError?: ((event: CandorEventMap['candor-error']) => void) | undefined;
}

/** `<candor-form>` for React 18 and 19, on the server too. */
export function CandorForm(props: CandorFormProps): ReactElement;

/** Events of the bare tag: React 19 listens by `oncandor-receipt`, React 18 by `addEventListener` alone. */
type Listeners = { [Type in keyof CandorEventMap as `on${Type}`]?: ((event: CandorEventMap[Type]) => void) | undefined };

type Tag = CandorAttributes &
  Ordinary &
  Listeners & {
    class?: string | undefined;
    suppressHydrationWarning?: boolean | undefined;
    dangerouslySetInnerHTML?: { __html: string } | undefined;
    ref?: Ref<CandorFormElement> | undefined;
    key?: Key | null | undefined;
  };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'candor-form': Tag;
    }
  }
}
