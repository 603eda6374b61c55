import Form from '@rjsf/core';
import validator from '@rjsf/validator-ajv8';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { text } from '../content.js';
import { ready, sign } from '../sign.js';

const schema = {
  title: text.title, description: text.intro, type: 'object', required: ['email'],
  properties: {
    email: { type: 'string', format: 'email', title: text.email },
    given_name: { type: 'string', title: text.name },
    phone: { type: 'string', title: text.phone },
    newsletter: { type: 'boolean', title: text.newsletter },
    call: { type: 'boolean', title: text.call },
    partners: { type: 'boolean', title: text.partners },
  },
};
const look = { 'ui:submitButtonOptions': { submitText: text.submit }, email: { 'ui:help': text.service } };

function Page() {
  useEffect(ready, []);
  return (
    <>
      <Form schema={schema} uiSchema={look} validator={validator} onSubmit={({ formData }) => sign(formData)} />
      <p>{text.notice}</p>
    </>
  );
}

createRoot(document.querySelector('#form')).render(<Page />);
