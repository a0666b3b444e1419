// Answers in YAML where that is asked for and the endpoint can: after secrets were hidden, since it turns plain data into text.
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { stringify } from 'yaml';
import { endpointKey, type EndpointSpec } from '../http/endpoint.js';

export class YamlInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const spec = Reflect.getMetadata(endpointKey, context.getHandler()) as EndpointSpec | undefined;
    if (spec?.answersYaml !== true) return next.handle();
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    void reply.header('vary', 'Accept');
    if (!prefersYaml(http.getRequest<FastifyRequest>().headers.accept ?? '')) return next.handle();
    return next.handle().pipe(
      map((answer: unknown) => {
        void reply.type('application/yaml; charset=utf-8');
        return stringify(answer, { lineWidth: 0, aliasDuplicateObjects: false });
      }),
    );
  }
}

const yamlTypes = new Set(['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml']);

/** Only who names it gets YAML, and only where JSON is not liked better (RFC 9110, 12.5.1). */
export function prefersYaml(accept: string): boolean {
  let [yaml, json] = [0, 0];
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (yamlTypes.has(type)) yaml = Math.max(yaml, quality);
    if (type === 'application/json') json = Math.max(json, quality);
  }
  return yaml > 0 && yaml >= json;
}
