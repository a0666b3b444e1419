'use client';

import type { Credential } from '@sluice/contracts';
import { useState } from 'react';
import { listCredentials, listSubscriptions } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { perform } from '@/features/api/perform';
import { SelectField, TextField } from '@/features/ui/field';

interface CredentialFieldsProps {
  at: At;
  applications: readonly { id: string; title: string }[];
  credential: string;
  error: string | undefined;
  onChange: (credential: string) => void;
}

interface OwnKey {
  readonly plan: string;
  readonly key: Credential;
}

/** Whose key is used in its place. The key itself is never needed: keys are shown once and stored nowhere. */
export function CredentialFields({ at, applications, credential, error, onChange }: CredentialFieldsProps) {
  const [application, setApplication] = useState('');
  const [keys, setKeys] = useState<readonly OwnKey[]>([]);
  const [note, setNote] = useState<string>();

  async function choose(id: string): Promise<void> {
    setApplication(id);
    setKeys([]);
    setNote(undefined);
    onChange('');
    if (id === '') return;
    const found = await keysOf(at, id);
    if (found === null) {
      setNote('Its keys could not be read. Choose it again, or write the id of a key.');
      return;
    }
    setKeys(found);
    const first = found.find(({ key }) => key.state === 'active') ?? found[0];
    if (first === undefined) setNote('It has no key yet.');
    else onChange(first.key.id);
  }

  return (
    <div className="grid items-start gap-3 xs:max-lg:grid-cols-2">
      <SelectField
        label="As the application"
        isOptional
        value={application}
        onChange={(event) => void choose(event.target.value)}
        hint={note ?? 'Its key is used wherever the route asks for one.'}
      >
        <option value="">none: as the headers say</option>
        {applications.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </SelectField>
      {keys.length > 0 ? (
        <SelectField
          label="With the key"
          value={credential}
          onChange={(event) => onChange(event.target.value)}
          error={error}
        >
          {keys.map(({ plan, key }) => (
            <option key={key.id} value={key.id}>
              {key.name} {key.hint}, plan {plan}
              {key.state === 'active' ? '' : `, ${key.state}`}
            </option>
          ))}
        </SelectField>
      ) : (
        <TextField
          label="Id of a key"
          isOptional
          isMono
          placeholder="key_…"
          value={credential}
          onChange={(event) => onChange(event.target.value)}
          hint="Not the key itself."
          error={error}
        />
      )}
    </div>
  );
}

/** Null: they could not be read. */
async function keysOf(at: At, application: string): Promise<OwnKey[] | null> {
  const subscriptions = await perform(listSubscriptions(at, application));
  if (!subscriptions.ok) return null;
  const lists = await Promise.all(
    subscriptions.value.items.map(async ({ id, plan }) => ({ plan, list: await perform(listCredentials(at, id)) })),
  );
  if (lists.some(({ list }) => !list.ok)) return null;
  return lists.flatMap(({ plan, list }) => (list.ok ? list.value.items.map((key) => ({ plan, key })) : []));
}
