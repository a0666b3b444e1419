import type { ReactNode } from 'react';
import { CopyButton } from '@/features/ui/copy-button';
import { HttpStatus } from '@/features/ui/http-status';
import { bytes, milliseconds } from '@/features/ui/numbers';
import { limitLeftInWords } from './rate-limit';
import type { TestAnswer } from './send-request';

/** What came back: status, time, size; what is left of the limit; the body; the id to ask about it. */
export function AnswerView({ answer, help }: { answer: TestAnswer; help?: ReactNode }) {
  return (
    <section aria-label="Answer" className="flex min-w-0 flex-col gap-2">
      <output className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <HttpStatus status={answer.status} />
        <span className="numbers">{milliseconds(answer.ms)} ms</span>
        <span className="numbers text-text-2">{bytes(answer.sizeBytes)}</span>
        {answer.arm !== null && <span className="text-text-2">arm {answer.arm}</span>}
      </output>
      {answer.limit !== null && (
        <p className="rounded-control bg-sunken px-3 py-1.5 text-13">{limitLeftInWords(answer.limit)}</p>
      )}
      {help}
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it (WCAG 2.1.1)
        tabIndex={0}
        aria-label="Body of the answer"
        className="max-h-80 overflow-auto rounded-control border border-line bg-sunken p-3"
      >
        <code>{answer.body === '' ? '(no body)' : answer.body}</code>
      </pre>
      {answer.isCut && (
        <p className="text-12 text-text-3">The body is longer; its first 20,000 characters are shown.</p>
      )}
      {answer.requestId !== null && (
        <p className="flex flex-wrap items-center gap-1 text-13 text-text-2">
          Request <code className="break-all">{answer.requestId}</code>
          <CopyButton text={answer.requestId} name="the request id" />
        </p>
      )}
    </section>
  );
}
