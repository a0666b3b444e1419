'use client';

import { credentialCreateSchema } from '@sluice/contracts';
import type { Credential, CredentialWithKey } from '@sluice/contracts';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Call } from '@/features/api/call';
import { Button } from '@/features/ui/button';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { DataTable } from '@/features/ui/data-table';
import { Dialog } from '@/features/ui/dialog';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { StatusBadge } from '@/features/ui/status-badge';
import { Time } from '@/features/ui/time';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { ShownOnce } from './shown-once';
import { Given } from '@/features/ui/given';

interface KeysProps {
  keys: readonly Credential[];
  canEdit: boolean;
  create: (name: string, idempotencyKey: string) => Call<CredentialWithKey>;
  rotate: (id: string, idempotencyKey: string) => Call<CredentialWithKey>;
  revoke: (id: string) => Call<unknown>;
  onCreated?: (made: CredentialWithKey) => void;
}

/** Keys inside their subscription: name, hint, state, end, and the ways to make, replace and revoke one. */
export function Keys({ keys, canEdit, create, rotate, revoke, onCreated }: KeysProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState('Production');
  const [made, setMade] = useState<CredentialWithKey | null>(null);
  const after = useAfter();
  const form = useForm({
    schema: credentialCreateSchema,
    call: (body, idempotencyKey) => create(body.name, idempotencyKey),
    onDone: ({ value }) => show(value, 'Key created.'),
  });
  const show = (value: CredentialWithKey, said: string) => {
    setMade(value);
    onCreated?.(value);
    after(said);
  };
  const close = () => {
    setIsOpen(false);
    setMade(null);
  };
  const actions = (key: Credential) =>
    key.state === 'active' ? (
      <div className="flex flex-wrap gap-2">
        <ConfirmButton
          size="compact"
          label="Rotate"
          name={key.name}
          title={`Replace the key ${key.name} (${key.hint})?`}
          consequence="A new key is shown once. The old one goes on for 24 hours, so that you can replace it wherever it is used; then requests with it get 401."
          call={(idempotencyKey) => rotate(key.id, idempotencyKey)}
          onDone={({ value }) => show(value, `The key ${key.name} has a successor.`)}
        />
        <ConfirmButton
          size="compact"
          label="Revoke"
          name={key.name}
          title={`Revoke the key ${key.name} (${key.hint})?`}
          consequence="Requests with it get 401 within a second. This cannot be undone; a new key can be made."
          call={() => revoke(key.id)}
          onDone={() => after(`The key ${key.name} is revoked.`)}
        />
      </div>
    ) : (
      // On a phone the column of states is left out.
      <span className="text-text-2 sm:hidden">{key.state}</span>
    );
  return (
    <div className="flex flex-col gap-3">
      {keys.length === 0 ? (
        <p className="text-text-2">No key yet.</p>
      ) : (
        <DataTable
          caption="Keys"
          rows={keys}
          rowKey={(key) => key.id}
          columns={[
            { title: 'Name', cell: (key) => <Given>{key.name}</Given> },
            { title: 'Key', cell: (key) => <code>{key.hint}</code> },
            {
              title: 'State',
              isSecondary: canEdit,
              cell: (key) => <StatusBadge tone={key.state === 'active' ? 'ok' : 'neutral'}>{key.state}</StatusBadge>,
            },
            { title: 'Created', cell: (key) => <Time at={key.createdAt} />, isSecondary: true },
            {
              title: 'Expires',
              cell: (key) => (key.expiresAt === null ? 'never' : <Time at={key.expiresAt} />),
              isSecondary: true,
            },
            ...(canEdit ? [{ title: 'Actions', cell: actions }] : []),
          ]}
        />
      )}
      {canEdit && (
        <div>
          <Button size="compact" onClick={() => setIsOpen(true)}>
            <Plus aria-hidden />
            Create key
          </Button>
        </div>
      )}
      {made === null ? (
        <Dialog isOpen={isOpen} onClose={close} title="Create key">
          <Form form={form} input={{ name }} className="flex flex-col gap-4">
            <TextField
              label="Name"
              value={name}
              onChange={(event) => setName(event.target.value)}
              hint="To tell it from others: where it will be used."
              error={form.errors['/name']}
            />
            <FormFailure failure={form.failure} />
            <div>
              <Button look="primary" type="submit" isSending={form.isSending}>
                Create key
              </Button>
            </div>
          </Form>
        </Dialog>
      ) : (
        <ShownOnce made={made} onClose={close} />
      )}
    </div>
  );
}
