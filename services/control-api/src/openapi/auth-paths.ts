// The endpoints under /v1/auth in the document: Nest does not know of them, so they are described from their own table.
import type { OpenAPIObject } from '@nestjs/swagger';
import { authBasePath } from '../identity/auth.js';
import { authEndpoints, type AuthEndpoint } from '../identity/auth-endpoints.js';
import type { Components, JsonSchema } from './components.js';
import { authOperationIdOf } from './operation-id.js';
import { boundHeaders, problemCodesOf, problemResponses } from './problem-responses.js';

type Paths = OpenAPIObject['paths'];

export function authPaths(components: Components): { paths: Paths; components: Record<string, JsonSchema> } {
  const used: Record<string, JsonSchema> = {};
  const reference = (schema: AuthEndpoint['answer'], io: 'input' | 'output'): JsonSchema => {
    const converted = components.convert(schema, io);
    Object.assign(used, converted.components);
    return converted.schema;
  };
  const paths = Object.fromEntries(
    authEndpoints.map((endpoint) => {
      const { path, summary, body, answer, problems, needsSession = false } = endpoint;
      const spec = { summary, access: needsSession ? 'session' : 'public', problems } as const;
      const codes = problemCodesOf({
        spec,
        isChange: true,
        hasBody: true,
        hasQuery: false,
        hasPathParameters: false,
        takesTokens: false,
      });
      const operation = {
        operationId: authOperationIdOf(path),
        summary,
        tags: ['Auth'],
        ...(needsSession ? { security: [{ session: [] }] } : {}),
        requestBody: { required: true, content: { 'application/json': { schema: reference(body, 'input') } } },
        responses: {
          200: {
            description: 'Success',
            headers: boundHeaders,
            content: { 'application/json': { schema: reference(answer, 'output') } },
          },
          ...Object.fromEntries(
            problemResponses(codes).map(({ status, ...described }) => [
              status,
              {
                ...described,
                content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
              },
            ]),
          ),
        },
      };
      return [`${authBasePath}${path}`, { post: operation }];
    }),
  ) as Paths;
  return { paths, components: used };
}
