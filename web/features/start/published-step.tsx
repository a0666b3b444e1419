'use client';

import type { FirstRun, Revision } from '@sluice/contracts';
import Link from 'next/link';
import { useEffect } from 'react';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { Receipts } from '@/features/revisions/receipts';
import { AnswerView } from '@/features/try-it/answer-view';
import { curlOf, urlBelow } from '@/features/try-it/send-request';
import { Unreachable } from '@/features/try-it/unreachable';
import { useSend } from '@/features/try-it/use-send';
import { Button, buttonClass } from '@/features/ui/button';
import { CodeBlock } from '@/features/ui/code-block';
import { CopyButton } from '@/features/ui/copy-button';
import { Card } from '@/features/ui/page-header';

interface PublishedStepProps {
  at: At;
  made: FirstRun;
  revision: Revision;
  isPublished: boolean;
  portalUrl: string | null;
  onAnswer: () => void;
}

export function PublishedStep({ at, made, revision, isPublished, portalUrl, onAnswer }: PublishedStepProps) {
  const { state, send } = useSend();
  const request = {
    method: 'GET',
    url: urlBelow(made.publicUrl, made.testPath),
    keyHeader: made.keyHeader,
    key: made.key,
  };
  const isAnswered = state.name === 'answered';
  useEffect(() => {
    if (isAnswered) onAnswer();
  }, [isAnswered, onAnswer]);
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <Card className="flex flex-col gap-3">
        <h2 className="text-16">3. On line</h2>
        <Receipts revision={revision} />
        <p className="flex min-w-0 flex-wrap items-center gap-1">
          Public URL: <code className="break-all">{made.publicUrl}</code>
          <CopyButton text={made.publicUrl} name="the public URL" />
        </p>
        <CodeBlock name="curl" code={curlOf(request)} wraps />
        <p className="text-13 text-text-2">
          The key belongs to a test application. This is the only time it is shown; another can be made under
          Applications.
        </p>
      </Card>
      <Card className="flex flex-col gap-3">
        <h2 className="text-16">4. Try it</h2>
        <div className="flex flex-wrap items-center gap-3">
          <Button
            look="primary"
            disabled={!isPublished}
            isSending={state.name === 'sending'}
            onClick={() => void send(request)}
          >
            Send test request
          </Button>
          {!isPublished && <span className="text-13 text-text-2">Waiting for the gateways to take the revision.</span>}
        </div>
        {state.name === 'unreachable' && <Unreachable url={state.url} />}
        {state.name === 'answered' && (
          <AnswerView
            answer={state.answer}
            help={
              state.answer.requestId !== null && (
                <p className="text-13">
                  <Link href={routes.requests(at.tenant, { id: state.answer.requestId })} className="link">
                    See why it was answered so
                  </Link>{' '}
                  <span className="text-text-2">(records arrive within a few seconds)</span>
                </p>
              )
            }
          />
        )}
      </Card>
      {isAnswered && (
        <Card className="flex flex-wrap items-center gap-3">
          <p className="mr-auto font-strong">Next: offer it to others</p>
          {portalUrl !== null && (
            <a href={portalUrl} target="_blank" rel="noopener" className={buttonClass('primary')}>
              Open portal
            </a>
          )}
          <Link href={routes.home(at.tenant)} className={buttonClass()}>
            Go to Home
          </Link>
        </Card>
      )}
    </div>
  );
}
