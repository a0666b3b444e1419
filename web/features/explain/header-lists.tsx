import type { ExplanationOfRequest } from '@sluice/contracts';

type Edits = NonNullable<ExplanationOfRequest['forward']>['requestHeaders'];

/** What becomes of headers, in the order in which it is done. */
export function EditList({ edits }: { edits: Edits }) {
  const lines = [
    ...edits.rename.map(([from, to]) => ({ what: 'renamed', text: `${from} to ${to}` })),
    ...edits.remove.map((name) => ({ what: 'removed', text: name })),
    ...edits.set.map(([name, value]) => ({ what: 'set', text: `${name}: ${value}` })),
    ...edits.add.map(([name, value]) => ({ what: 'added', text: `${name}: ${value}` })),
  ];
  if (lines.length === 0) return <span className="text-text-2">as they came</span>;
  return (
    <ul className="flex flex-col gap-0.5">
      {lines.map(({ what, text }) => (
        <li key={`${what} ${text}`}>
          <span className="text-text-2">{what}</span> <code className="break-all">{text}</code>
        </li>
      ))}
    </ul>
  );
}

export function PairList({ pairs }: { pairs: readonly (readonly [string, string])[] }) {
  if (pairs.length === 0) return null;
  return (
    <ul className="flex flex-col gap-0.5" aria-label="Headers of the answer">
      {pairs.map(([name, value]) => (
        <li key={`${name} ${value}`}>
          <code className="break-all">
            {name}: {value}
          </code>
        </li>
      ))}
    </ul>
  );
}
