// TypeScript of the OpenAPI document: its schemas as one interface, its operations as another, and a table of methods and
// paths. It knows the JSON Schema that zod writes, which is a small part of the whole; what it does not know fails.

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: boolean | Schema;
  readonly prefixItems?: readonly Schema[];
  readonly description?: string;
}

export function operationsText({ paths, components }: OpenApiDocument): string {
  const all = Object.entries(paths)
    .flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })))
    .toSorted((left, right) => compare(left.operation.operationId, right.operation.operationId));
  const schemas = Object.entries(components.schemas).toSorted(([left], [right]) => compare(left, right));
  return [
    "// Made from the control API's OpenAPI document by `npm run generate -w @sluice/api-client`. Do not edit it: a test fails when",
    '// it is not what that document says.',
    '',
    'export interface Schemas {',
    ...schemas.map(([name, schema]) => `${described(schema.description, 1)}  ${name}: ${typeOf(schema, 1)};`),
    '}',
    '',
    'export interface Operations {',
    ...all.map(({ operation }) => operationText(operation)),
    '}',
    '',
    'export const operations = {',
    ...all.map(
      ({ path, method, operation }) =>
        `  ${operation.operationId}: { method: '${method.toUpperCase()}', path: '${path}' },`,
    ),
    '} as const satisfies Record<keyof Operations, { readonly method: string; readonly path: string }>;',
    '',
  ].join('\n');
}

function operationText({ operationId, summary, parameters = [], requestBody, responses }: Operation): string {
  const place = (where: string): string[] => {
    const those = parameters.filter((parameter) => parameter.in === where);
    if (those.length === 0) return [];
    const schema: Schema = {
      type: 'object',
      properties: Object.fromEntries(
        those.map(({ name, schema = {}, description }) => [
          name,
          { ...schema, ...(description === undefined ? {} : { description }) },
        ]),
      ),
      required: those.filter(({ required }) => required === true).map(({ name }) => name),
    };
    const isOptional = (schema.required ?? []).length === 0;
    return [`    ${where}${isOptional ? '?' : ''}: ${typeOf(schema, 2)};`];
  };
  const body = requestBody?.content['application/json']?.schema;
  const texts = Object.keys(requestBody?.content ?? {});
  // A body that may come as other text than JSON may be given either way.
  const isRaw = texts.some((type) => type !== 'application/json');
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  const answer = success?.content?.['application/json']?.schema;
  return [
    `${described(summary, 1)}  ${operationId}: {`,
    ...place('path'),
    ...place('query'),
    ...(body === undefined ? [] : [`    body${isRaw ? '?' : ''}: ${typeOf(body, 2)};`]),
    ...(isRaw ? [`    raw?: { contentType: ${union(texts.map(literal))}; text: string };`] : []),
    `    answer: ${answer === undefined ? 'undefined' : typeOf(answer, 2)};`,
    '  };',
  ].join('\n');
}

function typeOf(schema: Schema, depth: number): string {
  const { $ref, type, anyOf, oneOf, allOf } = schema;
  if ($ref !== undefined) return `Schemas['${$ref.slice('#/components/schemas/'.length)}']`;
  if ('const' in schema) return literal(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map(literal));
  if (anyOf !== undefined || oneOf !== undefined) return union((anyOf ?? oneOf ?? []).map((one) => typeOf(one, depth)));
  if (allOf !== undefined) return intersection(schema, allOf, depth);
  if (Array.isArray(type)) return union(type.map((one: string) => typeOf({ ...schema, type: one }, depth)));
  switch (type) {
    case undefined:
      return 'unknown';
    case 'string':
    case 'boolean':
    case 'null':
    case 'number':
      return type;
    case 'integer':
      return 'number';
    case 'array':
      return arrayType(schema, depth);
    case 'object':
      return objectType(schema, depth);
    default:
      throw new Error(`the generator knows no type ${JSON.stringify(type)}`);
  }
}

// What only narrows values (a pattern, a length) has no type to add.
function intersection({ allOf: _parts, ...base }: Schema, parts: readonly Schema[], depth: number): string {
  const types = [base, ...parts].map((one) => typeOf(one, depth)).filter((type) => type !== 'unknown');
  return types.length === 0
    ? 'unknown'
    : types.map((type) => (types.length > 1 ? inParentheses(type) : type)).join(' & ');
}

function arrayType({ items, prefixItems }: Schema, depth: number): string {
  if (prefixItems !== undefined) return `[${prefixItems.map((one) => typeOf(one, depth)).join(', ')}]`;
  return `${inParentheses(typeof items === 'object' ? typeOf(items, depth) : 'unknown')}[]`;
}

function inParentheses(type: string): string {
  return /[|&]/.test(type) ? `(${type})` : type;
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema, depth: number): string {
  const names = Object.keys(properties);
  if (names.length === 0) {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties, depth) : 'unknown';
    return additionalProperties === false ? 'Record<string, never>' : `Record<string, ${value}>`;
  }
  const indent = '  '.repeat(depth);
  const lines = Object.entries(properties).map(([name, property]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
    const mark = required.includes(name) ? '' : '?';
    return `${described(property.description, depth + 1)}${indent}  ${key}${mark}: ${typeOf(property, depth + 1)};`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'")}'` : String(value);
}

function described(text: string | undefined, depth: number): string {
  if (text === undefined || text === '') return '';
  return `${'  '.repeat(depth)}/** ${text.replaceAll('*/', '* /').replaceAll('\n', ' ')} */\n`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
