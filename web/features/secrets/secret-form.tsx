'use client';

import { secretNameSchema, secretPutSchema } from '@sluice/contracts';
import { useState } from 'react';
import { z } from 'zod';
import type { At } from '@/features/api/calls';
import { setSecret } from '@/features/api/calls';
import { Button } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';

const schema = z.object({ name: secretNameSchema, value: secretPutSchema.shape.value });

/** The value leaves this form for the control plane alone, and the form forgets it. */
export function SecretForm({ at }: { at: At }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const after = useAfter();
  const form = useForm({
    schema,
    call: ({ name: of, value: to }) => setSecret(at, of, { value: to }),
    onDone: ({ value: set }) => {
      setName('');
      setValue('');
      after(`secret:${set.name} is set, version ${set.version}.`);
    },
  });
  return (
    <Form form={form} input={{ name: name.trim(), value }} className="flex max-w-[760px] flex-col gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
        <TextField
          label="Name"
          isMono
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
          hint="One that is there gets a new value."
          error={form.errors['/name']}
        />
        <TextField
          label="Value"
          isMono
          type="password"
          autoComplete="new-password"
          value={value}
          onChange={(event) => setValue(event.target.value)}
          hint="Of a header the whole value, such as Bearer and the token."
          error={form.errors['/value']}
        />
        <Button look="primary" type="submit" isSending={form.isSending} className="sm:mt-[22px]">
          Set
        </Button>
      </div>
      <FormFailure failure={form.failure} />
    </Form>
  );
}
