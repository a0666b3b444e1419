// What a token was made for. It only ever narrows what its holder may: the guard asks the holder's role first. A scope
// that cannot be read allows nothing. Tenants and environments are held by their ids, so that one that takes over a
// name later is not reached; the names beside them are those of the day, for people.
import type { Tx } from '@sluice/prisma';
import { z } from 'zod';
import { invalidField, Refusal } from '../http/refusal.js';
import { permissions, type Action } from '../permissions.js';

const scopeSchema = z
  .object({
    /** The slug of the one tenant that it reaches; null: all of its holder's. */
    tenant: z.string().nullable(),
    tenantId: z.string().nullable(),
    actions: z.array(z.string()).nullable(),
    /** Names of environments; null: all, and what belongs to none. */
    environments: z.array(z.string()).nullable(),
    environmentIds: z.array(z.string()).nullable(),
  })
  .refine(({ tenant, tenantId }) => (tenant === null) === (tenantId === null))
  .refine(({ environments, environmentIds }) => (environments === null) === (environmentIds === null));

export type TokenScope = Readonly<z.infer<typeof scopeSchema>>;

/** A token as the request's caller carries it along. */
export interface TokenInUse {
  readonly kind: 'personal' | 'service';
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly scope: TokenScope;
  readonly expiresAt: Date;
}

const nothing: TokenScope = { tenant: '', tenantId: '', actions: [], environments: [], environmentIds: [] };

export function readScope(stored: unknown): TokenScope {
  const parsed = scopeSchema.safeParse(stored);
  return parsed.success ? parsed.data : nothing;
}

interface ScopeAsked {
  readonly tenant?: string | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
}

/** Refuses actions that are not in the permission table. */
export function expectKnownActions({ actions = [] }: ScopeAsked): void {
  const known = Object.keys(permissions);
  for (const [index, action] of actions.entries()) {
    if (!known.includes(action))
      throw invalidField(`/actions/${index}`, `"${action}" is no action`, `write one of ${known.join(', ')}`);
  }
}

/** Refuses environments that are not there. @param tenantId of the tenant that was asked for; null: none was. */
export async function bindScope(
  tx: Tx,
  tenantId: string | null,
  { tenant, actions, environments }: ScopeAsked,
): Promise<TokenScope> {
  const names = environments === undefined ? null : [...new Set(environments)];
  return {
    tenant: tenant ?? null,
    tenantId: tenant === undefined ? null : tenantId,
    actions: actions === undefined ? null : [...new Set(actions)],
    environments: names,
    environmentIds: names === null || tenantId === null ? null : await idsOf(tx, tenantId, names),
  };
}

async function idsOf(tx: Tx, tenantId: string, names: readonly string[]): Promise<string[]> {
  const rows = await tx.environment.findMany({ where: { tenantId, name: { in: [...names] } } });
  return names.map((name, index) => {
    const row = rows.find((one) => one.name === name);
    if (row !== undefined) return row.id;
    throw invalidField(`/environments/${index}`, `there is no environment "${name}"`, 'name one that exists');
  });
}

/** The same token with its environments under the names that they have now. */
export async function withNamesOfNow(tx: Tx, tenantId: string, token: TokenInUse): Promise<TokenInUse> {
  const { environmentIds } = token.scope;
  if (environmentIds === null) return token;
  const rows = await tx.environment.findMany({ where: { tenantId, id: { in: [...environmentIds] } } });
  return { ...token, scope: { ...token.scope, environments: rows.map(({ name }) => name) } };
}

export function isForAction({ actions }: TokenScope, action: Action): boolean {
  return actions === null || actions.includes(action);
}

/** @param environment the name in the path; none: what is asked for belongs to no environment. */
export function isForEnvironment({ environments }: TokenScope, environment: string | undefined): boolean {
  return environments === null || (environment !== undefined && environments.includes(environment));
}

/** @param environment as in `isForEnvironment`. Whether there is an environment of this name plays no part. */
export function expectInScope({ scope }: TokenInUse, action: Action, environment: string | undefined): void {
  if (!isForAction(scope, action))
    throw new Refusal(
      'access_token_scope_missing',
      `This token was not made for ${action}. Make one with that action.`,
    );
  if (isForEnvironment(scope, environment)) return;
  const reached = (scope.environments ?? []).join(', ');
  throw new Refusal(
    'access_token_scope_missing',
    environment === undefined
      ? `This token reaches only the environments ${reached}, and this belongs to the tenant. Make one without environments.`
      : `This token reaches only the environments ${reached}, not ${environment}.`,
  );
}
