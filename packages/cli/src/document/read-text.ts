// YAML 1.2 or JSON as plain data, and where in the text each field stands. It refuses what the control plane refuses: tags, a
// name twice, keys that are no text. Nothing here is guarded against texts that cost time: whoever runs it pays for it.
import type { ProblemError } from '@sluice/api-client';
import { isNode, isPair, LineCounter, parseDocument, visit, type Alias, type Document as YamlDocument } from 'yaml';
import type { Source } from './read-source.js';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ReadText {
  readonly value: unknown;
  /** Why it cannot be read; then `value` is of no use. */
  readonly errors: readonly ProblemError[];
  /** Of a field's name, or of what is around it where the text does not have it. */
  readonly positionOf: (pointer: string) => Position;
}

export function readText({ text, contentType }: Pick<Source, 'text' | 'contentType'>): ReadText {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col: column } = lines.linePos(offset);
    return { line, column };
  };
  const tree = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  const positionOf = (pointer: string): Position => at(offsetOf(tree, stepsOf(pointer)));
  const faults = [...tree.errors, ...tree.warnings].map(({ message, pos }) =>
    Object.assign({ pointer: '', message, fix: 'write YAML 1.2 or JSON' }, at(pos[0])),
  );
  if (contentType === 'application/json' && !isJson(text)) {
    const fix = 'write double quotes around names and texts, and no comma at the end of a list; or name the file .yaml';
    const { line, column } = faults[0] ?? {};
    const place = line === undefined || column === undefined ? {} : { line, column };
    return { value: undefined, errors: [{ pointer: '', message: 'the text is not JSON', fix, ...place }], positionOf };
  }
  if (faults.length > 0) return { value: undefined, errors: faults, positionOf };
  const dangling = danglingAlias(tree);
  if (dangling !== undefined) {
    const message = `*${dangling.source} names an anchor that is not above`;
    const fix = `write &${dangling.source} further up`;
    const error = Object.assign({ pointer: '', message, fix }, at(dangling.range?.[0] ?? 0));
    return { value: undefined, errors: [error], positionOf };
  }
  try {
    return { value: tree.toJS({ maxAliasCount: 10_000 }), errors: [], positionOf };
  } catch {
    const fix = 'use fewer aliases, and nest less';
    return {
      value: undefined,
      errors: [{ pointer: '', message: 'the text unfolds to too much', fix, ...at(0) }],
      positionOf,
    };
  }
}

export function pointerOf(steps: readonly PropertyKey[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function danglingAlias(tree: YamlDocument.Parsed): Alias | undefined {
  let found: Alias | undefined;
  visit(tree, {
    Alias: (_, alias) => {
      if (alias.resolve(tree) === undefined) found ??= alias;
    },
  });
  return found;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// Of a member of a mapping its name, where people look for it; of an entry of a list the entry.
function offsetOf({ contents }: YamlDocument.Parsed, steps: readonly string[]): number {
  let node: unknown = contents;
  let offset = contents?.range[0] ?? 0;
  for (const step of steps) {
    if (!isNode(node) || !('items' in node)) break;
    const items: readonly unknown[] = node.items;
    const found = items.find((item, index) => (isPair(item) ? String(item.key) === step : String(index) === step));
    const place = isPair(found) ? found.key : found;
    if (!isNode(place)) break;
    offset = place.range?.[0] ?? offset;
    node = isPair(found) ? found.value : found;
  }
  return offset;
}
