'use client';

import type { PortalApi, PortalApplication } from '@sluice/contracts';
import Link from 'next/link';
import { useState } from 'react';
import { AnswerView } from '@/features/try-it/answer-view';
import { helpFor } from '@/features/try-it/help-for';
import { curlOf, urlBelow } from '@/features/try-it/send-request';
import { Unreachable } from '@/features/try-it/unreachable';
import { useSend } from '@/features/try-it/use-send';
import { Button, buttonClass } from '@/features/ui/button';
import { CodeBlock } from '@/features/ui/code-block';
import { SelectField } from '@/features/ui/field';
import { Card } from '@/features/ui/page-header';
import { EmptyState } from '@/features/ui/states';
import { useKeyMemory } from './key-memory';
import { MakeKey } from './make-key';
import { portalRoutes } from './portal-routes';
import { useDelivery } from './use-delivery';

interface FirstCallProps {
  tenant: string;
  application: PortalApplication;
  /** By the plans' names. */
  planTitles: Readonly<Record<string, string>>;
}

/** The key (once), an operation, its curl line, and Send, which waits until every gateway knows the key. */
export function FirstCall({ tenant, application, planTitles }: FirstCallProps) {
  const memory = useKeyMemory();
  const [chosen, setChosen] = useState(0);
  const { state, send } = useSend();
  const subscription =
    application.subscriptions.find((one) => memory.recall(one.id) !== undefined) ??
    application.subscriptions.find((one) => one.state === 'active');
  const made = subscription === undefined ? undefined : memory.recall(subscription.id);
  const delivery = useDelivery(tenant, made?.position ?? null);
  if (subscription === undefined) {
    return (
      <div className="pt-10">
        <EmptyState title="This application has no active subscription.">
          Choose a plan on the front page to get a key.
        </EmptyState>
      </div>
    );
  }
  const operations = operationsOf(subscription.apis);
  const operation = operations[chosen] ?? operations[0];
  const request =
    operation === undefined
      ? null
      : {
          method: operation.method,
          url: urlBelow(operation.api.publicUrl, operation.path),
          keyHeader: operation.api.keyHeader,
          key: made?.key ?? 'YOUR_KEY',
        };
  return (
    <div className="mx-auto flex max-w-[760px] flex-col gap-6 pt-10">
      <div>
        <h1 className="text-28 wrap-anywhere">{made === undefined ? application.title : 'Your key is ready'}</h1>
        <p className="mt-1 text-text-2">
          Application {application.title}, plan {planTitles[subscription.plan] ?? subscription.plan}.
        </p>
      </div>
      {made === undefined ? (
        <Card className="flex flex-col items-start gap-3">
          <h2 className="text-18">The key was shown once</h2>
          <p className="text-text-2">
            It is kept as a hash, so nobody can show it again. If you did not keep it, make another; limits belong to
            the subscription, so it costs you nothing.
          </p>
          <MakeKey
            tenant={tenant}
            subscription={subscription.id}
            onMade={(credential) => memory.remember(subscription.id, credential)}
          />
        </Card>
      ) : (
        <Card className="flex flex-col gap-3">
          <h2 className="text-18">Key</h2>
          <CodeBlock name="the key" code={made.key} wraps />
          <p className="text-14 text-text-2">This is the only time it is shown. Keep it where your secrets are.</p>
        </Card>
      )}
      {request !== null && operation !== undefined && (
        <Card className="flex flex-col gap-4">
          <h2 className="text-18">First request</h2>
          {operations.length > 1 && (
            <SelectField label="Operation" value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
              {operations.map(({ api, method, path }, index) => (
                <option key={`${api.name} ${method} ${path}`} value={index}>
                  {method} {path} ({api.title})
                </option>
              ))}
            </SelectField>
          )}
          <CodeBlock name="curl" code={curlOf(request)} wraps />
          <div className="flex flex-wrap items-center gap-3">
            <Button
              look="primary"
              size="large"
              disabled={made === undefined || !delivery.isReady}
              isSending={state.name === 'sending'}
              onClick={() => void send(request)}
            >
              Send
            </Button>
            <output className="text-14 text-text-2">
              {made === undefined ? 'Sending needs a key: make one above.' : delivery.words}
            </output>
          </div>
          {state.name === 'unreachable' && <Unreachable url={state.url} />}
          {state.name === 'answered' && <AnswerView answer={state.answer} help={helpFor(state.answer)} />}
        </Card>
      )}
      <div>
        <Link href={portalRoutes.application(application.id)} className={buttonClass('secondary', 'large')}>
          Keys, limits and usage
        </Link>
      </div>
    </div>
  );
}

/** Every operation to try, with its API; an API that names none gets its root. */
function operationsOf(apis: readonly PortalApi[]): { api: PortalApi; method: string; path: string }[] {
  return apis.flatMap((api) => {
    const operations = api.operations.length === 0 ? [{ method: 'GET', path: '/' }] : api.operations;
    return operations.map(({ method, path }) => ({ api, method, path }));
  });
}
