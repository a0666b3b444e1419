'use client';

import { fieldErrors } from '@sluice/contracts';
import type { FieldError } from '@sluice/contracts';
import { useRef, useState } from 'react';
import type { z } from 'zod';
import type { Call, Failure, Success } from '@/features/api/call';
import { perform } from '@/features/api/perform';

interface FormOptions<Body, T> {
  /** Checks before sending, with the same schema that control-api uses. */
  readonly schema?: z.ZodType<Body>;
  /** What only this form can know to be wrong: text that stands for no value at all, and so cannot be sent. */
  readonly check?: () => readonly FieldError[];
  /**
   * The call. The key is the form's own: a second press, or a retry, makes one thing. `newerEtag`: of the state that the form
   * was shown after somebody else was faster, instead of the one that it began with.
   */
  readonly call: (body: Body, idempotencyKey: string, newerEtag: string | undefined) => Call<T>;
  /** Reads what is changed as it is now, where a change can meet another one (412). */
  readonly current?: () => Call<T>;
  readonly onDone: (answer: Success<T>) => void;
}

/** Somebody else was faster: what is there now, and what was to be saved. */
export interface Conflict<T> {
  readonly theirs: T;
  readonly etag: string | undefined;
  readonly mine: unknown;
}

/** One form: sends once at a time, puts errors beside their fields by JSON pointer. */
export function useForm<Body, T>({ schema, check, call, current, onDone }: FormOptions<Body, T>) {
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [conflict, setConflict] = useState<Conflict<T> | null>(null);
  const [newerEtag, setNewerEtag] = useState<string>();
  const sending = useRef(false);
  const idempotencyKey = useRef<string>(undefined);

  async function submit(input: unknown, etag = newerEtag): Promise<void> {
    if (sending.current) return;
    setFailure(null);
    setConflict(null);
    const checked = schema?.safeParse(input);
    const unsendable = check?.() ?? [];
    if (unsendable.length > 0 || checked?.success === false) {
      setErrors(byPointer([...unsendable, ...(checked?.success === false ? fieldErrors(checked.error) : [])]));
      return;
    }
    setErrors({});
    sending.current = true;
    setIsSending(true);
    idempotencyKey.current ??= crypto.randomUUID();
    const body = (checked?.data ?? input) as Body;
    const outcome = await perform(call(body, idempotencyKey.current, etag));
    const now = !outcome.ok && outcome.code === 'precondition_failed' && current ? await perform(current()) : null;
    sending.current = false;
    setIsSending(false);
    if (outcome.ok) {
      idempotencyKey.current = undefined;
      onDone(outcome);
      return;
    }
    // What was refused was not made: the corrected form is a new request.
    if (!outcome.isRetryable) idempotencyKey.current = undefined;
    setErrors(byPointer(outcome.errors));
    setFailure(outcome);
    if (now?.ok === true) setConflict({ theirs: now.value, etag: now.etag ?? undefined, mine: body });
  }

  /** What is in the fields now over what somebody else has saved. */
  async function overwrite(input: unknown): Promise<void> {
    setNewerEtag(conflict?.etag);
    return submit(input, conflict?.etag);
  }

  /** The form goes on from what is there now. */
  function takeTheirs(): void {
    setNewerEtag(conflict?.etag);
    setConflict(null);
    setFailure(null);
    setErrors({});
  }

  return { errors, failure, conflict, newerEtag, isSending, submit, overwrite, takeTheirs };
}

function byPointer(errors: readonly { pointer: string; message: string; fix: string }[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { pointer, message, fix } of errors) {
    texts[pointer] ??= sentence(inOne(message, fix));
  }
  return texts;
}

/** What is wrong and how to mend it, without saying one thing twice: our schemas' messages are remedies already. */
export function inOne(message: string, fix: string): string {
  const isGeneric = /^(Invalid|Too |Unrecognized|Expected)/.test(message);
  if (isGeneric && fix !== '') return fix;
  if (fix === '' || fix === message || /^write at (least|most) \d+( (characters?|entry|entries))?$/.test(fix))
    return message;
  return `${message.replace(/[.:]$/, '')}: ${fix}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
