// What a policy takes, as JSON Schema 2020-12, for those who describe policies: the API's description and the docs.
import { z } from 'zod';
import type { Policy } from './policy.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** As it is written: fields with a default may be left out. Schemas that have names of their own elsewhere are written out. */
export function policySettings({ schema }: Pick<Policy, 'schema'>): JsonSchema {
  const { $schema: _dialect, $defs = {}, ...root } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  const writtenOut = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(writtenOut);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref: reference, ...members } = value as JsonSchema;
    const named = typeof reference === 'string' ? $defs[reference.slice(reference.lastIndexOf('/') + 1)] : undefined;
    const { id: _id, ...all } = { ...named, ...members };
    return Object.fromEntries(Object.entries(all).map(([key, member]) => [key, writtenOut(member)]));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object stays one
  return writtenOut(root) as JsonSchema;
}
