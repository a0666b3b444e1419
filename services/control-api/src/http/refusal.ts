// An answer that is not a success. It is thrown, although refusing is no accident: a use case runs inside one
// transaction, and throwing is the only way to have Prisma roll it back. The problem filter turns it into RFC 9457.
import type { FieldError, ProblemCode } from '@sluice/contracts';

export class Refusal extends Error {
  /** @param detail public text: what is wrong and what to do. Nothing of the inside. */
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly errors?: readonly FieldError[],
    readonly headers?: Readonly<Record<string, string>>,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'Refusal';
  }
}

/** The same answer for what is not there and for what the caller may not read. */
export function notFound(thing: string): Refusal {
  return new Refusal(
    'not_found',
    `There is no ${thing} here that you may read. Check the spelling, and that you are signed in as the right person.`,
  );
}

/** One field of the body is wrong in a way that only the database can tell. */
export function invalidField(pointer: string, message: string, fix: string): Refusal {
  return new Refusal('invalid_body', `${message}: ${fix}.`, [{ pointer, message, fix }]);
}

/** One parameter of the query names what is not there. */
export function invalidQuery(pointer: string, message: string, fix: string): Refusal {
  return new Refusal('invalid_query', `${message}: ${fix}.`, [{ pointer, message, fix }]);
}

export function nameTaken(pointer: string, name: string): Refusal {
  const fix = pointer === '/email' ? 'invite another address' : 'choose another name';
  return new Refusal('name_taken', `"${name}" is taken.`, [{ pointer, message: `"${name}" is taken`, fix }]);
}

export function stillInUse(thing: string, users: readonly string[]): Refusal {
  const named = users.slice(0, 5).join(', ') + (users.length > 5 ? ` and ${users.length - 5} more` : '');
  return new Refusal('still_in_use', `${thing} is still used by ${named}. Change or delete those first.`);
}

/** `If-Match` names a state that is past. @param etag of what is there now */
export function preconditionFailed(detail: string, etag: string): Refusal {
  return new Refusal('precondition_failed', detail, undefined, { etag });
}

export function tenantSuspended(): Refusal {
  return new Refusal(
    'tenant_suspended',
    'The operator of the platform has suspended this tenant: it can be read, and nothing of it changed. Ask the operator.',
  );
}

export function tenantDeleted(purgeAt: Date): Refusal {
  return new Refusal(
    'tenant_deleted',
    `This tenant is deleted: it can be read until ${purgeAt.toISOString()}, and nothing of it changed. Until then an owner restores it with POST /v1/tenants/{tenant}/restore.`,
  );
}

export function stateConflict(detail: string): Refusal {
  return new Refusal('state_conflict', detail);
}
