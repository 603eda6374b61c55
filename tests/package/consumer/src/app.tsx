// The same component on the server and in the browser.
import { useState } from 'react';
import { CandorForm } from 'candor-form/react';

interface Props {
  src: string;
  prerendered?: string | undefined;
}

export function App({ src, prerendered }: Props) {
  const [state, setState] = useState('');
  const [renders, setRenders] = useState(0);
  return (
    <>
      <CandorForm
        src={src}
        lang="en"
        loading="eager"
        headingLevel={3}
        prerendered={prerendered}
        onChange={() => setRenders((count) => count + 1)}
        onReceipt={(event) => setState(event.detail.state)}
        onError={(event) => setState(event.detail.code)}
      >
        <a href="https://forms.example/f/ebook-rgpd">The form on a page of its own</a>
      </CandorForm>
      <output data-renders={renders}>{state}</output>
    </>
  );
}
