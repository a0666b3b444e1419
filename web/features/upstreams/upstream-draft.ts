// An upstream as the form holds it, and the way there and back. What it does not say stays unsaid, and nothing that it
// says is lost on the way, whichever of it is shown.
import { ejectionSpecSchema, healthSpecSchema, upstreamLimitsSchema, upstreamTimeoutsSchema } from '@sluice/contracts';
import type {
  EjectionSpec,
  HealthSpec,
  TargetSpec,
  Upstream,
  upstreamCreateSchema,
  UpstreamLimits,
  UpstreamSpec,
  UpstreamTimeouts,
} from '@sluice/contracts';
import type { z } from 'zod';
import { listed, nextId, numberOrWord, wordsOf } from '@/features/ui/list-draft';
import { isSaid, numbersOf, said, textOf, textsOf } from '@/features/ui/number-part';
import type { Texts } from '@/features/ui/number-part';

export interface TargetDraft {
  readonly id: number;
  readonly url: string;
  readonly weight: string;
  readonly resolve: TargetSpec['resolve'];
}

export const hashKinds = ['ip', 'application', 'header', 'cookie'] as const;
export type HashKind = (typeof hashKinds)[number];

type HealthDraft = Texts<HealthSpec> & { readonly isOn: boolean };

interface TlsDraft {
  /** It was there, perhaps with nothing in it. */
  readonly isThere: boolean;
  readonly ca: string;
  readonly clientCertificate: string;
  readonly serverName: string;
  readonly insecure: boolean | undefined;
}

/** Undefined, and an empty text: the upstream says nothing of it. */
export interface UpstreamDraft {
  readonly name: string;
  readonly targets: readonly TargetDraft[];
  readonly timeoutMs: string;
  readonly balance: UpstreamSpec['balance'];
  readonly hashKind: HashKind | undefined;
  /** Of a header or a cookie. */
  readonly hashName: string;
  readonly health: HealthDraft;
  readonly ejection: Texts<EjectionSpec>;
  readonly limits: Texts<UpstreamLimits>;
  readonly timeouts: Texts<UpstreamTimeouts>;
  readonly tls: TlsDraft;
  readonly reuse: UpstreamSpec['reuse'];
  readonly token: boolean | undefined;
  readonly tags: string;
}

const keysOf = <Part>(schema: { readonly shape: object }) => Object.keys(schema.shape) as (keyof Part)[];
const healthKeys = keysOf<HealthSpec>(healthSpecSchema);
const ejectionKeys = keysOf<EjectionSpec>(ejectionSpecSchema);
const limitKeys = keysOf<UpstreamLimits>(upstreamLimitsSchema);
const timeoutKeys = keysOf<UpstreamTimeouts>(upstreamTimeoutsSchema);

export function emptyUpstream(): UpstreamDraft {
  return draftOf('', { targets: [] }, [emptyTarget([])], '');
}

export function emptyTarget(targets: readonly TargetDraft[]): TargetDraft {
  return { id: nextId(targets), url: '', weight: '', resolve: undefined };
}

export function upstreamDraftOf(upstream: Upstream): UpstreamDraft {
  const targets = upstream.targets.map(({ url, weight, resolve }, id) => ({
    id,
    url,
    weight: textOf(weight),
    resolve,
  }));
  return draftOf(upstream.name, upstream, targets, textOf(upstream.timeoutMs));
}

function draftOf(
  name: string,
  { balance, hashBy, health, ejection, limits, timeouts, tls, reuse, identity, tags }: Partial<UpstreamSpec>,
  targets: readonly TargetDraft[],
  timeoutMs: string,
): UpstreamDraft {
  const colon = hashBy?.indexOf(':') ?? -1;
  return {
    name,
    targets,
    timeoutMs,
    balance,
    hashKind: hashKinds.find((kind) => kind === (colon < 0 ? hashBy : hashBy?.slice(0, colon))),
    hashName: colon < 0 ? '' : (hashBy?.slice(colon + 1) ?? ''),
    health: {
      ...textsOf(healthKeys, health),
      path: health?.path ?? '',
      statuses: health?.statuses.join(', ') ?? '',
      isOn: health !== undefined,
    },
    ejection: textsOf(ejectionKeys, ejection),
    limits: textsOf(limitKeys, limits),
    timeouts: textsOf(timeoutKeys, timeouts),
    tls: {
      isThere: tls !== undefined,
      ca: tls?.ca ?? '',
      clientCertificate: tls?.clientCertificate ?? '',
      serverName: tls?.serverName ?? '',
      insecure: tls?.insecure,
    },
    reuse,
    token: identity?.token,
    tags: tags?.join(', ') ?? '',
  };
}

/** What is sent: the schema refuses what is wrong in it, and adds what goes without saying. */
export function upstreamOf(draft: UpstreamDraft): Partial<Record<keyof z.input<typeof upstreamCreateSchema>, unknown>> {
  const { name, targets, timeoutMs, balance, health, ejection, limits, timeouts, reuse, token, tags } = draft;
  return {
    name: name.trim(),
    targets: targets.map(targetOf),
    ...said('timeoutMs', timeoutMs),
    ...(balance === undefined ? {} : { balance }),
    ...hashOf(draft),
    ...(health.isOn ? { health: healthOf(health) } : {}),
    ...(isSaid(ejection) ? { ejection: numbersOf(ejection) } : {}),
    ...(isSaid(limits) ? { limits: numbersOf(limits) } : {}),
    ...(isSaid(timeouts) ? { timeouts: numbersOf(timeouts) } : {}),
    ...tlsOf(draft.tls),
    ...(reuse === undefined ? {} : { reuse }),
    ...(token === undefined ? {} : { identity: { token } }),
    ...listed('tags', tags),
  };
}

function targetOf({ url, weight, resolve }: TargetDraft): object {
  return { url: url.trim(), ...said('weight', weight), ...(resolve === undefined ? {} : { resolve }) };
}

/** Only of a hash: another balance keeps it in the form, and does not send it. Names of headers have no capitals. */
function hashOf({ balance, hashKind, hashName }: UpstreamDraft): { hashBy?: string } {
  if (balance !== 'consistent-hash' || hashKind === undefined) return {};
  if (hashKind === 'header') return { hashBy: `header:${hashName.trim().toLowerCase()}` };
  return { hashBy: hashKind === 'cookie' ? `cookie:${hashName.trim()}` : hashKind };
}

function healthOf(health: HealthDraft): object {
  const { isOn: _isOn, path, statuses, ...numbers } = health;
  const words = wordsOf(statuses).map(numberOrWord);
  return {
    ...(path.trim() === '' ? {} : { path: path.trim() }),
    ...numbersOf(numbers),
    ...(words.length === 0 ? {} : { statuses: words }),
  };
}

function tlsOf({ isThere, ca, clientCertificate, serverName, insecure }: TlsDraft): { tls?: object } {
  const tls = {
    ...(ca.trim() === '' ? {} : { ca }),
    ...(clientCertificate.trim() === '' ? {} : { clientCertificate: clientCertificate.trim() }),
    ...(serverName.trim() === '' ? {} : { serverName: serverName.trim().toLowerCase() }),
    ...(insecure === undefined ? {} : { insecure }),
  };
  return isThere || Object.keys(tls).length > 0 ? { tls } : {};
}
