import type { EnvironmentGateway } from '@sluice/contracts';
import { CircleAlert } from 'lucide-react';
import { getEnvironment, listGateways } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { read } from '@/features/api/read';
import { FailureState } from '@/features/ui/states';
import { Time } from '@/features/ui/time';

/**
 * Gateways that have not got what is live, and those that are silent: a count of receipts names nobody.
 * @param of only where this revision is the live one
 */
export async function LateGateways({ at, of }: { at: At; of?: number }) {
  const [environment, gateways] = await Promise.all([read(getEnvironment(at)), read(listGateways(at))]);
  if (!environment.ok) return <FailureState failure={environment} what="What is live cannot be read now" />;
  if (!gateways.ok) return <FailureState failure={gateways} what="How the gateways are cannot be read now" />;
  const live = environment.value.live?.revision;
  if (live === undefined || (of !== undefined && of !== live)) return null;
  return <LateGatewayList gateways={gateways.value.items} live={live} />;
}

export function LateGatewayList({ gateways, live }: { gateways: readonly EnvironmentGateway[]; live: number }) {
  const late = gateways.filter(({ state }) => state !== 'live');
  if (late.length === 0) return null;
  return (
    <ul aria-label="Gateways that are silent or behind" className="flex flex-col gap-2">
      {late.map((gateway) => (
        <li key={gateway.id} className="flex gap-2 rounded-control bg-warn-tint px-3 py-2">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.5] text-warn" />
          <span className="min-w-0 wrap-anywhere">
            <code>{gateway.id}</code>{' '}
            {gateway.state === 'silent' ? <Silent {...gateway} /> : <Behind {...gateway} live={live} />}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Silent({ revision, lastHeardAt }: EnvironmentGateway) {
  return (
    <>
      has not been heard of since <Time at={lastHeardAt} as="moment" />, and{' '}
      {revision === null ? 'answered no revision' : `answered r${revision} last`}. It is down, or cut off and serves
      what it had. Who runs the gateways should look at its process, and at its way to the control plane.
    </>
  );
}

function Behind({ revision, live }: EnvironmentGateway & { live: number }) {
  const answered = revision === null ? 'no revision' : `r${revision}`;
  return (
    <>
      is heard of, but has answered {answered}, not r{live}. If that lasts for more than a minute, who runs the gateways
      should look at its log.
    </>
  );
}
