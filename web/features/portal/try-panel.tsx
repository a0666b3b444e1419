'use client';

import type { CredentialWithKey, PortalApi, PortalApplication } from '@sluice/contracts';
import { useState } from 'react';
import { AnswerView } from '@/features/try-it/answer-view';
import { helpFor } from '@/features/try-it/help-for';
import { curlOf, urlBelow } from '@/features/try-it/send-request';
import { Unreachable } from '@/features/try-it/unreachable';
import { useSend } from '@/features/try-it/use-send';
import { Button } from '@/features/ui/button';
import { CodeBlock } from '@/features/ui/code-block';
import { SelectField } from '@/features/ui/field';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { formatTime, useTimeZone } from '@/features/ui/time';
import { useDelivery } from './use-delivery';
import { useTryKey } from './use-try-key';

interface TryPanelProps {
  tenant: string;
  subscription: PortalApplication['subscriptions'][number];
  /** The key that was made in this tab; undefined: none is known in full, so requests go with a try key. */
  made: CredentialWithKey | undefined;
}

/** An operation, its curl line, and Send, which waits until every gateway knows the key that it sends. */
export function TryPanel({ tenant, subscription, made }: TryPanelProps) {
  const [chosen, setChosen] = useState(0);
  const { state, send } = useSend();
  const delivery = useDelivery(tenant, made?.position ?? null);
  const tryKey = useTryKey(tenant, subscription.id);
  const timeZone = useTimeZone();
  const operations = operationsOf(subscription.apis);
  const operation = operations[chosen] ?? operations[0];
  if (operation === undefined) return null;
  const request = {
    method: operation.method,
    url: urlBelow(operation.api.publicUrl, operation.path),
    keyHeader: operation.api.keyHeader,
    key: made?.key ?? 'YOUR_KEY',
  };

  async function sendWithTryKey(): Promise<void> {
    const key = await tryKey.take();
    if (key === null) return;
    const answer = await send({ ...request, key });
    if (answer?.status === 401) tryKey.forget();
  }

  const tryWords = tryKey.isMaking
    ? 'A key of 15 minutes is on its way to the gateways.'
    : tryKey.expiresAt === null
      ? 'No key at hand: Send goes with one of 15 minutes, on the same limits.'
      : `With a key that is good until ${formatTime(tryKey.expiresAt, 'second', timeZone)}, and then made anew.`;
  return (
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
          disabled={made !== undefined && !delivery.isReady}
          isSending={state.name === 'sending' || tryKey.isMaking}
          onClick={() => void (made === undefined ? sendWithTryKey() : send(request))}
        >
          Send
        </Button>
        <output className="text-14 text-text-2">{made === undefined ? tryWords : delivery.words}</output>
      </div>
      <FormFailure failure={tryKey.failure} />
      {state.name === 'unreachable' && <Unreachable url={state.url} />}
      {state.name === 'answered' && <AnswerView answer={state.answer} help={helpFor(state.answer)} />}
    </Card>
  );
}

/** Every operation to try, with its API; an API that names none gets its root. */
function operationsOf(apis: readonly PortalApi[]): { api: PortalApi; method: string; path: string }[] {
  return apis.flatMap((api) => {
    const operations = api.operations.length === 0 ? [{ method: 'GET', path: '/' }] : api.operations;
    return operations.map(({ method, path }) => ({ api, method, path }));
  });
}
