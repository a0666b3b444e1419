'use client';

import type { Secret } from '@sluice/contracts';
import type { At } from '@/features/api/calls';
import { deleteSecret } from '@/features/api/calls';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { CopyButton } from '@/features/ui/copy-button';
import { Card } from '@/features/ui/page-header';
import { Time } from '@/features/ui/time';
import { useAfter } from '@/features/ui/use-after';

interface SecretListProps {
  at: At;
  secrets: readonly Secret[];
  canEdit: boolean;
}

export function SecretList({ at, secrets, canEdit }: SecretListProps) {
  const after = useAfter();
  return (
    <ul className="flex flex-col gap-3" aria-label="Secrets">
      {secrets.map(({ name, version, changedAt, usedBy }) => (
        <li key={name}>
          <Card className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <span className="flex min-w-0 items-center gap-1">
              <code className="min-w-0 break-all">secret:{name}</code>
              <CopyButton text={`secret:${name}`} name={`the reference to ${name}`} />
            </span>
            <span className="text-text-2">
              set, version {version}, <Time at={changedAt} />
            </span>
            <span className="text-13 min-w-0 break-all text-text-2">
              {usedBy.length === 0
                ? 'Nothing refers to it.'
                : `Used by ${usedBy.map(({ object }) => object).join(', ')}`}
            </span>
            {canEdit && usedBy.length === 0 && (
              <span className="ml-auto">
                <ConfirmButton
                  size="compact"
                  label="Delete"
                  name={name}
                  title={`Delete ${name}?`}
                  consequence="Its value is gone for good. Earlier revisions that refer to it cannot be published again until it is set."
                  call={() => deleteSecret(at, name)}
                  onDone={() => after(`secret:${name} is deleted.`)}
                />
              </span>
            )}
          </Card>
        </li>
      ))}
    </ul>
  );
}
