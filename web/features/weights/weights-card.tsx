'use client';

import type { ArmTraffic, Route, Weights as LiveWeights } from '@sluice/contracts';
import { useState } from 'react';
import { putWeights } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { Button } from '@/features/ui/button';
import { bpsToPercent } from '@/features/ui/numbers';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { Time } from '@/features/ui/time';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { ArmRow } from './arm-row';
import { RaiseButton } from './raise-button';
import { baseArm, isSame, raisedArms, setWeight, stopCanaries } from './shift';
import type { Weights } from './shift';
import { useArms } from './use-arms';

interface WeightsCardProps {
  at: At;
  api: string;
  route: Route;
  weights: LiveWeights;
  etag: string | undefined;
  arms: ArmTraffic['arms'] | null;
  canEdit: boolean;
}

/** The canary weight: what is set, what is measured, and the way to change it. Stopping is one click and never asks. */
export function WeightsCard({ at, api, route, weights: live, etag, arms: initialArms, canEdit }: WeightsCardProps) {
  const [wanted, setWanted] = useState<Weights>(live.weights);
  const arms = useArms(at, api, route.name, live.setAt, live.setAt === null ? initialArms : null);
  const after = useAfter();
  const onDone = ({ value }: { value: LiveWeights }) =>
    after(`Weights version ${value.version} are on their way to the gateways.`);
  const form = useForm<Weights, LiveWeights>({
    call: (weights) => putWeights(at, api, route.name, { ...weights }, { ifMatch: etag }),
    onDone,
  });
  // Stopping holds whatever was set meanwhile, and while something else is being set: neither a page that is behind nor
  // a slow answer may refuse it.
  const stop = useForm<Weights, LiveWeights>({
    call: (weights) => putWeights(at, api, route.name, { ...weights }, {}),
    onDone,
  });
  const names = Object.keys(live.weights);
  const base = baseArm(names);
  const measured = arms?.filter((arm) => arm.arm !== '') ?? [];
  const total = measured.reduce((sum, arm) => sum + arm.requests, 0);
  const raised = raisedArms(live.weights, wanted, base);
  const isChanged = !isSame(live.weights, wanted);
  const runsCanary = names.some((name) => name !== base && (live.weights[name] ?? 0) > 0);
  if (names.length < 2) {
    return (
      <Card>
        <p>
          All of it goes to the one arm <strong>{base}</strong>.
        </p>
        <p className="text-13 text-text-2">
          Add a second arm to the route below and publish, to shift traffic to it here.
        </p>
      </Card>
    );
  }
  return (
    <Card className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-text-2">
          {live.setAt === null ? (
            'As published; nobody has shifted them.'
          ) : (
            <>
              Version {live.version}, set by {live.setBy} at <Time at={live.setAt} />
            </>
          )}
        </p>
        {/* Always there: what a page believes to be at 0 somebody else may have raised. */}
        {canEdit && (
          <Button
            look={runsCanary ? 'danger' : 'secondary'}
            isSending={stop.isSending}
            onClick={() => void stop.submit(stopCanaries(live.weights, base))}
          >
            Stop canary
          </Button>
        )}
      </div>
      <div className="flex flex-col gap-4">
        {names.map((name, index) => (
          <ArmRow
            key={name}
            name={name}
            index={index}
            upstream={route.split?.arms.find((arm) => arm.name === name)?.upstream ?? ''}
            setBps={live.weights[name] ?? 0}
            wantedBps={wanted[name] ?? 0}
            measured={measured.find((arm) => arm.arm === name)}
            total={total}
            isBase={name === base}
            canEdit={canEdit}
            onChange={(bps) => setWanted(setWeight(wanted, base, name, bps))}
          />
        ))}
      </div>
      <p className="text-12 text-text-3">
        {total === 0
          ? 'Measured from the first full minute after the weights were set; nothing yet.'
          : 'Measured from the first full minute after the weights were set, at most over the last 15 minutes.'}
        {route.split !== undefined &&
          route.split.sticky !== 'none' &&
          ' Callers stay on their arm, so with few callers the measured share differs from the weight.'}
      </p>
      <FormFailure failure={stop.failure ?? form.failure} />
      {canEdit && isChanged && (
        <div className="flex flex-wrap items-center gap-2">
          {raised.length > 0 ? (
            <RaiseButton
              isSending={form.isSending}
              sentences={raised.map((name) => consequence(name, live.weights, wanted, total, route))}
              onConfirm={() => void form.submit(wanted)}
            />
          ) : (
            <Button look="primary" isSending={form.isSending} onClick={() => void form.submit(wanted)}>
              Set weights
            </Button>
          )}
          <Button look="quiet" onClick={() => setWanted(live.weights)}>
            Undo
          </Button>
        </div>
      )}
    </Card>
  );
}

function consequence(name: string, before: Weights, after: Weights, measuredRequests: number, route: Route): string {
  const more = (after[name] ?? 0) - (before[name] ?? 0);
  const upstream = route.split?.arms.find((arm) => arm.name === name)?.upstream ?? name;
  const numbers = `${name} goes from ${bpsToPercent(before[name] ?? 0)} % to ${bpsToPercent(after[name] ?? 0)} %`;
  if (measuredRequests === 0) return `${numbers}: ${bpsToPercent(more)} of 100 requests more go to ${upstream}.`;
  const extra = Math.round((measuredRequests * more) / 10_000).toLocaleString('en');
  return `${numbers}: of as many requests as were measured here, about ${extra} more would go to ${upstream}.`;
}
