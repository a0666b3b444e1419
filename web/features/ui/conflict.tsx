'use client';

import { fieldChanges } from '@/features/revisions/compare';
import type { FieldChange } from '@/features/revisions/compare';
import { Button } from './button';
import { FormFailure } from './states';
import type { Conflict, useForm } from './use-form';

// What people do not write: it says nothing about what they wrote.
const unwritten = new Set(['id', 'name', 'createdAt', 'updatedAt', 'routes']);

/** Where two versions of an object differ, field by field. @param isPatch fields that were not sent stay, and do not count. */
export function differences(theirs: unknown, mine: unknown, isPatch: boolean): FieldChange[] {
  const sent = Object.keys(mine ?? {});
  const isCompared = (name: string): boolean => !unwritten.has(name) && (!isPatch || sent.includes(name));
  const written = (value: unknown): object =>
    Object.fromEntries(Object.entries(value ?? {}).filter(([name, own]) => isCompared(name) && own !== null));
  return fieldChanges(written(theirs), written(mine));
}

interface RefusalProps<T> {
  form: Pick<ReturnType<typeof useForm<never, T>>, 'failure' | 'conflict' | 'isSending' | 'overwrite' | 'takeTheirs'>;
  /** What is sent: the fields as they stand. */
  input: unknown;
  isPatch?: boolean;
  /** Puts what is there now into the fields. */
  onTake: (theirs: T) => void;
}

/** Why a form was refused; where somebody else was faster, both versions, with nothing lost of what was typed. */
export function FormRefusal<T>({ form, input, isPatch = false, onTake }: RefusalProps<T>) {
  if (form.conflict === null) return <FormFailure failure={form.failure} />;
  const { theirs } = form.conflict;
  return (
    <ConflictCard
      conflict={form.conflict}
      isPatch={isPatch}
      isSending={form.isSending}
      onOverwrite={() => void form.overwrite(input)}
      onTake={() => {
        form.takeTheirs();
        onTake(theirs);
      }}
    />
  );
}

interface ConflictCardProps {
  conflict: Conflict<unknown>;
  isPatch: boolean;
  isSending: boolean;
  onOverwrite: () => void;
  onTake: () => void;
}

export function ConflictCard({ conflict, isPatch, isSending, onOverwrite, onTake }: ConflictCardProps) {
  const changes = differences(conflict.theirs, conflict.mine, isPatch);
  return (
    <div role="alert" className="flex flex-col gap-3 rounded-control border border-warn bg-surface px-3 py-3">
      <div>
        <p className="font-strong">Somebody else has changed this since you opened it</p>
        <p className="text-13 text-text-2">
          Nothing was saved, and nothing that you typed is lost: it still stands above.
          {changes.length === 0 && ' Both say the same.'}
        </p>
      </div>
      {changes.length > 0 && (
        <div className="overflow-x-auto">
          <table className="w-full text-13">
            <thead>
              <tr className="text-left text-text-2">
                <th scope="col">Field</th>
                <th scope="col">In the draft now</th>
                <th scope="col">Yours</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ field, before, after }) => (
                <tr key={field} className="border-t border-line align-top">
                  <th scope="row" className="py-1 pr-3 text-left font-mono font-normal">
                    {field}
                  </th>
                  <td className="py-1 pr-3 font-mono break-all">{before ?? 'not said'}</td>
                  <td className="py-1 font-mono break-all">{after ?? 'not said'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button onClick={onTake}>Take what is there now</Button>
        <Button look="danger" isSending={isSending} onClick={onOverwrite}>
          Save mine over it
        </Button>
      </div>
    </div>
  );
}
