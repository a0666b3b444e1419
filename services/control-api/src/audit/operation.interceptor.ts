// Tells the request which endpoint answers it, by the name that the API document gives it. What a person changed of their own
// account, where no tenant's rows are, is noted in the logs of the tenants of which they are a member.
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { actionOf, endpointKey, type EndpointSpec } from '../http/endpoint.js';
import { operationIdOf } from '../openapi/operation-id.js';
import { identityEventsToken } from '../tokens.js';
import './current-request.js';
import type { IdentityEvents } from './identity-events.js';

@Injectable()
export class OperationInterceptor implements NestInterceptor {
  constructor(@Inject(identityEventsToken) private readonly events: IdentityEvents) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const req = context.switchToHttp().getRequest<FastifyRequest>();
    const spec = Reflect.getMetadata(endpointKey, context.getHandler()) as EndpointSpec | undefined;
    const action = operationIdOf(context.getClass().name, context.getHandler().name);
    req.operationId = action;
    req.isByOperator = spec?.access === 'operator';
    const { caller } = req;
    const isOfTenant =
      spec === undefined || actionOf(spec) !== undefined || req.routeOptions.url?.includes('/:tenant') === true;
    const isOwnAccount = req.method !== 'GET' && !isOfTenant && !req.isByOperator;
    if (!isOwnAccount || caller === undefined || caller.serviceAccount !== undefined) return next.handle();
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        if (req.isWitnessed !== true) await this.events.note(action, { identityId: caller.identityId }, req);
        return answer;
      }),
    );
  }
}
