// Header edits of a policy, checked name by name and value by value, as plain data to apply.
import { routeKey } from '@sluice/contracts';
import { headerNameFault } from '../../header-names.js';
import { isLiteral, parseTemplate as parseTemplatePath } from '../../matching/template.js';
import type { CompileContext } from '../../policy.js';
import type { Edits, Progress } from '../../progress.js';
import type { HeadersSettings } from './schema.js';
import type { TemplatePart } from './template.js';
import { expandTemplate, parseTemplate } from './template.js';

type Direction = keyof HeadersSettings;
type Value = readonly [name: string, parts: readonly TemplatePart[]];

export interface CompiledEdits {
  readonly rename: readonly (readonly [from: string, to: string])[];
  readonly remove: readonly string[];
  readonly set: readonly Value[];
  readonly add: readonly Value[];
}

export function compileEdits(settings: HeadersSettings, on: Direction, context: CompileContext): CompiledEdits {
  const { rename, remove, set, add } = settings[on];
  // An API's edits are compiled once for all of its routes, unless they ask which route it is.
  let known: readonly string[] | undefined;
  const parameters = (): readonly string[] => (known ??= parametersOf(context));
  const checkName = (name: string, at: readonly (string | number)[]): void => {
    const fault = headerNameFault(name, on);
    if (fault !== undefined) context.report([on, ...at], fault.detail, fault.fix);
  };
  const compileValues = (kind: 'set' | 'add', values: Readonly<Record<string, string>>): Value[] =>
    Object.entries(values).map(([name, text]) => {
      checkName(name, [kind, name]);
      const parsed = parseTemplate(text, parameters);
      if (parsed.ok) return [name, parsed.parts];
      context.report([on, kind, name], parsed.detail, parsed.fix);
      return [name, []];
    });
  for (const [from, to] of Object.entries(rename)) {
    checkName(from, ['rename', from]);
    checkName(to, ['rename', from]);
  }
  remove.forEach((name, index) => checkName(name, ['remove', index]));
  return { rename: Object.entries(rename), remove, set: compileValues('set', set), add: compileValues('add', add) };
}

export function applyEdits({ rename, remove, set, add }: CompiledEdits, edits: Edits, progress: Progress): void {
  for (const [from, to] of rename) edits.rename.push([from, to]);
  edits.remove.push(...remove);
  for (const [name, parts] of set) {
    const expanded = expandTemplate(parts, progress);
    if (expanded.ok) edits.set.push([name, expanded.value]);
    else {
      progress.reasons.push({ code: 'header_dropped', header: name, because: expanded.because });
      // What a client sent by this name must not pass for what the gateway would have said.
      edits.remove.push(name);
    }
  }
  for (const [name, parts] of add) {
    const expanded = expandTemplate(parts, progress);
    if (expanded.ok) edits.add.push([name, expanded.value]);
    else progress.reasons.push({ code: 'header_dropped', header: name, because: expanded.because });
  }
}

/** The names that a match gives to parts of the path: of a template's placeholders, or of a regex's groups. */
function parametersOf({ document, api, routeKey: key }: CompileContext): readonly string[] {
  const path = document.apis[api]?.routes.find(({ name }) => routeKey(api, name) === key)?.match.path;
  if (path === undefined) return [];
  if ('regex' in path) return [...path.regex.matchAll(/\(\?P?<([A-Za-z0-9_]+)>/g)].map((match) => match[1] ?? '');
  const parsed = 'template' in path ? parseTemplatePath(path.template) : undefined;
  if (parsed?.ok !== true) return [];
  return parsed.segments.filter((segment) => !isLiteral(segment)).map(({ text }) => text);
}
