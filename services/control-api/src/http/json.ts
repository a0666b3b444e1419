// A checked value as the database's JSON: members that are undefined are left out.
import type { Prisma } from '@sluice/prisma';

export function asJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}
