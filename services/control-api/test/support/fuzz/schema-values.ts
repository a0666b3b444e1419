// Values that a JSON Schema of the OpenAPI document describes. What the schema cannot say (that a name must be one that exists)
// is met now and then by `known`, so that valid bodies also get past the first check of a handler.
import fc from 'fast-check';

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema | boolean;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly examples?: readonly unknown[];
}

const deepest = 6;
const formats: Readonly<Record<string, readonly string[]>> = {
  email: ['ada@example.test', 'a+b@sub.example.test'],
  uri: ['https://one.test', 'http://10.0.0.1:8080', 'https://user@one.test/a?b#c'],
  'date-time': [
    '2026-01-01T00:00:00Z',
    '2026-01-02T00:00:00Z',
    '2026-06-30T23:59:59.999Z',
    '2099-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00Z',
    '2026-11-23T20:00:00+14:00',
  ],
};

export class SchemaValues {
  readonly #schemas: Readonly<Record<string, JsonSchema>>;
  readonly #known: readonly string[];
  readonly #named = new Map<string, fc.Arbitrary<unknown>>();

  constructor(schemas: Readonly<Record<string, JsonSchema>>, known: readonly string[]) {
    this.#schemas = schemas;
    this.#known = known;
  }

  of(schema: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) return this.#ofNamed(schema.$ref, depth);
    if ('const' in schema) return fc.constant(schema.const);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const either = schema.oneOf ?? schema.anyOf;
    if (either !== undefined) return fc.oneof(...either.map((one) => this.of(one, depth + 1)));
    if (schema.allOf !== undefined) {
      const { allOf, ...rest } = schema;
      return this.of(Object.assign({}, ...allOf, rest) as JsonSchema, depth);
    }
    const types = [schema.type ?? 'any'].flat();
    return fc.oneof(...types.map((type) => this.#ofType(type, schema, depth)));
  }

  #ofNamed(reference: string, depth: number): fc.Arbitrary<unknown> {
    if (depth > deepest) return fc.constant(null);
    const at = `${reference}@${depth}`;
    const named = this.#named.get(at) ?? this.of(this.#schemas[reference.split('/').at(-1) ?? ''] ?? {}, depth + 1);
    this.#named.set(at, named);
    return named;
  }

  #ofType(type: string, schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    switch (type) {
      case 'object':
        return this.#ofObject(schema, depth);
      case 'array':
        return fc.array(this.of(typeof schema.items === 'object' ? schema.items : {}, depth + 1), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3)),
        });
      case 'string':
        return this.#ofString(schema);
      case 'integer':
        return fc.integer(bounds(schema));
      case 'number':
        return fc.oneof(fc.integer(bounds(schema)), fc.double({ ...bounds(schema), noNaN: true }));
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        return fc.jsonValue({ maxDepth: 1 });
    }
  }

  #ofObject(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    const { properties = {}, required = [], additionalProperties: others } = schema;
    const named = Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => depth <= deepest || required.includes(name))
        .map(([name, one]) => [name, this.of(one, depth + 1)]),
    );
    const own = fc.record(named, { requiredKeys: required.filter((name) => name in named) });
    if (typeof others !== 'object' || depth > deepest) return own;
    const name = this.of(schema.propertyNames ?? { type: 'string', minLength: 1 }, depth + 1).map(String);
    return fc
      .tuple(own, fc.dictionary(name, this.of(others, depth + 1), { maxKeys: 3 }))
      .map(([one, more]) => Object.assign(more, one));
  }

  #ofString({ pattern, format, minLength = 0, maxLength, examples = [] }: JsonSchema): fc.Arbitrary<string> {
    const likely = [...(formats[format ?? ''] ?? []), ...examples.filter((one) => typeof one === 'string')];
    const longest = Math.max(minLength, Math.min(maxLength ?? 40, 40));
    return fc.oneof(
      { weight: 3, arbitrary: matching(pattern, minLength, longest) },
      ...(likely.length === 0 ? [] : [{ weight: 6, arbitrary: fc.constantFrom(...likely) }]),
      { weight: 3, arbitrary: fc.constantFrom(...this.#known) },
    );
  }
}

// A pattern with a look-around, or one that fits no length, is beyond fast-check: then any text does.
function matching(pattern: string | undefined, minLength: number, maxLength: number): fc.Arbitrary<string> {
  const any = fc.string({ minLength, maxLength, unit: 'grapheme' });
  if (pattern === undefined || /\(\?(?!:|<\w)/.test(pattern)) return any;
  try {
    return fc.stringMatching(new RegExp(pattern), { maxLength: Math.max(maxLength, 60) });
  } catch {
    return any;
  }
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): { min: number; max: number } {
  const min = Math.max(minimum ?? exclusiveMinimum ?? -0x7fffffff, Number.MIN_SAFE_INTEGER);
  return { min, max: Math.max(min, Math.min(maximum ?? exclusiveMaximum ?? 0x7fffffff, Number.MAX_SAFE_INTEGER)) };
}
