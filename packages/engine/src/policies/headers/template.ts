// Header values made of the request: text with `{placeholders}`, `{{` for a brace. Whatever comes out is safe to write
// into a head: no control characters, bounded, UTF-8 where it is not ASCII.
import type { Progress } from '../../progress.js';
import { claimAt } from '../jwt/claims.js';

export type TemplatePart = string | Placeholder;
export interface Placeholder {
  readonly of: 'path' | 'claims' | 'known';
  readonly name: string;
}

export type ParsedTemplate =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly detail: string; readonly fix: string };

export type Expanded =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly because: 'absent' | 'unclean' | 'too_long' };

const longestValue = 4096;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/;

const known: Readonly<Record<string, (progress: Progress) => string | undefined>> = {
  'application.id': ({ account }) => account.applicationId,
  'subscription.id': ({ account }) => account.subscriptionId,
  'plan.name': ({ account }) => account.plan,
  'credential.id': ({ account }) => account.credentialId,
  'identity.subject': ({ identity }) => identity?.subject,
  'identity.issuer': ({ identity }) => identity?.issuer,
  'identity.groups': ({ identity }) => claimText(identity?.groups),
  'identity.scopes': ({ identity }) => identity?.scopes.join(' '),
  'api.name': ({ account }) => account.api,
  'route.name': ({ account }) => account.route,
  'request.id': ({ request }) => request.id,
  'request.host': ({ request }) => request.host,
  'request.method': ({ request }) => request.method,
  'request.path': ({ request }) => request.path,
  // Without a key that is hidden from the upstream.
  'request.query': ({ query }) => query,
  'client.address': ({ request }) => request.clientAddress,
};

export const placeholderNames: readonly string[] = ['path.<name>', 'claims.<name>', ...Object.keys(known)];

/** @param parameters of the route's path, asked for only where `{path.<name>}` names one. */
export function parseTemplate(text: string, parameters: () => readonly string[]): ParsedTemplate {
  if (control.test(text)) return fault('the value holds a control character', 'leave it out');
  const parts: TemplatePart[] = [];
  let plain = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if ((character === '{' || character === '}') && text.charAt(at + 1) === character) {
      plain += character;
      at += 1;
      continue;
    }
    if (character === '}') return fault('a } has no { before it', 'write }} for a brace');
    if (character !== '{') {
      plain += character;
      continue;
    }
    const end = text.indexOf('}', at);
    if (end === -1) return fault('a { is never closed', 'write {{ for a brace');
    const placeholder = placeholderOf(text.slice(at + 1, end), parameters);
    if ('fix' in placeholder) return placeholder;
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(placeholder);
    at = end;
  }
  if (plain !== '') parts.push(plain);
  return { ok: true, parts };
}

/** Whether the value says who calls, so that an upstream will believe the header. */
export function namesCaller(text: string): boolean {
  return /\{(?:claims|identity|application|subscription|credential|plan)\./.test(text);
}

/** Not ok where a placeholder stands for nothing, or the value could not be written as it is. */
export function expandTemplate(parts: readonly TemplatePart[], progress: Progress): Expanded {
  let value = '';
  for (const part of parts) {
    const text = typeof part === 'string' ? part : valueOf(part, progress);
    if (text === undefined || text === '') return { ok: false, because: 'absent' };
    value += text;
    if (value.length > longestValue) return { ok: false, because: 'too_long' };
  }
  if (control.test(value) || !value.isWellFormed()) return { ok: false, because: 'unclean' };
  return { ok: true, value: asBytes(value.trim()) };
}

function placeholderOf(
  written: string,
  parameters: () => readonly string[],
): Placeholder | Extract<ParsedTemplate, { ok: false }> {
  if (Object.hasOwn(known, written)) return { of: 'known', name: written };
  const dot = written.indexOf('.');
  const source = written.slice(0, dot);
  const name = written.slice(dot + 1);
  if (source === 'claims' && name !== '') return { of: 'claims', name };
  if (source === 'path') {
    const names = parameters();
    if (names.includes(name)) return { of: 'path', name };
    return fault(
      `the route's path has no {${name}}`,
      names.length === 0
        ? 'match a template such as /users/{id}, and write {path.id}'
        : `write one of: ${names.map((one) => `{path.${one}}`).join(', ')}`,
    );
  }
  return fault(
    `nothing is known by the name {${written}}`,
    `write one of: ${placeholderNames.map((one) => `{${one}}`).join(', ')}`,
  );
}

function valueOf({ of, name }: Placeholder, progress: Progress): string | undefined {
  if (of === 'known') return known[name]?.(progress);
  if (of === 'claims') return claimText(claimAt(progress.identity?.claims ?? {}, name));
  return Object.hasOwn(progress.parameters, name) ? progress.parameters[name] : undefined;
}

function claimText(claim: unknown): string | undefined {
  switch (typeof claim) {
    case 'string':
      return claim;
    case 'number':
    case 'boolean':
      return String(claim);
    default:
      if (!Array.isArray(claim)) return undefined;
      // A value with a comma in it would read as two.
      return claim.every((one) => typeof one === 'string' && !one.includes(',')) ? claim.join(',') : undefined;
  }
}

/** UTF-8 with one character for each byte, as heads are written. */
function asBytes(text: string): string {
  // eslint-disable-next-line no-control-regex -- all of ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return text;
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function fault(detail: string, fix: string): Extract<ParsedTemplate, { ok: false }> {
  return { ok: false, detail, fix };
}
