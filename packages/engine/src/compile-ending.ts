// What becomes of a request in the end: the path that goes upstream, a redirect, or an answer, checked against what the
// route's path gives names to.
import type { RouteSpec } from '@sluice/contracts';
import type { CompiledRoute } from './compiled.js';
import type { CompiledPath, ReportAt } from './matching/paths.js';
import { isCanonical } from './matching/paths.js';
import type { TextPart } from './shaping/placeholders.js';
import { parseText } from './shaping/placeholders.js';
import { parseRedirect } from './shaping/redirect.js';

type Ending = Pick<CompiledRoute, 'rewrite' | 'redirect' | 'answer'>;

const noBody = new Set([204, 205, 304]);

/** `report` takes places below the route. Undefined when it cannot work. */
export function compileEnding(spec: RouteSpec, path: CompiledPath, report: ReportAt): Ending | undefined {
  const names = placeholdersOf(path);
  let rewrite: readonly TextPart[] | undefined;
  if (spec.rewrite !== undefined) {
    const parsed = parseText(spec.rewrite, names);
    if (!parsed.ok) {
      report('rewrite_invalid', ['rewrite'], parsed.detail, parsed.fix);
      return undefined;
    }
    const sample = parsed.parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
    if (!isCanonical(sample, ['rewrite'], report)) return undefined;
    rewrite = parsed.parts;
  }
  if (spec.redirect !== undefined) {
    const parsed = parseRedirect(spec.redirect.to, names);
    if (parsed.ok)
      return { rewrite, redirect: { status: spec.redirect.status, parts: parsed.parts }, answer: undefined };
    report('redirect_invalid', ['redirect', 'to'], parsed.detail, parsed.fix);
    return undefined;
  }
  const { answer } = spec;
  if (answer !== undefined && answer.body !== '' && noBody.has(answer.status)) {
    report(
      'answer_invalid',
      ['answer', 'body'],
      `an answer of status ${answer.status} has no body (RFC 9110)`,
      'leave the body out, or choose another status',
    );
    return undefined;
  }
  return { rewrite, redirect: undefined, answer };
}

function placeholdersOf(path: CompiledPath): readonly string[] {
  switch (path.kind) {
    case 'exact':
      return [];
    case 'prefix':
    case 'rawPrefix':
      return ['rest'];
    case 'template':
      return path.segments.filter(({ kind }) => kind !== 'literal').map(({ text }) => text);
    default:
      return path.groups;
  }
}
