// The API's description: complete, sound, and true of the routes that exist.
import 'reflect-metadata';
import { problems } from '@sluice/contracts';
import { policies } from '@sluice/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controllers } from '../dist/app.module.js';
import { endpointKey } from '../dist/http/endpoint.js';
import { authEndpoints } from '../dist/identity/auth-endpoints.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';

interface Operation {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
let plane: ControlPlane;
let document: OpenApi;
let operations: [string, string, Operation][];

beforeAll(async () => {
  plane = await startControlPlane();
  const res = await fetch(`${plane.url}/v1/openapi.json`);
  document = (await res.json()) as OpenApi;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, string, Operation] => [path, method, operation]),
  );
});
afterAll(async () => {
  await plane.stop();
});

/** Every route as Nest has it, and those of the auth plugin. */
function routes(): string[] {
  const nest = controllers.flatMap((controller) => {
    const prototype = controller.prototype as object;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler !== 'function') return [];
      const method = Reflect.getMetadata('method', handler) as number | undefined;
      if (method === undefined) return [];
      expect(Reflect.hasMetadata(endpointKey, handler), `${controller.name}.${name} has @Endpoint`).toBe(true);
      const path = [Reflect.getMetadata('path', controller), Reflect.getMetadata('path', handler)]
        .map(String)
        .filter((part) => part !== '/')
        .join('/');
      return [`${methods[method]} /${path.replaceAll(/:(\w+)/g, '{$1}')}`];
    });
  });
  return [...nest, ...authEndpoints.map(({ path }) => `POST /v1/auth${path}`)];
}

test('every route of the application is described, and nothing else is', () => {
  const described = operations.map(([path, method]) => `${method.toUpperCase()} ${path}`);
  expect(described.toSorted()).toEqual(routes().toSorted());
  expect(described.length).toBeGreaterThan(70);
});

test('it is OpenAPI 3.1, and every reference leads to a schema', () => {
  expect(document.openapi).toBe('3.1.0');
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference]) => reference ?? '',
  );
  expect(references.length).toBeGreaterThan(100);
  for (const reference of new Set(references)) {
    expect(reference).toMatch(/^#\/components\/schemas\/[A-Za-z]+$/);
    expect(document.components.schemas, reference).toHaveProperty([reference.split('/').at(-1) ?? '']);
  }
  expect(JSON.stringify(document)).not.toMatch(/"exclusiveM(?:in|ax)imum":true|"nullable":/);
});

test('every operation has a name of its own, a summary, its path parameters and a success', () => {
  expect(new Set(operations.map(([, , { operationId }]) => operationId)).size).toBe(operations.length);
  for (const [path, method, operation] of operations) {
    const at = `${method} ${path}`;
    expect(operation.summary, at).not.toBe('');
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(declared, at).toHaveLength(inPath.length);
    expect(new Set(declared.map(({ name }) => name)), at).toEqual(new Set(inPath));
    expect(
      declared.every(({ required }) => required === true),
      at,
    ).toBe(true);
    const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    expect(successes, at).toHaveLength(1);
    const isBare = successes.some(([status]) => status === '204') || path.startsWith('/v1/fleet/');
    const answered = successes.map(
      ([, { content }]) => (content?.['application/json'] ?? content?.['application/x-ndjson'])?.schema,
    );
    expect(isBare || answered.every((schema) => schema !== undefined), at).toBe(true);
    const isSent = operation.requestBody?.content['application/json']?.schema !== undefined;
    expect(isSent, at).toBe(method !== 'get' && method !== 'delete');
  }
});

test('every refusal is described as a problem, with the status of its code', () => {
  for (const [path, method, { responses }] of operations) {
    const refusals = Object.entries(responses).filter(([status]) => !status.startsWith('2'));
    expect(
      refusals.map(([status]) => status),
      `${method} ${path}`,
    ).toEqual(expect.arrayContaining(['500', '503']));
    for (const [status, { description, content }] of refusals) {
      expect(content, `${method} ${path} ${status}`).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
      for (const [, code] of description.matchAll(/`(\w+)`/g))
        expect(problems[code as keyof typeof problems].status, code).toBe(Number(status));
    }
  }
});

test('what may be left out of a body is not required of the sender, and is promised to the reader', () => {
  expect(document.components.schemas['Limit']?.['required']).toEqual(['onOutage']);
  expect(document.components.schemas['LimitInput']).not.toHaveProperty('required');
  const post = document.paths['/v1/tenants/{tenant}/environments/{environment}/plans']?.['post'];
  expect(JSON.stringify(post?.requestBody)).toContain('#/components/schemas/PlanCreate');
  expect(JSON.stringify(document.components.schemas['PlanCreate'])).toContain('#/components/schemas/LimitInput');
});

test('a policy is described as one of those that the engine has, with all that each takes', () => {
  const { schemas } = document.components;
  const { oneOf } = schemas['Policy'] as { oneOf: { $ref: string }[] };
  const named = oneOf.map(({ $ref }) => $ref.split('/').at(-1) ?? '');
  expect(named).toHaveLength(policies.length + 2);
  for (const { name, summary } of policies) {
    const component = named.map((reference) => schemas[reference]).find(({ required } = {}) => isOnly(required, name));
    expect(component, name).toMatchObject({ description: summary, additionalProperties: false });
  }
  expect(JSON.stringify(schemas['RoutePut'])).toContain('#/components/schemas/Policy');
  expect(Object.keys(schemas).filter((name) => name.startsWith('Policy'))).toEqual(['Policy']);
});

function isOnly(required: unknown, name: string): boolean {
  return Array.isArray(required) && required.length === 1 && required[0] === name;
}
