import type { ExplainedLimit, ExplanationOfRequest } from '@sluice/contracts';
import { CircleArrowRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { limitWords } from '@/features/requests/limit-words';
import { ReasonList } from '@/features/requests/reason-list';
import { viewsOf } from '@/features/requests/reason-view';
import { DataTable } from '@/features/ui/data-table';
import { HttpStatus } from '@/features/ui/http-status';
import { count, duration } from '@/features/ui/numbers';
import { Card } from '@/features/ui/page-header';
import { Time } from '@/features/ui/time';
import { EditList, PairList } from './header-lists';

interface ExplanationViewProps {
  at: At;
  explanation: ExplanationOfRequest;
  /** The form has changed since. */
  isOutdated: boolean;
}

/** What would come of a request: the outcome, why, what would go where, what is left of its limits, what was assumed. */
export function ExplanationView({ at, explanation, isOutdated }: ExplanationViewProps) {
  const { api, route, on, revision, status, outcome, reasons, limits, undecidable } = explanation;
  return (
    <>
      {isOutdated && (
        <p className="rounded-control bg-warn-tint px-3 py-2">The request has changed since. Explain it again.</p>
      )}
      <Card className="flex flex-col gap-2">
        <div className="flex items-start gap-2">
          {status === null ? (
            <CircleArrowRight aria-hidden className="mt-1 size-4 shrink-0 stroke-[1.5] text-text-2" />
          ) : (
            <HttpStatus status={status} />
          )}
          <output className="min-w-0 text-16 wrap-anywhere">{outcome}</output>
        </div>
        <p className="text-13 text-text-2">
          {on === 'live' ? `By r${revision}, which is live` : `By the draft, which would follow r${revision}`}, at{' '}
          <Time at={explanation.at} as="minute" />
          {api !== null && route !== null && (
            <>
              {' · '}
              <Link href={routes.route(at.tenant, api, route)} className="link wrap-anywhere">
                {api}, {route}
              </Link>
            </>
          )}
        </p>
      </Card>
      <Part title="Why">
        <ReasonList reasons={viewsOf(reasons, explanation.code !== null)} />
        {reasons.length === 0 && <p className="text-text-2">No reason was found.</p>}
      </Part>
      {explanation.forward !== null && <ForwardPart forward={explanation.forward} />}
      {explanation.answer !== null && <AnswerPart answer={explanation.answer} />}
      {limits.length > 0 && <Budgets limits={limits} />}
      {undecidable.length > 0 && (
        <Part title="What was assumed">
          <ul className="flex list-disc flex-col gap-1 pl-5">
            {undecidable.map(({ what, sentence }) => (
              <li key={what}>{sentence}</li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

function ForwardPart({ forward }: { forward: NonNullable<ExplanationOfRequest['forward']> }) {
  return (
    <Part title="What the upstream would get">
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1 sm:grid-cols-[120px_minmax(0,1fr)]">
        <dt className="text-text-2">Upstream</dt>
        <dd className="wrap-anywhere">
          {forward.upstream} (arm {forward.arm})
        </dd>
        <dt className="text-text-2">Path</dt>
        <dd>
          <code className="break-all">
            {forward.path}
            {forward.query}
          </code>
        </dd>
        <dt className="text-text-2">Headers</dt>
        <dd className="min-w-0">
          <EditList edits={forward.requestHeaders} />
        </dd>
        <dt className="text-text-2">Of its answer</dt>
        <dd className="min-w-0">
          <EditList edits={forward.answerHeaders} />
        </dd>
      </dl>
    </Part>
  );
}

function AnswerPart({ answer }: { answer: NonNullable<ExplanationOfRequest['answer']> }) {
  return (
    <Part title="What the caller would get">
      {answer.detail !== '' && <p className="wrap-anywhere">{answer.detail}</p>}
      <PairList pairs={answer.headers} />
      {answer.body !== null && (
        <pre
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it (WCAG 2.1.1)
          tabIndex={0}
          aria-label={`Body, ${answer.body.contentType}`}
          className="max-h-60 overflow-auto rounded-control border border-line bg-sunken p-3"
        >
          <code>{answer.body.text === '' ? '(no body)' : answer.body.text}</code>
        </pre>
      )}
    </Part>
  );
}

function Budgets({ limits }: { limits: readonly ExplainedLimit[] }) {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-16">What is left of its limits</h2>
      <DataTable
        caption="Limits that were looked at"
        rows={limits}
        rowKey={(limit) => `${limit.kind} ${limit.name}`}
        columns={[
          {
            title: 'Limit',
            cell: ({ name, units }) => (
              <span className="wrap-anywhere">
                {count(units)} {limitWords(name) ?? `(${name})`}
              </span>
            ),
          },
          { title: 'Left', isNumber: true, cell: ({ left }) => (left === null ? 'not known' : count(left)) },
          { title: 'Would take', isNumber: true, cell: ({ cost }) => count(cost) },
          {
            title: 'Anew in',
            isNumber: true,
            isSecondary: true,
            cell: ({ resetMs }) => (resetMs === null ? '–' : duration(resetMs)),
          },
        ]}
      />
      <p className="text-12 text-text-3">Gateways hold some more, leased in advance and not yet spent.</p>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card className="flex flex-col gap-3">
      <h2 className="text-16">{title}</h2>
      {children}
    </Card>
  );
}
