// React with react-jsonschema-form, checked by ajv: the form is a JSON Schema.
import Form from '@rjsf/core';
import validator from '@rjsf/validator-ajv8';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import content from '../made/content.json';
import { ready, sign } from '../sign.js';

const schema = {
  title: content.title,
  description: content.intro,
  type: 'object',
  required: content.fields.filter(({ required }) => required).map(({ id }) => id),
  properties: {
    ...Object.fromEntries(content.fields.map(({ id, type, label }) =>
      [id, { type: 'string', title: label, ...(type === 'email' && { format: 'email' }) }])),
    choices: {
      type: 'object', title: content.legend, description: content.note,
      properties: Object.fromEntries(content.choices.map(({ id, label, details }) => [id, { type: 'boolean', title: label, description: details }])),
    },
  },
};
const look = { 'ui:submitButtonOptions': { submitText: content.submit }, email: { 'ui:help': content.service } };

function Page() {
  useEffect(ready, []);
  return (
    <>
      <Form schema={schema} uiSchema={look} validator={validator} onSubmit={({ formData }) => sign(formData)} />
      <p>{content.notice}</p>
    </>
  );
}

createRoot(document.querySelector('#form')).render(<Page />);
