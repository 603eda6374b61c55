import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { text } from '../content.js';
import { ready, sign } from '../sign.js';

const schema = z.object({
  email: z.email(), given_name: z.string().optional(), phone: z.string().optional(),
  newsletter: z.boolean().optional(), call: z.boolean().optional(), partners: z.boolean().optional(),
});

function Form() {
  const { register, handleSubmit, formState } = useForm({ resolver: zodResolver(schema) });
  useEffect(ready, []);
  return (
    <form noValidate onSubmit={handleSubmit(sign)}>
      <h2>{text.title}</h2>
      <p>{text.intro}</p>
      <label>{text.email}<input type="email" {...register('email')} /></label>
      {formState.errors.email && <p role="alert">{formState.errors.email.message}</p>}
      <label>{text.name}<input {...register('given_name')} /></label>
      <label>{text.phone}<input type="tel" {...register('phone')} /></label>
      <p>{text.service}</p>
      {['newsletter', 'call', 'partners'].map((name) => (
        <label key={name}><input type="checkbox" {...register(name)} />{text[name]}</label>
      ))}
      <p>{text.notice}</p>
      <button type="submit">{text.submit}</button>
    </form>
  );
}

createRoot(document.querySelector('#form')).render(<Form />);
