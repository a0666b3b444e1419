'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { z } from 'zod';
import { sendCode, verifyCode } from '@/features/api/auth-calls';
import { createTenant } from '@/features/api/calls';
import { perform } from '@/features/api/perform';
import { routes, safeNext } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { Form } from '@/features/ui/form';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';
import { EmailField, emailSchema } from './account-fields';
import { AuthFrame } from './auth-frame';
import { CodeStep } from './code-step';
import { slugFrom } from './slug';

interface VerifyFormProps {
  /** Empty: it is asked for. */
  email: string;
  /** From the mail's link; empty: it is typed. */
  code: string;
  /** The organisation to make once the address is confirmed, as its founder titled it. */
  organisation?: string | undefined;
  next?: string | undefined;
}

/** Confirms an address. All it needs is in its own address, so a reload and the way back lose nothing. */
export function VerifyForm({ email, code, organisation, next }: VerifyFormProps) {
  async function enter(): Promise<void> {
    if (organisation === undefined) {
      location.assign(safeNext(next));
      return;
    }
    const title = organisation.trim();
    const outcome = await perform(createTenant({ title, slug: slugFrom(title) }, crypto.randomUUID()));
    // Taken, reserved or empty: the front page lets the person choose.
    location.assign(outcome.ok ? routes.start(outcome.value.slug) : routes.front({ organisation }));
  }

  if (email === '') return <AddressStep next={next} />;
  if (code !== '') return <ConfirmStep email={email} code={code} next={next} />;
  return (
    <AuthFrame title="Check your mail" note={`We sent 6 digits to ${email}. They work for 10 minutes.`}>
      <CodeStep email={email} onVerified={enter} />
    </AuthFrame>
  );
}

const addressSchema = z.object({ email: emailSchema });

function AddressStep({ next }: { next: string | undefined }) {
  const [email, setEmail] = useState('');
  const router = useRouter();
  const form = useForm({
    schema: addressSchema,
    call: sendCode,
    onDone: () => router.push(routes.verify({ email, ...(next === undefined ? {} : { next }) })),
  });
  return (
    <AuthFrame title="Confirm your address" note="We mail you a code.">
      <Form form={form} input={{ email }} className="flex flex-col gap-4">
        <EmailField value={email} onChange={setEmail} error={form.errors['/email']} />
        <FormFailure failure={form.failure} />
        <Button look="primary" size="large" type="submit" isSending={form.isSending}>
          Send the code
        </Button>
      </Form>
    </AuthFrame>
  );
}

/** Where the link of the mail leads. It asks for one press: mail scanners follow links, and must not use the code up. */
function ConfirmStep({ email, code, next }: { email: string; code: string; next: string | undefined }) {
  const [isDone, setIsDone] = useState(false);
  const form = useForm({
    call: (body: { email: string; otp: string }) => verifyCode(body),
    onDone: () => setIsDone(true),
  });
  if (isDone) {
    return (
      <AuthFrame title="Your address is confirmed" note="You are signed in.">
        <Button look="primary" size="large" onClick={() => location.assign(safeNext(next))}>
          Go on
        </Button>
      </AuthFrame>
    );
  }
  if (form.failure !== null) {
    return (
      <AuthFrame title="Check your mail" note={email}>
        <FormFailure failure={{ ...form.failure, errors: [] }} />
        <CodeStep email={email} onVerified={() => setIsDone(true)} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title="Confirm your address" note={email}>
      <Button
        look="primary"
        size="large"
        isSending={form.isSending}
        onClick={() => void form.submit({ email, otp: code })}
      >
        Confirm
      </Button>
    </AuthFrame>
  );
}
