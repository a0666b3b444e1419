'use client';

import type { HostClaim } from '@sluice/contracts';
import { releaseHost, verifyHost } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { Button } from '@/features/ui/button';
import { ConfirmButton } from '@/features/ui/confirm-button';
import { CopyButton } from '@/features/ui/copy-button';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { StatusBadge } from '@/features/ui/status-badge';
import { Time } from '@/features/ui/time';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { nextStep, outcomeOf, tones } from './host-words';

export function ClaimList({ at, claims, canManage }: { at: At; claims: readonly HostClaim[]; canManage: boolean }) {
  return (
    <ul className="flex flex-col gap-3" aria-label="Claimed hosts">
      {claims.map((claim) => (
        <li key={claim.id}>
          <ClaimCard at={at} claim={claim} canManage={canManage} />
        </li>
      ))}
    </ul>
  );
}

function ClaimCard({ at, claim, canManage }: { at: At; claim: HostClaim; canManage: boolean }) {
  const { host, state, record, checkedAt, lapsesAt } = claim;
  const step = nextStep(claim);
  const after = useAfter();
  const form = useForm({
    call: () => verifyHost(at, host),
    onDone: ({ value }) => after(outcomeOf(value)),
  });
  return (
    <Card className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 text-16 break-all">{host}</h2>
        <StatusBadge tone={tones[state]}>{state}</StatusBadge>
        {canManage && (
          <span className="ml-auto flex flex-wrap gap-2">
            <Button
              size="compact"
              isSending={form.isSending}
              onClick={() => void form.submit(null)}
              aria-label={`Verify ${host}`}
            >
              Verify
            </Button>
            <ConfirmButton
              size="compact"
              label="Release"
              name={host}
              title={`Release ${host}?`}
              consequence="The gateways stop answering there at once, and whoever has the domain can claim it for another environment."
              call={() => releaseHost(at, host)}
              onDone={() => after(`${host} is released.`)}
            />
          </span>
        )}
      </div>
      {step !== null && <p className="max-w-[68ch] text-text-2">{step}</p>}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-1">
        <RecordPart title="Name" text={record.name} of={host} />
        <RecordPart title="Type" text={record.type} of={host} />
        <RecordPart title="Value" text={record.value} of={host} />
      </dl>
      <p className="text-12 text-text-3">
        {checkedAt === null ? (
          'Not looked for yet.'
        ) : (
          <>
            Looked for <Time at={checkedAt} />.
          </>
        )}
        {lapsesAt !== null && (
          <>
            {' '}
            Lapses <Time at={lapsesAt} />.
          </>
        )}
      </p>
      <FormFailure failure={form.failure} />
    </Card>
  );
}

function RecordPart({ title, text, of }: { title: string; text: string; of: string }) {
  return (
    <>
      <dt className="text-text-2">{title}</dt>
      <dd className="flex min-w-0 items-center gap-1">
        <code className="min-w-0 break-all">{text}</code>
        {title !== 'Type' && <CopyButton text={text} name={`the ${title.toLowerCase()} of the record of ${of}`} />}
      </dd>
    </>
  );
}
