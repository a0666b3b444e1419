// The same check as the control plane's, without it: the schema of contracts, then the engine that gateways compile with.
// What only the control plane knows is left to it: whether the hosts that routes name are the environment's.
import type { ProblemError } from '@sluice/api-client';
import { documentSourceSchema, fieldErrors, type Document } from '@sluice/contracts';
import { validateDocument } from '@sluice/engine';
import { isNode, isPair, LineCounter, parseDocument, type Document as YamlDocument } from 'yaml';
import type { Source } from './read-source.js';

/** What is wrong, in the order of the text; nothing: the document is valid. */
export function checkSource({ text }: Source): ProblemError[] {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, stringKeys: true });
  if (parsed.errors.length > 0)
    return parsed.errors.map(({ message, pos }) => {
      const { line, col: column } = lines.linePos(pos[0]);
      return { pointer: '', message, fix: 'write YAML 1.2 or JSON', line, column };
    });
  let value: unknown;
  try {
    value = parsed.toJS({ maxAliasCount: 100 });
  } catch {
    return [{ pointer: '', message: 'the anchors unfold to too much', fix: 'use each anchor less often' }];
  }
  const read = documentSourceSchema.safeParse(value);
  const errors = read.success
    ? validateDocument(withoutSchema(read.data), namedHosts(read.data))
    : fieldErrors(read.error);
  return errors
    .map((error) => Object.assign({}, error as ProblemError, placeOf(parsed, lines, error.pointer)))
    .toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0));
}

function withoutSchema({ $schema: _editors, ...document }: Document & { $schema?: string | undefined }): Document {
  return document;
}

// As if all were the environment's own; one stands in where none is named.
function namedHosts({ apis }: Document): string[] {
  const named = Object.values(apis).flatMap(({ routes }) => routes.flatMap(({ match }) => match.hosts ?? []));
  return [...new Set([...named, 'sluice.invalid'])];
}

/** Where a pointer leads, or the nearest thing above it that stands in the text. */
function placeOf(
  parsed: YamlDocument,
  lines: LineCounter,
  pointer: string,
): { line: number; column: number } | undefined {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (let length = steps.length; length > 0; length -= 1) {
    const offset = offsetOf(parsed, steps.slice(0, length));
    if (offset !== undefined) return positionOf(lines, offset);
  }
  return positionOf(lines, 0);
}

// Of a member of a mapping its key, where people look for it; of an entry of a list the entry.
function offsetOf(parsed: YamlDocument, steps: readonly string[]): number | undefined {
  const parent: unknown = steps.length === 1 ? parsed.contents : parsed.getIn(steps.slice(0, -1).map(asStep), true);
  const last = steps.at(-1) ?? '';
  if (typeof parent !== 'object' || parent === null || !('items' in parent) || !Array.isArray(parent.items))
    return undefined;
  const items: readonly unknown[] = parent.items;
  const pair = items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === last);
  const node = isPair(pair) ? pair.key : items.every((item) => !isPair(item)) ? items[Number(last)] : undefined;
  return isNode(node) ? node.range?.[0] : undefined;
}

function asStep(step: string): string | number {
  return /^\d+$/.test(step) ? Number(step) : step;
}

function positionOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
