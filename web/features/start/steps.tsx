import { CircleCheck, CircleDashed } from 'lucide-react';

/** The checklist at the left. Its state is read from facts, not from clicks. */
export function Steps({ steps }: { steps: readonly { title: string; isDone: boolean }[] }) {
  return (
    <ol className="flex flex-col gap-2 max-md:flex-row max-md:flex-wrap max-md:gap-x-4" aria-label="Progress">
      {steps.map(({ title, isDone }) => (
        <li key={title} className="flex items-center gap-2">
          {isDone ? (
            <CircleCheck aria-hidden className="size-4 shrink-0 stroke-[1.5] text-ok" />
          ) : (
            <CircleDashed aria-hidden className="size-4 shrink-0 stroke-[1.5] text-text-3" />
          )}
          <span className={isDone ? '' : 'text-text-2'}>
            {title}
            <span className="sr-only">{isDone ? ', done' : ', to do'}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
