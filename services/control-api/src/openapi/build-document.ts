// The OpenAPI 3.1 document, made of what the endpoints promise (@Endpoint) and of the very schemas that check requests.
// @nestjs/swagger walks the routes; it is loaded when the document is first asked for, so that it costs no start time.
import type { INestApplication, Type } from '@nestjs/common';
import { problemSchema } from '@sluice/contracts';
import type * as swaggerModule from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { endpointKey, isForGateways, successStatus, type EndpointSpec } from '../http/endpoint.js';
import { authEndpoints } from '../identity/auth-endpoints.js';
import { authPaths } from './auth-paths.js';
import { Components } from './components.js';
import { describeDocuments } from './document-bodies.js';
import { operationIdOf } from './operation-id.js';
import { policyComponents } from './policy-components.js';
import { boundHeaders, problemCodesOf, problemResponses, type DescribedHeaders } from './problem-responses.js';

type Swagger = typeof swaggerModule;
type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Handler = (...parameters: never[]) => unknown;

export interface DescribedHandler {
  readonly controller: Type;
  readonly name: string;
  readonly handler: Handler;
  readonly spec: EndpointSpec;
}

export async function buildDocument(
  app: INestApplication,
  controllers: readonly Type[],
  sessionCookie: string,
): Promise<OpenAPIObject> {
  const swagger = await import('@nestjs/swagger');
  const handlers = controllers.flatMap(describedHandlers);
  const components = new Components([
    problemSchema,
    ...handlers.flatMap(({ spec }) => spec.answer ?? []),
    ...authEndpoints.map(({ answer }) => answer),
  ]);
  for (const described of handlers) describe(swagger, described);
  const config = new swagger.DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sluice control API')
    .setDescription(
      'Every error is an RFC 9457 problem. Every answer carries X-Request-Id. Lists come in pages: pass nextCursor on.',
    )
    .setVersion('1')
    .addServer('/')
    .addCookieAuth(sessionCookie, { type: 'apiKey', in: 'cookie' }, 'session')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'accessToken')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'fleetToken')
    .build();
  const document = swagger.SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? components.convert(schema, schemaType) : undefined,
  });
  const documents = describeDocuments(
    document.paths,
    handlers.map(({ controller, name, spec }) => ({ operationId: operationIdOf(controller.name, name), spec })),
    components,
  );
  const problem = components.convert(problemSchema, 'output');
  const auth = authPaths(components);
  document.components = {
    ...document.components,
    schemas: {
      ...document.components?.schemas,
      ...documents,
      ...problem.components,
      ...auth.components,
      ...policyComponents(),
    },
  };
  document.paths = { ...auth.paths, ...withPathParameters(document.paths) };
  return document;
}

// Handlers name only those that they need; the guard reads the others. The template knows them all.
function withPathParameters(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  const entries = Object.entries(paths).map(([path, item]) => {
    const own = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path' as const,
      required: true,
      schema: { type: 'string' as const },
    }));
    const operations = Object.entries(item).map(([method, operation]: [string, OperationObject]) => {
      const others = (operation.parameters ?? []).filter(
        (parameter) => !('in' in parameter && parameter.in === 'path'),
      );
      return [method, { ...operation, parameters: [...own, ...others] }];
    });
    return [path, Object.fromEntries(operations)];
  });
  return Object.fromEntries(entries) as OpenAPIObject['paths'];
}

export function describedHandlers(controller: Type): DescribedHandler[] {
  const prototype: object = controller.prototype as object;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler: unknown = Reflect.get(prototype, name);
    if (typeof handler !== 'function') return [];
    const spec = Reflect.getMetadata(endpointKey, handler) as EndpointSpec | undefined;
    return spec === undefined ? [] : [{ controller, name, handler: handler as Handler, spec }];
  });
}

function describe(swagger: Swagger, { controller, name, handler, spec }: DescribedHandler): void {
  const resource = controller.name.replace(/Controller$/, '');
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype as object, name) ?? { value: handler };
  const decorate = (decorator: MethodDecorator): void =>
    void decorator(controller.prototype as object, name, descriptor);
  const parameters = (Reflect.getMetadata('__routeArguments__', controller, name) ?? {}) as Record<
    string,
    { schema?: unknown; data?: unknown }
  >;
  const isFleet = isForGateways(spec);
  decorate(
    swagger.ApiOperation({
      summary: spec.summary,
      operationId: operationIdOf(controller.name, name),
    }),
  );
  decorate(swagger.ApiTags(resource));
  if (isFleet) decorate(swagger.ApiBearerAuth('fleetToken'));
  else {
    if (spec.access !== 'public' && spec.access !== 'token') decorate(swagger.ApiCookieAuth('session'));
    if (takesTokens(spec)) decorate(swagger.ApiBearerAuth('accessToken'));
  }
  decorate(swagger.ApiExtension('x-sluice-access', spec.access));
  if (spec.isIdempotent === true)
    decorate(
      swagger.ApiHeader({
        name: 'Idempotency-Key',
        required: false,
        description: 'the same key with the same request creates once',
        schema: { type: 'string' },
      }),
    );
  const method = Reflect.getMetadata('method', handler) as number;
  const path = `${String(Reflect.getMetadata('path', controller))}/${String(Reflect.getMetadata('path', handler))}`;
  const has = (kind: string): boolean =>
    Object.entries(parameters).some(([key, { schema }]) => key.startsWith(`${kind}:`) && schema !== undefined);
  const shape = {
    spec,
    isChange: method !== getMethod,
    hasBody: has(bodyKind) || spec.takesDocument === true,
    hasQuery: has(queryKind),
    hasPathParameters: path.includes(':'),
    takesTokens: true,
  };
  const success = {
    status: successStatus(spec),
    description: successStatus(spec) === 204 ? 'Done' : 'Success',
    headers: successHeaders(spec),
  };
  if (spec.lines !== undefined) decorate(swagger.ApiResponse({ ...success, content: linesOf(spec.lines) }));
  else decorate(swagger.ApiResponse(spec.answer === undefined ? success : { ...success, standardSchema: spec.answer }));
  for (const response of problemResponses(problemCodesOf(shape))) {
    decorate(
      swagger.ApiResponse({
        ...response,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    );
  }
}

function takesTokens({ access, isForPeople }: EndpointSpec): boolean {
  return access !== 'public' && access !== 'session' && access !== 'operator' && isForPeople !== true;
}

// Nest's RequestMethod.GET and RouteParamtypes, as they stand in its metadata.
const getMethod = 0;
const bodyKind = '3';
const queryKind = '4';

// A line that has a name is what some other endpoint answers by the piece, so that its component is there.
function linesOf(line: z.ZodType): Record<string, { schema: Record<string, unknown> }> {
  const { id, description } = z.globalRegistry.get(line) ?? {};
  const schema = id === undefined ? { type: 'object', description } : { $ref: `#/components/schemas/${id}` };
  return { 'application/x-ndjson': { schema } };
}

function successHeaders(spec: EndpointSpec): DescribedHeaders {
  const etag = 'names this state; send it in If-Match to change only this';
  return {
    'X-Request-Id': { description: 'names this request in the log', schema: { type: 'string' } },
    ...(isForGateways(spec) ? {} : boundHeaders),
    ...(spec.hasEtag === true ? { ETag: { description: etag, schema: { type: 'string' } } } : {}),
  };
}
