import { clsx } from 'clsx';
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { ReasonView } from './reason-view';

const looks = {
  passed: { Icon: CircleCheck, word: 'passed', style: 'text-text-3' },
  stopped: { Icon: CircleX, word: 'stopped here', style: 'text-bad' },
  noted: { Icon: CircleDashed, word: 'noted', style: 'text-text-3' },
} as const;

/** Why, in the order of deciding: each reason with its stage, and what stopped the request in bold. */
export function ReasonList({ reasons }: { reasons: readonly ReasonView[] }) {
  return (
    <ol className="flex flex-col gap-1.5">
      {reasons.map(({ code, stage, text, mark }, index) => {
        const { Icon, word, style } = looks[mark];
        return (
          <li
            // oxlint-disable-next-line react/no-array-index-key -- reasons are a fixed list in the order of decision
            key={index}
            className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 xs:grid-cols-[16px_92px_minmax(0,1fr)]"
            title={code}
          >
            <Icon aria-label={word} className={clsx('mt-0.5 size-4 stroke-[1.5]', style)} />
            <span className="text-text-2">{stage === '' ? 'Other' : stage}</span>
            <span className={clsx('wrap-anywhere max-xs:col-start-2', mark === 'stopped' && 'font-strong')}>
              {text}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
