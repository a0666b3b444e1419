// The targets of one upstream as the gateways see them, or why there is nothing to see.
import type { EnvironmentHealth } from '@sluice/contracts';
import { DataTable } from '@/features/ui/data-table';
import { Section } from '@/features/ui/page-header';
import { EmptyState } from '@/features/ui/states';
import { StatusBadge } from '@/features/ui/status-badge';
import { Time } from '@/features/ui/time';
import { targetRow, toldOf } from './health';

export function TargetHealthSection({ health, name }: { health: EnvironmentHealth; name: string }) {
  const { liveGateways } = health;
  const rows = toldOf(health, name)?.targets.map(targetRow) ?? [];
  return (
    <Section
      title="Targets"
      note="What is published, as the gateways see it now. Without health checks, nothing is known of a target before it has answered a request."
    >
      {rows.length === 0 && (
        <EmptyState title={liveGateways === 0 ? 'No gateway is running.' : 'No gateway serves it yet.'}>
          {liveGateways === 0
            ? 'The health of targets is what gateways see. It is shown here as soon as one of them is heard of.'
            : 'Publish the draft: its targets are shown here a moment later.'}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          caption={`Targets of ${name}`}
          rows={rows}
          rowKey={(row) => row.key}
          columns={[
            {
              title: 'Target',
              cell: ({ url, address }) => (
                <span>
                  <code className="break-all">{url}</code>
                  {address !== null && (
                    <>
                      {' at '}
                      <code className="break-all">{address}</code>
                    </>
                  )}
                </span>
              ),
            },
            {
              title: 'State',
              cell: ({ tone, word, cause }) => (
                <>
                  <StatusBadge tone={tone}>{word}</StatusBadge>
                  {cause !== '' && (
                    <span className="mt-1 block text-12 wrap-anywhere text-text-2 sm:hidden">{cause}</span>
                  )}
                </>
              ),
            },
            { title: 'Why', cell: ({ cause }) => <span className="wrap-anywhere">{cause}</span>, isSecondary: true },
            { title: 'Since', cell: ({ since }) => since !== null && <Time at={since} />, isSecondary: true },
          ]}
        />
      )}
    </Section>
  );
}
