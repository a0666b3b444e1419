// What publishing would change: two documents, object by object, and within a changed object field by field.
import { canonicalJson } from '@sluice/contracts';
import type { Document } from '@sluice/contracts';

export interface FieldChange {
  /** `split/arms/0/weight` */
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ObjectChange {
  /** `apis/users/routes/list`, `plans/free` */
  readonly object: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly fields: readonly FieldChange[];
}

/** The changes from one document (null: nothing published yet) to another, in the order of the objects' names. */
export function compareDocuments(before: Document | null, after: Document): ObjectChange[] {
  const old = before === null ? new Map<string, unknown>() : objectsOf(before);
  const next = objectsOf(after);
  return [...new Set([...old.keys(), ...next.keys()])].toSorted().flatMap((object): ObjectChange[] => {
    const [left, right] = [old.get(object), next.get(object)];
    if (canonicalJson(left ?? null) === canonicalJson(right ?? null)) return [];
    if (left === undefined) return [{ object, kind: 'added', fields: fieldChanges(undefined, right) }];
    if (right === undefined) return [{ object, kind: 'removed', fields: [] }];
    return [{ object, kind: 'changed', fields: fieldChanges(left, right) }];
  });
}

function objectsOf(document: Document): Map<string, unknown> {
  const objects = new Map<string, unknown>();
  for (const [name, upstream] of Object.entries(document.upstreams)) objects.set(`upstreams/${name}`, upstream);
  for (const [name, plan] of Object.entries(document.plans)) objects.set(`plans/${name}`, plan);
  for (const [name, { routes, ...api }] of Object.entries(document.apis)) {
    objects.set(`apis/${name}`, api);
    for (const route of routes) objects.set(`apis/${name}/routes/${route.name}`, route);
  }
  return objects;
}

export function fieldChanges(before: unknown, after: unknown): FieldChange[] {
  const left = leavesOf(before);
  const right = leavesOf(after);
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((field) => {
    const change = { field, before: left.get(field) ?? null, after: right.get(field) ?? null };
    return change.before === change.after ? [] : [change];
  });
}

function leavesOf(value: unknown, at = ''): Map<string, string> {
  if (value === undefined) return new Map();
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return new Map([[at, JSON.stringify(value)]]);
  }
  const leaves = new Map<string, string>();
  for (const [name, member] of Object.entries(value)) {
    for (const [field, text] of leavesOf(member, at === '' ? name : `${at}/${name}`)) leaves.set(field, text);
  }
  return leaves;
}
