// What the types say of a document, by small documents.
import { expect, test } from 'vitest';
import { operationsText } from './write-operations.js';

const typesOf = (schema: object): string => {
  const text = operationsText({ paths: {}, components: { schemas: { It: schema } } });
  return /^ {2}It: ([\s\S]*?);\n\}/m.exec(text)?.[1] ?? '';
};

test('schemas become the types that they describe', () => {
  expect(typesOf({ $ref: '#/components/schemas/Other' })).toBe("Schemas['Other']");
  expect(typesOf({ enum: ['a', "it's", null] })).toBe(String.raw`'a' | 'it\'s' | null`);
  expect(typesOf({ type: ['string', 'null'] })).toBe('string | null');
  expect(typesOf({ anyOf: [{ type: 'integer' }, { type: 'null' }] })).toBe('number | null');
  expect(typesOf({ type: 'array', items: { anyOf: [{ type: 'string' }, { const: 1 }] } })).toBe('(string | 1)[]');
  expect(typesOf({ type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] })).toBe('[string, number]');
  expect(typesOf({ type: 'object', additionalProperties: { type: 'boolean' } })).toBe('Record<string, boolean>');
  expect(typesOf({ type: 'string', allOf: [{ pattern: 'a' }, { pattern: 'b' }] })).toBe('string');
  expect(typesOf({ allOf: [{ $ref: '#/components/schemas/A' }, { type: ['string', 'null'] }] })).toBe(
    "Schemas['A'] & (string | null)",
  );
  expect(typesOf({})).toBe('unknown');
  expect(
    typesOf({
      type: 'object',
      properties: { a: { type: 'string', description: 'the a' }, 'b-c': { type: 'integer' } },
      required: ['a'],
    }),
  ).toBe("{\n    /** the a */\n    a: string;\n    'b-c'?: number;\n  }");
});

test('a schema that it does not know fails', () => {
  expect(() => typesOf({ type: 'file' })).toThrow('the generator knows no type "file"');
});

test('an operation has its parameters by place, a body that may be text where it may, and the answer of its success', () => {
  const text = operationsText({
    components: { schemas: {} },
    paths: {
      '/things/{id}': {
        post: {
          operationId: 'things_change',
          summary: 'Change */ a thing',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'dryRun', in: 'query', schema: { type: 'boolean' } },
          ],
          requestBody: {
            content: {
              'application/json': { schema: { type: 'string' } },
              'application/yaml': { schema: { type: 'string' } },
            },
          },
          responses: { '400': {}, '204': {} },
        },
      },
    },
  });
  expect(text).toContain(
    [
      '  /** Change * / a thing */',
      '  things_change: {',
      '    path: {',
      '      id: string;',
      '    };',
      '    query?: {',
      '      dryRun?: boolean;',
      '    };',
      '    body?: string;',
      "    raw?: { contentType: 'application/json' | 'application/yaml'; text: string };",
      '    answer: undefined;',
      '  };',
    ].join('\n'),
  );
  expect(text).toContain("things_change: { method: 'POST', path: '/things/{id}' },");
});
