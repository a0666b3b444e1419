// An answer with an ETag: what a service returns for a single object, and the interceptor that makes the header of it.
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { etagOf } from './etag.js';

export class Tagged<T> {
  constructor(
    readonly body: T,
    readonly etag: string,
  ) {}
}

export function tagged<R extends { readonly id: string; readonly updatedAt: Date }, T>(row: R, body: T): Tagged<T> {
  return new Tagged(body, etagOf(row));
}

export class TaggedInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer: unknown) => {
        void reply.header('cache-control', 'no-store');
        if (!(answer instanceof Tagged)) return answer;
        void reply.header('etag', answer.etag);
        return answer.body as unknown;
      }),
    );
  }
}
