import type { RequestEntry } from '@sluice/contracts';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { CopyButton } from '@/features/ui/copy-button';
import { HttpStatus } from '@/features/ui/http-status';
import { bytes, milliseconds } from '@/features/ui/numbers';
import { StatusBadge } from '@/features/ui/status-badge';
import { Time } from '@/features/ui/time';
import { limitWords } from './limit-words';
import { ReasonList } from './reason-list';
import { viewsOf } from './reason-view';
import { isRefused, isUnderWay, verdictOf } from './verdict';
import { Given } from '@/features/ui/given';

interface RequestDetailProps {
  request: RequestEntry;
  applicationTitle: string;
  planTitle: string;
  /** Where the same request is judged by what is live now. */
  explainHref: string;
}

/** One request explained: the verdict, where its time went, why each stage decided so, and what it belonged to. */
export function RequestDetail({ request, applicationTitle, planTitle, explainHref }: RequestDetailProps) {
  const own = Math.max(0, request.durationMs - request.upstreamMs);
  const upstreamShare = request.durationMs === 0 ? 0 : (request.upstreamMs / request.durationMs) * 100;
  return (
    <>
      <div className="flex flex-col gap-2">
        <p className="flex flex-wrap items-center gap-2">
          {request.status !== 0 && <HttpStatus status={request.status} />}
          {isUnderWay(request) && <StatusBadge tone="neutral">under way</StatusBadge>}
          <span className="font-mono text-13 break-all">
            {request.method} {request.host}
            {request.path}
          </span>
        </p>
        <p className="text-16">{verdictOf(request)}</p>
        <p className="flex flex-wrap items-center gap-1 text-13 text-text-2">
          <code className="break-all">{request.id}</code>
          <CopyButton text={request.id} name="the request id" />
        </p>
      </div>
      <section aria-label="Time" className="flex flex-col gap-1.5">
        <h3 className="font-strong">
          {milliseconds(request.durationMs)} ms{' '}
          <span className="font-normal text-text-2">{isUnderWay(request) ? 'when this was recorded' : 'in all'}</span>
        </h3>
        {isUnderWay(request) && (
          <p className="text-13">
            No end has been recorded since: it goes on, or its gateway was killed. It counts in the numbers when it has
            ended.
          </p>
        )}
        <div aria-hidden className="flex h-2 overflow-hidden rounded-full bg-(--border)">
          <span style={{ width: `${100 - upstreamShare}%`, background: 'var(--chart-1)' }} />
          <span style={{ width: `${upstreamShare}%`, background: 'var(--chart-2)' }} />
        </div>
        <p className="numbers text-13 text-text-2">
          gateway and bodies {milliseconds(own)} ms, upstream to its first byte {milliseconds(request.upstreamMs)} ms
          {request.attempts > 1 && `, ${request.attempts} attempts`}
        </p>
      </section>
      <section aria-label="Why" className="flex flex-col gap-2">
        <h3 className="font-strong">Why</h3>
        <ReasonList reasons={viewsOf(request.reasons, isRefused(request))} />
        {request.reasons.length === 0 && <p className="text-text-2">No reasons were recorded.</p>}
        <p className="text-13">
          <Link href={explainHref} className="link">
            Explain it by what is live now
          </Link>
        </p>
      </section>
      <section aria-label="Context" className="flex flex-col gap-2">
        <h3 className="font-strong">Context</h3>
        <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-x-3 gap-y-1 text-13">
          <Fact name="Time">
            <Time at={request.time} as="minute" /> (<Time at={request.time} as="milli" />)
          </Fact>
          <Fact name="API, route">{[request.api, request.route].filter(Boolean).join(', ')}</Fact>
          <Fact name="Arm">{request.arm}</Fact>
          <Fact name="Application">{applicationTitle !== '' && <Given>{applicationTitle}</Given>}</Fact>
          <Fact name="Plan">{planTitle !== '' && <Given>{planTitle}</Given>}</Fact>
          <Fact name="Tightest limit">
            {request.limitName !== '' &&
              `${limitWords(request.limitName) ?? request.limitName}${request.limitLeft === null ? '' : `, ${request.limitLeft.toLocaleString('en')} left as this gateway saw it`}`}
          </Fact>
          <Fact name="Upstream">{[request.upstream, request.target].filter(Boolean).join(', ')}</Fact>
          <Fact name="Body in, out">
            {bytes(request.requestBytes)}, {bytes(request.responseBytes)}
            {isUnderWay(request) && ' until then'}; bodies are not recorded
          </Fact>
          <Fact name="Revision">
            r{request.revision}, weights version {request.weightVersion}
          </Fact>
          <Fact name="Gateway">
            <code className="text-12">{request.gatewayId}</code>
          </Fact>
          <Fact name="Key">
            <code className="text-12">{request.credentialId}</code>
          </Fact>
        </dl>
      </section>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-text-3">{name}</dt>
      <dd className="min-w-0 break-all">{children === '' || children === false ? '–' : children}</dd>
    </>
  );
}
