// What differs between two documents, by the objects that people edit (upstreams, APIs, routes, plans) and, within those that
// changed, by field. Objects are the same where their names are: the order of routes says nothing. Secrets are compared and not
// shown: a diff ends up in the log of a pipeline.
import { canonicalJson, routeKey, type Document, type FieldChange, type ObjectChange } from '@sluice/contracts';
import { hideSecret, pointerOf, withoutSecrets, type Step } from '@sluice/engine/document';

type Kind = ObjectChange['kind'];

interface NamedObject {
  readonly kind: Kind;
  readonly name: string;
  readonly pointer: string;
  readonly value: unknown;
}

/** In the order of kinds and names. */
export function diffDocuments(before: Document, after: Document): ObjectChange[] {
  const [old, young] = [objectsOf(before), objectsOf(after)];
  const removed = [...old].filter(([key]) => !young.has(key)).map(([, gone]) => changeOf('removed', gone));
  const others = [...young].flatMap(([key, own]) => {
    const earlier = old.get(key);
    if (earlier === undefined) return changeOf('added', own);
    const fields = differences(earlier.value, own.value, []);
    return fields.length === 0 ? [] : changeOf('changed', own, fields);
  });
  return [...removed, ...others].toSorted(byKindAndName);
}

const kinds: readonly Kind[] = ['upstream', 'api', 'route', 'plan'];

function byKindAndName(left: ObjectChange, right: ObjectChange): number {
  return kinds.indexOf(left.kind) - kinds.indexOf(right.kind) || (left.name < right.name ? -1 : 1);
}

function objectsOf({ upstreams, apis, plans }: Document): Map<string, NamedObject> {
  const objects = new Map<string, NamedObject>();
  const add = (kind: Kind, name: string, steps: readonly Step[], value: unknown): void => {
    objects.set(`${kind} ${name}`, { kind, name, pointer: pointerOf(steps), value });
  };
  for (const [name, spec] of Object.entries(upstreams)) add('upstream', name, ['upstreams', name], spec);
  for (const [name, spec] of Object.entries(plans)) add('plan', name, ['plans', name], spec);
  for (const [name, { routes, ...settings }] of Object.entries(apis)) {
    add('api', name, ['apis', name], settings);
    for (const [index, route] of routes.entries())
      add('route', routeKey(name, route.name), ['apis', name, 'routes', index], route);
  }
  return objects;
}

function changeOf(
  change: ObjectChange['change'],
  { kind, name, pointer }: NamedObject,
  fields: FieldChange[] = [],
): ObjectChange {
  return { change, kind, name, pointer, fields };
}

// Lists of one length are compared entry by entry; others are shown whole, because an entry more in front moves all.
function differences(before: unknown, after: unknown, path: readonly Step[]): FieldChange[] {
  if (isMap(before) && isMap(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(memberOf(before, key), memberOf(after, key), [...path, key]),
    );
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((entry: unknown, index) => differences(entry, after[index], [...path, index]));
  if (before === undefined && after === undefined) return [];
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return [];
  const pointer = pointerOf(path);
  const name = String(path.at(-1));
  const shown = (value: unknown): unknown => withoutSecrets(hideSecret(name, value));
  if (before === undefined) return [{ change: 'added', pointer, after: shown(after) }];
  if (after === undefined) return [{ change: 'removed', pointer, before: shown(before) }];
  return [{ change: 'changed', pointer, before: shown(before), after: shown(after) }];
}

function memberOf(map: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
