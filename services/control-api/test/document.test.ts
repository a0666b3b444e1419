// A tenant's configuration as one document: exported, judged with lines, refused where it is wrong, and the same wherever it goes.
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { Document, DocumentChange, DocumentValidation, Problem } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Documents, production } from './support/documents.js';
import { endpoints } from './support/endpoints.js';
import { furnishTenant } from './support/furnished-tenant.js';
import type { Person } from './support/person.js';

let plane: ControlPlane;
let owner: Person;
let documents: Documents;

beforeAll(async () => {
  plane = await startControlPlane();
  const acme = await furnishTenant(plane, 'acme');
  ({ owner } = acme);
  documents = new Documents(plane, acme);
});
afterAll(async () => {
  await plane.stop();
});

/** Of a request that says how long its body will be, and sends none of it. */
async function statusOfLength(path: string, length: number): Promise<number | undefined> {
  const headers = { cookie: owner.cookies, 'content-type': 'application/yaml', 'content-length': length };
  return new Promise((resolve, reject) => {
    const req = request(plane.url + path, { method: 'POST', headers, agent: false }, (res) => {
      resolve(res.statusCode);
      req.destroy();
    });
    req.on('error', reject).flushHeaders();
  });
}

test('the draft and revisions are exported as YAML and as JSON, with the same content and the same ETag', async () => {
  const yaml = await documents.exported(production);
  const json = await owner.send<Document>('GET', `${production}/document`);
  expect(yaml.type).toBe('application/yaml; charset=utf-8');
  expect(json.headers.get('content-type')).toContain('application/json');
  expect(json.headers.get('vary')).toBe('Accept');
  expect(parse(yaml.text)).toEqual(json.body);
  expect(yaml.etag).toBe(json.headers.get('etag'));
  for (const query of ['?revision=live', '?revision=1'])
    expect(parse((await documents.exported(production, query)).text)).toEqual(
      (await owner.ask<{ document: Document }>('GET', `${production}/revisions/1`)).document,
    );
  for (const wrong of ['?revision=99', '?revision=0', '?revision=draft'])
    expect(await owner.send('GET', `${production}/document${wrong}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_query', errors: [{ pointer: '/revision' }] },
    });
});

test('an environment dumped and synced onto an empty one gives the same revision hash', async () => {
  const { hash } = await documents.publish(production);
  const [yaml, json] = [await documents.exported(production), await documents.draftOf(production)];
  for (const document of [yaml.text, json]) {
    const base = await documents.newEnvironment();
    const synced = await documents.send<DocumentChange>(base, 'sync', document);
    expect(synced.body).toMatchObject({ after: hash, isDryRun: false });
    expect(synced.headers.get('etag')).toBe(`"${hash}"`);
    expect((await documents.exported(base)).etag).toBe(`"${hash}"`);
    expect(await documents.publish(base)).toMatchObject({ number: 1, hash });
  }
});

test('the schema for editors takes what is exported and refuses what is wrong, policies and all', async () => {
  const res = await fetch(`${plane.url}/v1/document.schema.json`);
  const schema = z.fromJSONSchema((await res.json()) as Parameters<typeof z.fromJSONSchema>[0]);
  const check = (document: object): unknown => schema.safeParse(document).error;
  const document = await documents.draftOf(production);
  expect(check(document)).toBeUndefined();
  expect(check({ sluice: 1 })).toBeUndefined();
  const route = { name: 'r', match: { path: { prefix: '/' } }, answer: {} };
  const withPolicy = (policy: object): object => ({
    sluice: 1,
    apis: { a1: { title: 'A', routes: [{ ...route, policies: [policy] }] } },
  });
  expect(check(withPolicy({ 'api-key': { header: 'x-api-key' } }))).toBeUndefined();
  for (const wrong of [
    {},
    { sluice: 1, routes: [] },
    withPolicy({ 'api-kee': {} }),
    withPolicy({ 'api-key': { hedder: 1 } }),
  ])
    expect(check(wrong), JSON.stringify(wrong)).toBeInstanceOf(z.ZodError);
});

test('a document is judged as publishing would, with lines, and nothing is changed by it', async () => {
  const { etag, text } = await documents.exported(production);
  expect((await documents.send<DocumentValidation>(production, 'validate', text)).body).toEqual({
    isValid: true,
    hash: etag.slice(1, -1),
    errors: [],
    missingSecrets: [],
  });
  const shape = await documents.send<DocumentValidation>(production, 'validate', 'sluice: 1\nplans:\n  free: {}\n');
  expect(shape).toMatchObject({ status: 200, body: { isValid: false, hash: null } });
  expect(shape.body.errors[0]).toMatchObject({ pointer: '/plans/free/title', line: 3, column: 3 });
  const broken = text.replace('upstream: orders-v2', 'upstream: nowhere').replace('prefix: /orders', 'prefix: /a/../b');
  const { errors } = (await documents.send<DocumentValidation>(production, 'validate', broken)).body;
  const lineOf = (part: string): number => broken.split('\n').findIndex((line) => line.includes(part)) + 1;
  expect(errors).toContainEqual(
    expect.objectContaining({ pointer: '/apis/orders/routes/0/split/arms/1/upstream', line: lineOf('nowhere') }),
  );
  expect(errors).toContainEqual(expect.objectContaining({ pointer: '/apis/orders/routes/0/match/path/prefix' }));
  const policy = await documents.send<DocumentValidation>(production, 'validate', text.replace('api-key', 'api-kee'));
  expect(policy.body.errors).toMatchObject([
    { message: expect.stringContaining('api-kee') as unknown, line: expect.any(Number) as unknown },
  ]);
  expect((await documents.exported(production)).etag).toBe(etag);
});

test('what apply, sync and diff cannot read they refuse by line, and the draft stays', async () => {
  const { etag, text } = await documents.exported(production);
  const wrong = `${text}\nsurprise: 1\n`;
  for (const what of ['diff', 'apply', 'sync', 'apply?dryRun=true']) {
    const refused = await documents.send<Problem>(production, what, wrong);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(refused.body.errors).toEqual([
      expect.objectContaining({ pointer: '', fix: 'remove "surprise"', line: wrong.trimEnd().split('\n').length }),
    ]);
  }
  for (const what of ['apply', 'sync']) {
    const unservable = await documents.send<Problem>(
      production,
      what,
      text.replace('upstream: orders-v2', 'upstream: nowhere'),
    );
    expect(unservable).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(unservable.body.errors?.[0]?.pointer).toBe('/apis/orders/routes/0/split/arms/1/upstream');
  }
  expect((await documents.exported(production)).etag).toBe(etag);
});

test('only documents may be YAML, bodies of other types are refused, and so is a missing one', async () => {
  const yaml = { 'content-type': 'application/yaml' };
  expect(await owner.send('POST', `${production}/plans`, 'name: x', yaml)).toMatchObject({ status: 415 });
  for (const what of ['validate', 'diff', 'apply', 'sync']) {
    expect(await documents.send(production, what, 'a=b', { 'content-type': 'text/plain' })).toMatchObject({
      status: 415,
    });
    expect(await owner.send('POST', `${production}/document/${what}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_body' },
    });
    expect(await statusOfLength(`${production}/document/${what}`, 4_194_305)).toBe(413);
  }
});

test('a document of thousands of routes is read, judged with lines, and synced', async () => {
  const base = await documents.newEnvironment();
  const routes = Array.from({ length: 3000 }, (_, index) => ({
    name: `r${index}`,
    match: { path: { exact: `/r/${index}` } },
    answer: { body: `This is the answer of the route ${index}, which nobody changes.` },
  }));
  const document = { sluice: 1, apis: { large: { title: 'Large', routes: routes.slice(0, 2000) } } };
  expect(await documents.send<DocumentValidation>(base, 'validate', stringify(document))).toMatchObject({
    status: 200,
    body: { isValid: true },
  });
  const broken = stringify(document).replace('exact: /r/1999', 'exact: r/1999');
  const lineOf = broken.split('\n').findIndex((line) => line.includes('exact: r/1999')) + 1;
  expect((await documents.send<DocumentValidation>(base, 'validate', broken)).body.errors).toMatchObject([
    { line: lineOf },
  ]);
  expect((await documents.send<DocumentChange>(base, 'sync', stringify(document))).body.changes).toHaveLength(2001);
  const moved = { sluice: 1, apis: { large: { title: 'Large', routes: routes.slice(1000) } } };
  expect((await documents.send<DocumentChange>(base, 'sync', moved)).body.changes).toHaveLength(2000);
  const { apis } = await documents.draftOf(base);
  expect(apis['large']?.routes).toHaveLength(2000);
});

test('the documents of the guide are valid, and the endpoints that it names exist', async () => {
  const guide = await readFile(new URL('../../../docs/documents.md', import.meta.url), 'utf8');
  const examples = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
  expect(examples).toHaveLength(3);
  const base = await documents.newEnvironment();
  for (const text of examples) {
    expect((await documents.send<DocumentValidation>(base, 'validate', text)).body).toMatchObject({ errors: [] });
    expect((await documents.send(base, 'sync', text)).status).toBe(200);
    expect((await owner.send('POST', `${base}/publish`, {})).status).toBe(200);
  }
  const known = endpoints.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  const named = [...guide.matchAll(/^\| `(GET|POST) (\/[^`]+)`/gm)].map(
    ([, method = '', path = '']) => `${method} /v1/tenants/{tenant}/environments/{environment}${path}`,
  );
  expect(named).toHaveLength(8);
  expect(known).toEqual(expect.arrayContaining([...named, 'GET /v1/document.schema.json']));
});
