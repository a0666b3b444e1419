// The path of a route, checked and ready to look up. Everything is in canonical bytes: see `path.ts`.
import type { Match } from '@sluice/contracts';
import type { FindingCode } from '../findings.js';
import { canonicalPath, pathFaults, withoutTrailingSlash } from '../path.js';
import type { RegexChecks } from './regex.js';
import { groupNames, literalBeginning } from './regex.js';
import type { TemplateSegment } from './template.js';
import { isLiteral, parseTemplate } from './template.js';

export type CompiledPath =
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'rawPrefix'; readonly text: string }
  /** Without a slash at its end; `''` is the prefix of everything. */
  | { readonly kind: 'prefix'; readonly text: string }
  | { readonly kind: 'template'; readonly text: string; readonly segments: readonly TemplateSegment[] }
  /** Whatever matches begins with `literal`. */
  | { readonly kind: 'regex'; readonly text: string; readonly literal: string; readonly groups: readonly string[] };

export type PathKind = CompiledPath['kind'];
export type ReportAt = (code: FindingCode, at: readonly (string | number)[], detail: string, fix: string) => void;

/** `report` takes places below `match.path`. Undefined when the path cannot work. */
export function compilePath(path: Match['path'], checks: RegexChecks, report: ReportAt): CompiledPath | undefined {
  if ('exact' in path)
    return isCanonical(path.exact, ['exact'], report) ? { kind: 'exact', text: path.exact } : undefined;
  if ('prefix' in path)
    return isCanonical(path.prefix, ['prefix'], report)
      ? { kind: 'prefix', text: withoutTrailingSlash(path.prefix) }
      : undefined;
  if ('rawPrefix' in path)
    // What follows is unknown: `/a/.` begins `/a/.well-known`.
    return isCanonical(path.rawPrefix, ['rawPrefix'], report, 'x')
      ? { kind: 'rawPrefix', text: path.rawPrefix }
      : undefined;
  if ('template' in path) return compileTemplate(path.template, report);
  const fault = checks.faultOf(path.regex);
  if (fault === undefined)
    return {
      kind: 'regex',
      text: path.regex,
      literal: literalBeginning(path.regex),
      groups: groupNames(path.regex),
    };
  report('regex_unusable', ['regex'], fault.detail, fault.fix);
  return undefined;
}

/** Says what is wrong with a path as it was written. `more` is put behind it for the check. */
export function isCanonical(written: string, at: readonly (string | number)[], report: ReportAt, more = ''): boolean {
  const canonical = canonicalPath(written + more);
  if (canonical.ok && canonical.path === written + more) return true;
  if (canonical.ok && more === '')
    report(
      'path_not_canonical',
      at,
      `no request can match ${written}: it arrives here as ${canonical.path}`,
      `write ${canonical.path}`,
    );
  else
    report(
      'path_not_canonical',
      at,
      `no request can match ${written}: ${canonical.ok ? `what begins so arrives in another form` : pathFaults[canonical.fault]}`,
      'write the path as it arrives',
    );
  return false;
}

function compileTemplate(template: string, report: ReportAt): CompiledPath | undefined {
  const parsed = parseTemplate(template);
  if (!parsed.ok) {
    report('template_invalid', ['template'], parsed.detail, parsed.fix);
    return undefined;
  }
  const { segments } = parsed;
  const sample = `/${segments.map((segment) => (isLiteral(segment) ? segment.text : 'x')).join('/')}`;
  if (!isCanonical(sample, ['template'], report)) return undefined;
  // Nothing is left open: looked up as cheaply as any exact path, and as specific.
  return segments.every(isLiteral) ? { kind: 'exact', text: template } : { kind: 'template', text: template, segments };
}
