// Who may read the configuration and not change it does not get what stands in it in clear: with a shared secret a viewer
// could sign tokens, and at hashes of passwords one can guess. Who may change it needs it whole, to send it back.
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { withoutSecrets } from '@sluice/engine/document';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { mayAlso } from './access.js';
import { endpointKey, type EndpointSpec } from './endpoint.js';

export class HiddenSecretsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const spec = Reflect.getMetadata(endpointKey, context.getHandler()) as EndpointSpec | undefined;
    const { access } = context.switchToHttp().getRequest<FastifyRequest>();
    const isWhole = access === undefined || mayAlso(access, 'configuration.change');
    return spec?.access !== 'configuration.read' || isWhole ? next.handle() : next.handle().pipe(map(withoutSecrets));
  }
}
