'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { quickStart } from '@/features/api/portal-calls';
import type { Failure } from '@/features/api/call';
import { perform } from '@/features/api/perform';
import { CodeStep } from '@/features/auth/code-step';
import { Button, InlineButton } from '@/features/ui/button';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { AccountForm } from './account-form';
import { useKeyMemory } from './key-memory';
import { portalRoutes } from './portal-routes';

interface GetKeyProps {
  tenant: string;
  tenantTitle: string;
  plan: string;
  planTitle: string;
  limits: readonly string[];
  /** Of the person who is signed in already. */
  email: string | null;
}

type Step = { name: 'account' } | { name: 'code'; email: string };

/** From nothing to a key on one page: an account or a session, then application, subscription and key in one call. */
export function GetKey({ tenant, tenantTitle, plan, planTitle, limits, email }: GetKeyProps) {
  const router = useRouter();
  const memory = useKeyMemory();
  const [step, setStep] = useState<Step>({ name: 'account' });
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isMaking, setIsMaking] = useState(false);
  // One key for the whole page: a second try never makes a second application.
  const idempotencyKey = useRef<string>(undefined);

  async function make(): Promise<void> {
    setIsMaking(true);
    setFailure(null);
    idempotencyKey.current ??= crypto.randomUUID();
    const outcome = await perform(quickStart(tenant, { plan }, idempotencyKey.current));
    if (!outcome.ok) {
      setIsMaking(false);
      setFailure(outcome);
      return;
    }
    const { application, credential } = outcome.value;
    const subscription = application.subscriptions.find((one) => one.plan === plan) ?? application.subscriptions[0];
    if (credential !== null && subscription !== undefined) memory.remember(subscription.id, credential);
    router.push(portalRoutes.start(application.id));
    router.refresh();
  }

  return (
    <div className="mx-auto flex max-w-[440px] flex-col gap-6 pt-10">
      <div>
        <h1 className="text-28">Get a key</h1>
        <p className="mt-1 text-text-2">
          {tenantTitle}, plan {planTitle}: {limits.length === 0 ? 'no limit' : limits.join('; ')}.
        </p>
      </div>
      {failure !== null ? (
        <div className="flex flex-col items-start gap-3">
          <FormFailure failure={{ ...failure, errors: [] }} />
          <Button look="primary" size="large" isSending={isMaking} onClick={() => void make()}>
            Try again
          </Button>
        </div>
      ) : isMaking ? (
        <output>Making your key…</output>
      ) : email !== null ? (
        <Card className="flex flex-col items-start gap-4">
          <p className="break-all">Signed in as {email}.</p>
          <Button look="primary" size="large" onClick={() => void make()}>
            Get key
          </Button>
        </Card>
      ) : step.name === 'code' ? (
        <>
          <p>We sent 6 digits to {step.email}. They work for 10 minutes.</p>
          <CodeStep email={step.email} onVerified={make} />
          <p className="text-14 text-text-2">
            The mail says that you already have an account?{' '}
            <InlineButton onClick={() => setStep({ name: 'account' })}>Sign in with it</InlineButton>
          </p>
        </>
      ) : (
        <AccountForm
          tenantTitle={tenantTitle}
          onSignedUp={(address) => setStep({ name: 'code', email: address })}
          onSignedIn={() => void make()}
        />
      )}
    </div>
  );
}
