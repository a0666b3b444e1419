import type { PortalApi } from '@sluice/contracts';
import { pathBelow } from '@/features/try-it/send-request';
import { CopyButton } from '@/features/ui/copy-button';
import { count, plural } from '@/features/ui/numbers';
import { Card } from '@/features/ui/page-header';
import { Given } from '@/features/ui/given';

const mostShown = 8;

export function ApiCard({ api }: { api: PortalApi }) {
  return (
    <Card className="flex flex-col gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="font-strong text-16 wrap-anywhere">
          <Given>{api.title}</Given>
        </h3>
        <span className="text-14 text-text-2">{api.version}</span>
      </div>
      <p className="flex min-w-0 items-center gap-1">
        <code className="min-w-0 break-all">{api.publicUrl}</code>
        <CopyButton text={api.publicUrl} name={`the address of ${api.title}`} />
      </p>
      <p className="text-14 text-text-2">
        {api.keyHeader === null ? 'Open: it asks for no key.' : `Key in the header ${api.keyHeader}.`}{' '}
        {api.operations.length > 0 && `${plural(api.operations.length, 'operation')}:`}
      </p>
      {api.operations.length > 0 && (
        <ul className="flex flex-col gap-1">
          {api.operations.slice(0, mostShown).map(({ method, path }) => (
            <li key={`${method} ${path}`}>
              <code className="break-all">
                {method} {pathBelow(api.publicUrl, path)}
              </code>
            </li>
          ))}
          {api.operations.length > mostShown && (
            <li className="text-14 text-text-2">and {count(api.operations.length - mostShown)} more</li>
          )}
        </ul>
      )}
    </Card>
  );
}
