// The one form of a document that is hashed, stored as a revision and exported: routes by name, as the draft has them.
import type { Document } from '@sluice/contracts';

export const emptyDocument: Document = { sluice: 1, upstreams: {}, apis: {}, plans: {} };

export function normalDocument({ upstreams, apis, plans }: Document): Document {
  const sorted = Object.entries(apis).map(([name, api]): [string, typeof api] => [
    name,
    { ...api, routes: api.routes.toSorted((left, right) => (left.name < right.name ? -1 : 1)) },
  ]);
  return { sluice: 1, upstreams, apis: Object.fromEntries(sorted), plans };
}
