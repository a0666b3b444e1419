// The settings of a policy as a table: read off its schema, so that the page cannot say something else than the check.
import type { JsonSchema } from '../policy-settings.js';

interface Row {
  readonly field: string;
  readonly takes: string;
  readonly standard: string;
  readonly description: string;
}

export function settingsTable(schema: JsonSchema): string {
  const rows = rowsOf(schema, '');
  if (rows.length === 0) return 'It has no settings: write `{}`.';
  const cells = rows.map(({ field, takes, standard, description }) =>
    [`\`${field}\``, takes, standard, description].map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | '),
  );
  return ['| field | takes | without it | means |', '|---|---|---|---|', ...cells.map((row) => `| ${row} |`)].join(
    '\n',
  );
}

function rowsOf(schema: JsonSchema, prefix: string): Row[] {
  const required = new Set(listOf(schema['required']));
  return Object.entries(membersOf(schema)).flatMap(([name, member]) => {
    const field = prefix + name;
    const standard =
      member['default'] === undefined ? (required.has(name) ? 'must be there' : '') : code(member['default']);
    const row: Row = { field, takes: typeOf(member), standard, description: textOf(member['description']) };
    return [row].concat(below(member, field));
  });
}

// Fields of objects, of the objects in a list, and of each form where there are several.
function below(schema: JsonSchema, field: string): Row[] {
  const forms = formsOf(schema);
  if (forms.length > 0) return forms.flatMap((form) => below(form, field));
  if (isSchema(schema['items'])) return below(schema['items'], `${field}[]`);
  if (isSchema(schema['additionalProperties'])) return below(schema['additionalProperties'], `${field}.<name>`);
  return rowsOf(schema, `${field}.`);
}

function typeOf(schema: JsonSchema): string {
  const forms = formsOf(schema);
  if (forms.length > 0) return [...new Set(forms.map(typeOf))].join(', or ');
  if (schema['const'] !== undefined) return code(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(code).join(', ');
  switch (schema['type']) {
    case 'string':
      return `text${bounds(schema['minLength'], schema['maxLength'], ' characters')}`;
    case 'integer':
      return `whole number${bounds(schema['minimum'], schema['maximum'])}`;
    case 'number':
      return `number${bounds(schema['minimum'], schema['maximum'])}`;
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return `list of ${isSchema(schema['items']) ? typeOf(schema['items']) : 'anything'}${bounds(schema['minItems'], schema['maxItems'], ' of them')}`;
    case 'object':
      return isSchema(schema['additionalProperties']) && Object.keys(membersOf(schema)).length === 0
        ? `names, each with ${typeOf(schema['additionalProperties'])}`
        : 'object';
    default:
      return 'anything';
  }
}

function bounds(least: unknown, most: unknown, unit = ''): string {
  const isBound = (bound: unknown): bound is number =>
    typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const said = (bound: number): string => bound.toLocaleString('en');
  if (isBound(least) && isBound(most)) return `, ${said(least)} to ${said(most)}${unit}`;
  if (isBound(most)) return `, ${said(most)}${unit} at most`;
  return isBound(least) ? `, ${said(least)}${unit} at least` : '';
}

function formsOf(schema: JsonSchema): JsonSchema[] {
  return [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].filter(isSchema);
}

function membersOf({ properties }: JsonSchema): Readonly<Record<string, JsonSchema>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON Schema says of `properties`
  return isSchema(properties) ? (properties as Record<string, JsonSchema>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
