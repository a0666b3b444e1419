// What Postgres refuses and people can mend. Services check first and say it better; this catches what a second request did
// in between. SQLSTATE and constraint decide, never a text.
import { Prisma } from '@sluice/prisma';
import { invalidField, nameTaken, Refusal } from './refusal.js';

export function postgresRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Prisma.PrismaClientKnownRequestError) return knownRefusal(error);
  if (error instanceof Prisma.PrismaClientInitializationError || isConnectionError(error)) {
    return unreachable;
  }
  return undefined;
}

function knownRefusal(error: Prisma.PrismaClientKnownRequestError): Refusal | undefined {
  switch (error.code) {
    case 'P2002':
      return nameTaken(pointerOf(error), 'this name');
    case 'P2003':
      return new Refusal(
        'still_in_use',
        'Something else still uses this, or what it names is gone. Read it again, and repeat your change on what it is now.',
      );
    case 'P2025':
      return new Refusal('not_found', 'It was deleted in the meantime.');
    case 'P2034':
      return atOnce;
    // What Prisma has no code of its own for: in statements written in SQL, and in others.
    case 'P2010':
    case 'P2039':
      return conflicts.has(sqlStateOf(error))
        ? atOnce
        : connectionCodes.has(sqlStateOf(error))
          ? unreachable
          : undefined;
    case 'P2000':
      return invalidField('', 'a value is too long', 'shorten it');
    case 'P1001':
    case 'P1002':
    case 'P1008':
    case 'P1017':
    case 'P2024':
    case 'P2028':
      return new Refusal('unavailable', 'The database did not answer in time. Try again in a moment.');
    default:
      return undefined;
  }
}

const unreachable = new Refusal(
  'unavailable',
  'The database cannot be reached. Nothing was changed; try again in a moment.',
);
const atOnce = new Refusal('state_conflict', 'Somebody changed the same thing at the same moment. Repeat your change.');
// Serialization failures and deadlocks: Postgres has rolled the transaction back.
const conflicts = new Set(['40001', '40P01']);

function sqlStateOf({ meta }: Prisma.PrismaClientKnownRequestError): string {
  const { cause } = (meta?.['driverAdapterError'] ?? {}) as { cause?: { originalCode?: string } };
  return cause?.originalCode ?? '';
}

// The adapter names the columns or the constraint of a unique violation, by version.
function pointerOf(error: Prisma.PrismaClientKnownRequestError): string {
  const told = JSON.stringify(error.meta ?? {});
  return (
    ['slug', 'email', 'name']
      .map((field) => (told.includes(field) ? `/${field}` : undefined))
      .find((pointer) => pointer !== undefined) ?? ''
  );
}

const connectionCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', '57P01', '57P03', '53300']);

function isConnectionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && connectionCodes.has(error.code);
}
