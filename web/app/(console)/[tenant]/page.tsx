import type { Metadata } from 'next';
import {
  defaultEnvironment,
  getArms,
  getEnvironment,
  getTimeseries,
  listApis,
  listGateways,
  listRevisions,
} from '@/features/api/calls';
import { read } from '@/features/api/read';
import { AutoRefresh } from '@/features/console/auto-refresh';
import { Freshness } from '@/features/console/freshness';
import { ApiTable } from '@/features/home/api-table';
import { Charts } from '@/features/home/charts';
import { healthOf } from '@/features/home/health';
import { QuietHome } from '@/features/home/quiet-home';
import { Tiles } from '@/features/home/tiles';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { RangeControl } from '@/features/navigation/range-control';
import { rangeInWords, readRange, windowOf } from '@/features/navigation/range';
import { countReceipts } from '@/features/revisions/receipts';
import { PageHeader, Section } from '@/features/ui/page-header';
import { FailureState } from '@/features/ui/states';
import { StatusBadge } from '@/features/ui/status-badge';

export const metadata: Metadata = { title: 'Home' };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: SearchParams;
}

export default async function HomePage({ params, searchParams }: Props) {
  const { tenant } = await params;
  const at = { tenant, environment: defaultEnvironment };
  const range = readRange(one(await searchParams, 'range'));
  const { from, to, before } = windowOf(range, Date.now());
  const [environment, timeseries, earlier, arms, apis, revisions, gateways] = await Promise.all([
    read(getEnvironment(at)),
    read(getTimeseries(at, { from, to })),
    read(getTimeseries(at, { ...before })),
    read(getArms(at, { from, to })),
    read(listApis(at, { limit: 100 })),
    read(listRevisions(at, { limit: 1 })),
    read(listGateways(at)),
  ]);
  const newest = revisions.ok ? revisions.value.items[0] : undefined;
  const health = environment.ok
    ? healthOf({
        live: environment.value.live,
        gateways: gateways.ok ? gateways.value.items : null,
        refused: newest === undefined ? 0 : countReceipts(newest).refused,
        totals: timeseries.ok ? timeseries.value.totals : null,
        windowInWords: rangeInWords(range),
      })
    : null;
  return (
    <div className="flex flex-col gap-5">
      <PageHeader
        title={health === null ? 'Home' : <StatusLine tone={health.tone} sentence={health.sentence} />}
        state={timeseries.ok && <Freshness asOf={timeseries.value.asOf} newest={timeseries.value.newest} />}
        actions={
          <>
            <AutoRefresh />
            <RangeControl range={range} />
          </>
        }
      />
      {!environment.ok && <FailureState failure={environment} />}
      {!timeseries.ok && <FailureState failure={timeseries} what="The numbers could not be read" />}
      {timeseries.ok && timeseries.value.totals.requests === 0 && (
        <QuietHome
          tenant={tenant}
          range={range}
          timeseries={timeseries.value}
          hasApis={apis.ok && apis.value.items.length > 0}
        />
      )}
      {timeseries.ok && timeseries.value.totals.requests > 0 && (
        <>
          <Tiles totals={timeseries.value.totals} before={earlier.ok ? earlier.value.totals : null} range={range} />
          <Charts timeseries={timeseries.value} />
        </>
      )}
      {apis.ok && apis.value.items.length > 0 && (
        <Section title="APIs" note={`Requests of the last ${rangeInWords(range)}`}>
          <ApiTable tenant={tenant} apis={apis.value.items} arms={arms.ok ? arms.value.arms : []} />
        </Section>
      )}
    </div>
  );
}

function StatusLine({ tone, sentence }: { tone: 'ok' | 'warn' | 'bad' | 'neutral'; sentence: string }) {
  const word = { ok: 'Well', warn: 'Under way', bad: 'Look here', neutral: 'To do' }[tone];
  return (
    <span className="flex flex-wrap items-center gap-2">
      <StatusBadge tone={tone}>{word}</StatusBadge>
      {sentence}
    </span>
  );
}
