'use client';

import { secretNameSchema, secretPutSchema } from '@sluice/contracts';
import { useState } from 'react';
import { z } from 'zod';
import type { At } from '@/features/api/calls';
import { setSecret } from '@/features/api/calls';
import { TextField } from '@/features/ui/field';
import { RowForm } from '@/features/ui/row-form';
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
    <RowForm form={form} input={{ name: name.trim(), value }} label="Set">
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
    </RowForm>
  );
}
