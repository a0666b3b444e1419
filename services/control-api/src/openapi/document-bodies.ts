// The endpoints that take a document's text, and those that answer one as YAML: their bodies have no parameter with a schema.
import { documentSourceSchema } from '@sluice/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { EndpointSpec } from '../http/endpoint.js';
import type { Components, JsonSchema } from './components.js';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['post']>;

interface Described {
  readonly operationId: string;
  readonly spec: EndpointSpec;
}

/** Fills them in, and returns the schemas that they refer to. */
export function describeDocuments(
  paths: OpenAPIObject['paths'],
  described: readonly Described[],
  components: Components,
): Record<string, JsonSchema> {
  const specs = new Map(described.map(({ operationId, spec }) => [operationId, spec]));
  const sent = components.convert(documentSourceSchema, 'input');
  for (const item of Object.values(paths))
    for (const operation of Object.values(item) as OperationObject[]) {
      const spec = specs.get(operation.operationId ?? '');
      if (spec?.takesDocument === true)
        operation.requestBody = {
          required: true,
          content: { 'application/json': { schema: sent.schema }, 'application/yaml': { schema: sent.schema } },
        };
      const { '200': success } = operation.responses;
      if (spec?.answersYaml === true && success !== undefined && 'content' in success) {
        const json = success.content?.['application/json'];
        if (json !== undefined) success.content = { ...success.content, 'application/yaml': json };
      }
    }
  return sent.components;
}
