// What a draft becomes when a document is applied to it: objects that the document names are as it says, all others stay. An
// API's routes are objects of their own. The document's come first, so that pointers into it lead to the same places here.
import type { ApiSpec, Document } from '@sluice/contracts';

export function mergeDocuments(draft: Document, named: Document): Document {
  const apis = Object.entries(named.apis).map(([name, api]): [string, ApiSpec] => {
    const own = new Set(api.routes.map((route) => route.name));
    const drafted = Object.hasOwn(draft.apis, name) ? (draft.apis[name]?.routes ?? []) : [];
    return [name, { ...api, routes: [...api.routes, ...drafted.filter((route) => !own.has(route.name))] }];
  });
  return {
    sluice: 1,
    upstreams: { ...draft.upstreams, ...named.upstreams },
    apis: { ...draft.apis, ...Object.fromEntries(apis) },
    plans: { ...draft.plans, ...named.plans },
  };
}
