// The same component on the server and in the browser.
import { useState } from 'react';
import { CandorForm } from 'candor-form/react';

interface Props {
  src: string;
  prerendered?: string;
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
        {...(prerendered === undefined ? {} : { prerendered })}
        onChange={() => setRenders((count) => count + 1)}
        onReceipt={(event) => setState(event.detail.state)}
      />
      <output data-renders={renders}>{state}</output>
    </>
  );
}
