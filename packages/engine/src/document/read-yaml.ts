// YAML 1.2 as plain data, and where in the text each field stands. Anchors and aliases are followed; what a document has no use
// for is refused: tags, a name twice, keys that are no text. The library's own conversion takes time that grows with the square
// of the names in a map and of the aliases, which a short text can make minutes.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document as YamlDocument,
  type Node,
  type Pair,
  type YAMLError,
} from 'yaml';
import type { FieldError } from '@sluice/contracts';
import { pointerOf, stepsOf, type Step } from './pointers.js';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ReadYaml {
  readonly value: unknown;
  /** Why it cannot be read; then `value` is of no use. */
  readonly errors: readonly FieldError[];
  /** Of a field's name, or of what is around it where the text does not have it. */
  readonly positionOf: (pointer: string) => Position | undefined;
}

const mostErrors = 50;
const mostValues = 500_000;
export const mostDepth = 100;

export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const tree = parsed(text, lines);
  if (tree === undefined) {
    const error = { pointer: '', message: 'the text is nested too deep', fix: `nest at most ${mostDepth} levels` };
    return { value: undefined, errors: [error], positionOf: () => undefined };
  }
  const faults = [...tree.errors, ...tree.warnings].slice(0, mostErrors);
  const conversion = new Conversion(at);
  const value = faults.length === 0 ? conversion.valueOf(tree.contents, []) : undefined;
  return {
    value,
    errors: [...faults.map((fault) => faultOf(fault, at)), ...conversion.errors],
    positionOf: (pointer) => positionIn(tree, stepsOf(pointer), at),
  };
}

// The composer calls itself for each level, and ends in a RangeError where the stack does.
function parsed(text: string, lineCounter: LineCounter): YamlDocument.Parsed | undefined {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
      resolveKnownTags: false,
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const remedies: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'indent what belongs together by the same number of spaces',
  MULTIPLE_DOCS: 'send one document at a time, without ---',
  RESOURCE_EXHAUSTION: `nest at most ${mostDepth} levels`,
  TAB_AS_INDENT: 'indent with spaces',
  TAG_RESOLVE_FAILED: 'leave the tag out',
};

function faultOf({ code, message, pos: [from] }: YAMLError, at: (offset: number) => Position): FieldError {
  const fix = remedies[code] ?? 'correct the YAML here; put texts that hold : # [ ] { } , & * ! | > % @ ` into quotes';
  return { pointer: '', message, fix, ...at(from) };
}

interface Anchored {
  readonly value: unknown;
  readonly size: number;
}

class Conversion {
  readonly errors: FieldError[] = [];
  private readonly anchors = new Map<string, Anchored>();
  // With every alias counted as often as it stands there: what reads the value follows each.
  private size = 0;

  constructor(private readonly at: (offset: number) => Position) {}

  valueOf(node: Node | null, path: readonly Step[]): unknown {
    if (node === null || this.errors.length >= mostErrors) return null;
    const before = this.size;
    this.grow(1, node, path);
    if (isAlias(node)) return this.aliased(node.source, node, path);
    const value = this.ownValue(node, path);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, { value, size: this.size - before });
    return value;
  }

  private ownValue(node: Node, path: readonly Step[]): unknown {
    if (isScalar(node)) return node.value;
    if (path.length >= mostDepth)
      return this.refuse(node, path, 'is nested too deep', `nest at most ${mostDepth} levels`);
    if (isSeq(node)) return node.items.map((item, index) => this.valueOf(item as Node | null, [...path, index]));
    if (isMap(node)) return this.membersOf(node.items, path);
    return this.refuse(node, path, 'is nothing that a document holds', 'write a text, a number, a list or a map');
  }

  private membersOf(pairs: readonly Pair[], path: readonly Step[]): unknown {
    const members = new Map<string, unknown>();
    for (const { key, value } of pairs) {
      const node = key as Node;
      const name = isScalar(node) ? String(node.value) : '';
      const own = [...path, name];
      if (members.has(name)) this.refuse(node, own, 'stands here twice', 'keep one of the two');
      members.set(name, this.valueOf(value as Node | null, own));
    }
    return Object.fromEntries(members);
  }

  private aliased(name: string, node: Node, path: readonly Step[]): unknown {
    const anchored = this.anchors.get(name);
    if (anchored === undefined)
      return this.refuse(node, path, `names the anchor ${name}, which is not above`, `write &${name} further up`);
    this.grow(anchored.size, node, path);
    return anchored.value;
  }

  private grow(size: number, node: Node, path: readonly Step[]): void {
    const isFirst = this.size <= mostValues;
    this.size += size;
    if (isFirst && this.size > mostValues)
      this.refuse(node, path, `makes more than ${mostValues} values of the text`, 'use fewer aliases, or send less');
  }

  private refuse(node: Node, path: readonly Step[], what: string, fix: string): null {
    const pointer = pointerOf(path);
    const message = `${pointer === '' ? 'the document' : pointer} ${what}`;
    this.errors.push({ pointer, message, fix, ...this.at(node.range?.[0] ?? 0) });
    return null;
  }
}

function positionIn(
  { contents }: YamlDocument.Parsed,
  steps: readonly Step[],
  at: (offset: number) => Position,
): Position | undefined {
  let node: Node | null = contents;
  let from = node?.range?.[0];
  for (const step of steps) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      from = (pair.key as Node).range?.[0] ?? from;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | null | undefined;
      if (item === undefined || item === null) break;
      from = item.range?.[0] ?? from;
      node = item;
    } else break;
  }
  return from === undefined ? undefined : at(from);
}
