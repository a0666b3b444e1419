// Path templates: `/users/{id}/orders` with `{id}` for one segment that is not empty, and `{rest...}` at the end for all
// that follows, be it nothing. They are looked up in a trie by segments, so a request meets only those templates that
// agree with its path so far.

export interface TemplateSegment {
  readonly kind: 'literal' | 'parameter' | 'rest';
  /** The literal text, or the name. */
  readonly text: string;
}

export type ParsedTemplate =
  | { readonly ok: true; readonly segments: readonly TemplateSegment[] }
  | { readonly ok: false; readonly detail: string; readonly fix: string };

// As long as any path in a document: what is longer need not be hashed to know that it is none of them.
const longestLiteral = 1024;

// Each is a node of the trie: far more than anybody writes, and few enough that thousands of templates stay small.
const mostSegments = 64;

// What objects are made of is no name: a value would be lost there.
export const placeholderName = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,39}$/;

export function isLiteral(segment: TemplateSegment): boolean {
  return segment.kind === 'literal';
}

export function parseTemplate(template: string): ParsedTemplate {
  const written = template.slice(1).split('/');
  const segments: TemplateSegment[] = [];
  if (written.length > mostSegments)
    return {
      ok: false,
      detail: `the template has ${written.length} segments, and ${mostSegments} may be used`,
      fix: 'end it with {rest...}, or write a prefix',
    };
  for (const [index, text] of written.entries()) {
    const segment = segmentOf(text);
    if (segment === undefined)
      return {
        ok: false,
        detail: `the template ${template} cannot be read at ${text}`,
        fix: 'write {name} as a whole segment, with letters, digits and _ in the name; for parts of a segment write a regex',
      };
    if (segment.kind === 'rest' && index !== written.length - 1)
      return {
        ok: false,
        detail: `the template ${template} goes on behind ${text}, which takes all that follows`,
        fix: `end the template with ${text}`,
      };
    if (segment.kind !== 'literal' && segments.some((other) => !isLiteral(other) && other.text === segment.text))
      return {
        ok: false,
        detail: `the template ${template} has two placeholders named ${segment.text}`,
        fix: 'give each placeholder a name of its own',
      };
    segments.push(segment);
  }
  return { ok: true, segments };
}

function segmentOf(text: string): TemplateSegment | undefined {
  if (!/[{}]/.test(text)) return { kind: 'literal', text };
  const inner = /^\{([^{}]*?)(\.\.\.)?\}$/.exec(text);
  const name = inner?.[1];
  if (name === undefined || !placeholderName.test(name)) return undefined;
  return { kind: inner?.[2] === undefined ? 'parameter' : 'rest', text: name };
}

/** What the placeholders stand for in a path that matches. As it stands in the path, so still percent-encoded. */
export function parametersOf(segments: readonly TemplateSegment[], path: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  let from = 1;
  for (const { kind, text } of segments) {
    if (kind === 'rest') parameters[text] = path.slice(from);
    const next = path.indexOf('/', from);
    const end = next === -1 ? path.length : next;
    if (kind === 'parameter') parameters[text] = path.slice(from, end);
    from = end + 1;
  }
  return parameters;
}

/** One step of the trie. Plain data. */
export interface TemplateNode<Item> {
  literals: Map<string, TemplateNode<Item>> | undefined;
  parameter: TemplateNode<Item> | undefined;
  /** Templates that end here. */
  readonly ending: Item[];
  /** Templates whose `{rest...}` begins here. */
  readonly open: Item[];
}

export function emptyNode<Item>(): TemplateNode<Item> {
  return { literals: undefined, parameter: undefined, ending: [], open: [] };
}

export function addTemplate<Item>(root: TemplateNode<Item>, segments: readonly TemplateSegment[], item: Item): void {
  let node = root;
  for (const { kind, text } of segments) {
    if (kind === 'rest') {
      node.open.push(item);
      return;
    }
    if (kind === 'literal') node.literals ??= new Map();
    const known = kind === 'literal' ? node.literals?.get(text) : node.parameter;
    const next = known ?? emptyNode<Item>();
    if (known === undefined && kind === 'literal') node.literals?.set(text, next);
    else if (known === undefined) node.parameter = next;
    node = next;
  }
  node.ending.push(item);
}

/** Whatever matches the path from `from` on: the character behind a slash. */
export function findTemplates<Item>(root: TemplateNode<Item>, path: string, from: number): readonly Item[] {
  const found: Item[] = [];
  collect(root, path, from, found);
  return found;
}

function collect<Item>(node: TemplateNode<Item>, path: string, from: number, found: Item[]): void {
  if (from > path.length) {
    for (const item of node.ending) found.push(item);
    return;
  }
  for (const item of node.open) found.push(item);
  const { literals, parameter } = node;
  if (literals === undefined && parameter === undefined) return;
  const next = path.indexOf('/', from);
  const end = next === -1 ? path.length : next;
  if (parameter !== undefined && end > from) collect(parameter, path, end + 1, found);
  if (literals === undefined || end - from > longestLiteral) return;
  const literal = literals.get(path.slice(from, end));
  if (literal !== undefined) collect(literal, path, end + 1, found);
}
