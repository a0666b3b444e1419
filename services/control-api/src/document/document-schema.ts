// The JSON Schema of the document, for editors: the schemas that check what is sent, with the settings of each policy, which the
// engine knows. An editor that has it completes and checks while one writes; what only the whole shows (a plan's APIs exist, a
// host is claimed), `validate` says.
import { documentSourceSchema } from '@sluice/contracts';
import { z } from 'zod';
import { policyComponents } from '../openapi/policy-components.js';

export type DocumentJsonSchema = Record<string, unknown>;

export function documentJsonSchema(): DocumentJsonSchema {
  const { $defs = {}, ...root } = z.toJSONSchema(documentSourceSchema, { target: 'draft-2020-12', io: 'input' });
  const { id: _id, ...shape } = root;
  const definitions = { ...$defs, ...policyComponents() };
  return {
    ...shape,
    title: 'Sluice configuration document',
    description: 'One environment: its upstreams, its APIs with their routes, and its plans.',
    $defs: withReferences(definitions),
  };
}

// The API's description keeps its schemas elsewhere.
function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/components/schemas/', '#/$defs/')
        : withReferences(member),
    ]),
  );
}
