// The same check as the control plane's, without it: documents are read by the same code, then compiled by the engine of the
// gateways. What only the control plane knows is left to it: whether the hosts that routes name are the environment's.
import { upstreamSpecSchema, type Document, type FieldError } from '@sluice/contracts';
import { assumedHosts, validateDocument } from '@sluice/engine';
import { readDocument, type DocumentSource } from '@sluice/engine/document';
import type { Source } from './read-source.js';

/** What is wrong, in the order of the text; nothing: the document is valid. */
export async function checkSource({
  text,
  contentType,
}: Pick<Source, 'text' | 'contentType'>): Promise<readonly FieldError[]> {
  const { source, errors } = await readDocument({ text, format: contentType === 'application/json' ? 'json' : 'yaml' });
  const found =
    source === undefined
      ? errors
      : await source.located(validateDocument(withOthers(source), assumedHosts(source.document)));
  return found.toSorted(byPlace);
}

// Of a part the rest is not here: what it refers to there is taken to be there.
function withOthers({ document, tags }: DocumentSource): Document {
  if (tags === undefined) return document;
  const { upstreams, apis, plans } = document;
  const routes = Object.values(apis).flatMap((api) => api.routes);
  const arms = routes.flatMap(({ split }) => split?.arms ?? []);
  const mirrors = [...Object.values(apis), ...routes].flatMap(({ policies = [] }) => policies);
  const referred = [...arms.map((arm) => arm.upstream), ...mirrors.flatMap(({ mirror }) => upstreamOf(mirror))];
  const upstream = upstreamSpecSchema.parse({ targets: [{ url: 'http://sluice.invalid' }] });
  const offered = Object.values(plans).flatMap((plan) => plan.apis);
  return {
    ...document,
    upstreams: { ...Object.fromEntries(referred.map((name) => [name, upstream])), ...upstreams },
    apis: {
      ...Object.fromEntries(offered.map((name) => [name, { title: name, version: 'v1', routes: [] }])),
      ...apis,
    },
  };
}

function upstreamOf(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null || !('upstream' in settings)) return [];
  return typeof settings.upstream === 'string' ? [settings.upstream] : [];
}

function byPlace(left: FieldError, right: FieldError): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);
}
