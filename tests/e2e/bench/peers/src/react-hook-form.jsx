// React with react-hook-form, checked by zod.
import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import content from '../made/content.json';
import { ready, sign } from '../sign.js';

const schema = z.object({
  ...Object.fromEntries(content.fields.map(({ id, type }) => [id, type === 'email' ? z.email() : z.string().optional()])),
  ...Object.fromEntries(content.choices.map(({ id }) => [id, z.boolean().optional()])),
});

function Form() {
  const { register, handleSubmit, formState } = useForm({ resolver: zodResolver(schema) });
  useEffect(ready, []);
  return (
    <form noValidate onSubmit={handleSubmit(sign)}>
      <h2>{content.title}</h2>
      <p>{content.intro}</p>
      {content.fields.map(({ id, type, label }) => (
        <p key={id}>
          <label>{label} <input type={type} {...register(id)} /></label>
          {formState.errors[id] && <span role="alert">{formState.errors[id].message}</span>}
        </p>
      ))}
      <p>{content.service}</p>
      <fieldset>
        <legend>{content.legend}</legend>
        <p>{content.note}</p>
        {content.choices.map(({ id, label, details }) => (
          <p key={id}><label><input type="checkbox" {...register(id)} /> {label}</label> <small>{details}</small></p>
        ))}
      </fieldset>
      <p>{content.notice}</p>
      <button type="submit">{content.submit}</button>
    </form>
  );
}

createRoot(document.querySelector('#form')).render(<Form />);
