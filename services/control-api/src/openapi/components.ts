// zod schemas as JSON Schema 2020-12, which is what OpenAPI 3.1 means by a schema. A named schema becomes one component. What a
// caller may send and what we answer differ where there are defaults: the sent form is then named `...Input`. Two
// different schemas of one name are a defect, and fail.
import { canonicalJson } from '@sluice/contracts';
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

export interface Converted {
  readonly schema: JsonSchema;
  readonly components: Record<string, JsonSchema>;
}

export class Components {
  private readonly answered = new Map<string, JsonSchema>();
  private readonly all = new Map<string, JsonSchema>();

  /** @param answers every schema that is answered anywhere: their names come first. */
  constructor(answers: readonly z.ZodType[]) {
    for (const schema of answers) {
      for (const [name, definition] of Object.entries(definitionsOf(schema, 'output').definitions))
        expectSame(this.answered, name, definition);
    }
  }

  convert(schema: z.ZodType, io: 'input' | 'output'): Converted {
    const { root, definitions } = definitionsOf(schema, io);
    const renamed = io === 'input' ? this.sentOtherwise(definitions) : new Set<string>();
    const name = (original: string): string => (renamed.has(original) ? `${original}Input` : original);
    const components = Object.fromEntries(
      Object.entries(definitions).map(([original, definition]) => [name(original), withReferences(definition, name)]),
    );
    for (const [component, definition] of Object.entries(components)) expectSame(this.all, component, definition);
    return { schema: withReferences(root, name), components };
  }

  // Those that differ from what is answered under the same name, and those that lead to one that does.
  private sentOtherwise(definitions: Record<string, JsonSchema>): Set<string> {
    const isOther = (name: string): boolean => {
      const answered = this.answered.get(name);
      return answered !== undefined && canonicalJson(answered) !== canonicalJson(definitions[name]);
    };
    const other = new Set(Object.keys(definitions).filter(isOther));
    for (let size = -1; size !== other.size;) {
      size = other.size;
      for (const [name, definition] of Object.entries(definitions)) {
        if (this.answered.has(name) && referencesOf(definition).some((reference) => other.has(reference)))
          other.add(name);
      }
    }
    return other;
  }
}

function definitionsOf(
  schema: z.ZodType,
  io: 'input' | 'output',
): { root: JsonSchema; definitions: Record<string, JsonSchema> } {
  const { $schema: _dialect, $defs = {}, ...root } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return { root, definitions: $defs };
}

function expectSame(known: Map<string, JsonSchema>, name: string, definition: JsonSchema): void {
  const earlier = known.get(name);
  if (earlier !== undefined && canonicalJson(earlier) !== canonicalJson(definition))
    throw new Error(`two different schemas are named ${name}`);
  known.set(name, definition);
}

function withReferences<T>(value: T, name: (original: string) => string): T {
  if (Array.isArray(value)) return value.map((item: unknown) => withReferences(item, name)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? `#/components/schemas/${name(nameOf(member))}`
        : withReferences(member, name),
    ]),
  ) as T;
}

function referencesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    key === '$ref' && typeof member === 'string' ? [nameOf(member)] : referencesOf(member),
  );
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
