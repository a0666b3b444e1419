import type { ObjectChange } from './compare';
import { StatusBadge } from '@/features/ui/status-badge';

const tones = { added: 'ok', removed: 'bad', changed: 'info' } as const;

/** What changes, object by object; the fields of each are one click away, and open where one was changed. */
export function ChangeList({ changes }: { changes: readonly ObjectChange[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {changes.map(({ object, kind, fields }) => (
        <li key={object} className="rounded-card border border-line bg-surface">
          <details open={kind === 'changed'}>
            <summary className="flex min-h-10 flex-wrap items-center gap-2 px-3 py-1.5">
              <StatusBadge tone={tones[kind]}>{kind}</StatusBadge>
              <code className="break-all">{object}</code>
            </summary>
            {fields.length > 0 && (
              <ul className="flex flex-col gap-1 border-t border-line px-3 py-2 text-13">
                {fields.map(({ field, before, after }) => (
                  <li key={field} className="break-all">
                    <span className="text-text-2">{field}: </span>
                    {before !== null && <del className="text-bad">{before}</del>}
                    {before !== null && after !== null && ' → '}
                    {after !== null && <ins className="text-ok no-underline">{after}</ins>}
                  </li>
                ))}
              </ul>
            )}
          </details>
        </li>
      ))}
    </ul>
  );
}
