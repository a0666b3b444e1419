// Versions that both take requests which name none: nothing but the names of their APIs would say which of them does.
import { canonicalJson } from '@sluice/contracts';
import type { CompiledRoute } from '../compiled.js';
import { shapeOf } from './crowding.js';
import type { Placed } from './precedence.js';
import { comparePrecedence } from './precedence.js';

export interface RivalDefault {
  readonly route: CompiledRoute;
  /** Goes before it. */
  readonly by: CompiledRoute;
}

/** Of the routes of one host. */
export function findRivalDefaults(placed: readonly Placed[]): RivalDefault[] {
  const known = new Map<string, CompiledRoute[]>();
  return placed.toSorted(comparePrecedence).flatMap(({ route, hostRank }): RivalDefault[] => {
    const version = route.predicates.find(({ orAbsent }) => orAbsent);
    if (version === undefined) return [];
    const others = route.predicates.filter((one) => one !== version).map(canonicalJson);
    const where = version.on === 'media-version' ? version.on : `${version.on} ${version.name}`;
    const path = route.path.kind === 'regex' ? route.path.text : shapeOf(route.path);
    const key = canonicalJson([where, hostRank, route.priority, path, others.toSorted()]);
    const before = known.get(key) ?? [];
    known.set(key, [...before, route]);
    const by = before.find((one) => one.api !== route.api && haveMethodInCommon(one, route));
    return by === undefined ? [] : [{ route, by }];
  });
}

// One that takes all methods is the fallback of one that names some.
function haveMethodInCommon({ methods: left }: CompiledRoute, { methods: right }: CompiledRoute): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.some((method) => right.includes(method));
}
