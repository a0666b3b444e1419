// The only way to the tenant tables: transactions that begin by saying for whom they are, so that row-level
// security can tell. The bare client stays inside; without a setting every tenant table looks empty.
import { PrismaPg } from '@prisma/adapter-pg';
import { takeChanges, watchWrites, type Witness } from './captured-changes.js';
import { Prisma, PrismaClient, type ServiceToken } from './generated/client.js';
import { memberOf, type FoundMember } from './member-of.js';
import { opened, OpeningPool } from './opening.js';

/** A transaction's client. It is of no use once the callback has ended. */
export type Tx = Prisma.TransactionClient;

export interface TransactionOptions {
  /** How long the callback may take; then everything is rolled back. */
  readonly timeoutMs?: number;
}

export interface FoundTenant {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
}

type Use<T> = (tx: Tx) => Promise<T>;

/**
 * Each method is one transaction: it commits when the callback resolves and rolls back when it throws. A caught SQL
 * error still spoils the transaction (Postgres 25P02), so let it through and look at it outside.
 */
export interface Database {
  /** As one tenant: sees and writes its rows alone. A new tenant is made so too, under its new id. */
  inTenant<T>(tenantId: string, use: Use<T>, options?: TransactionOptions): Promise<T>;
  /**
   * As one person, across tenants: their own memberships, the tenants of these, and - where `verifiedEmail` (an address
   * that they have proven) is given - the invitations to that address, which they may claim. Nothing else.
   */
  inIdentity<T>(
    identityId: string,
    verifiedEmail: string | undefined,
    use: Use<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /** The active membership of a person in the tenant of this slug; undefined where `inIdentity` has to be asked for more. */
  memberOf(identityId: string, tenantSlug: string): Promise<FoundMember | undefined>;
  /**
   * As the tenant of this slug, for pages that need no membership; `undefined` without calling `use` when there is none, or it
   * is suspended or deleted.
   */
  inSlug<T>(
    slug: string,
    use: (tx: Tx, tenant: FoundTenant) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T | undefined>;
  /** As the tenant whose service account has the token of this hash; `undefined` without calling `use` when there is none. */
  inServiceToken<T>(
    hash: string,
    use: (tx: Tx, token: ServiceToken) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T | undefined>;
  /** As the platform's operator: finds the tenants of all, and reads nothing in them. */
  inOperator<T>(use: Use<T>, options?: TransactionOptions): Promise<T>;
  /**
   * As the tenant that a purge is about, for as long as that purge is under way: may delete what is otherwise only added to, and
   * sees environments that were deleted.
   */
  inPurge<T>(purgeId: string, tenantId: string, use: Use<T>, options?: TransactionOptions): Promise<T>;
  /** As one fleet's gateways: reads which environments are theirs, and writes receipts and health. Nothing else of the tenants. */
  inFleet<T>(fleetId: string, use: Use<T>, options?: TransactionOptions): Promise<T>;
  /** As nobody: the tables that belong to no tenant (fleets, gateways), and health checks. */
  inNone<T>(use: Use<T>, options?: TransactionOptions): Promise<T>;
  close(): Promise<void>;
}

interface DatabaseOptions {
  /** Of the role `sluice_app`. */
  readonly url: string;
  readonly witness: Witness;
  readonly maxConnections?: number;
}

const defaultTimeoutMs = 10_000;
const connectTimeoutMs = 5_000;

export function createDatabase({ url, witness, maxConnections = 10 }: DatabaseOptions): Database {
  const pool = new OpeningPool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  const adapter = new PrismaPg(pool, { disposeExternalPool: true });
  const client = new PrismaClient({ adapter, errorFormat: 'minimal' });

  const within = <T>(settings: Settings, use: Use<T>, options: TransactionOptions = {}): Promise<T> =>
    opened(settings, () =>
      client.$transaction(
        async (tx) => {
          const watched = watchWrites(tx);
          const result = await use(watched.tx);
          if (watched.mayHaveWritten()) await bearWitness(tx, settings);
          return result;
        },
        { timeout: options.timeoutMs ?? defaultTimeoutMs, maxWait: connectTimeoutMs },
      ),
    );

  const bearWitness = async (tx: Tx, settings: Settings): Promise<void> => {
    for (const [tenantId, changes] of await takeChanges(tx)) {
      if (settings.tenant_id !== tenantId) await set(tx, { tenant_id: tenantId });
      await witness(tx, tenantId, changes);
    }
  };

  return {
    inTenant: (tenantId, use, options) => within({ tenant_id: tenantId }, use, options),
    inIdentity: (identityId, verifiedEmail, use, options) =>
      within({ identity_id: identityId, identity_email: verifiedEmail?.toLowerCase() ?? '' }, use, options),
    memberOf: (identityId, tenantSlug) => memberOf(pool, identityId, tenantSlug),
    inSlug: (slug, use, options) =>
      within(
        { tenant_slug: slug },
        async (tx) => {
          const tenant = await tx.tenant.findUnique({
            where: { slug, suspendedAt: null, deletedAt: null },
            select: { id: true, slug: true, title: true },
          });
          if (tenant === null) return undefined;
          await set(tx, { tenant_slug: '', tenant_id: tenant.id });
          return await use(tx, tenant);
        },
        options,
      ),
    inServiceToken: (hash, use, options) =>
      within(
        { token_hash: hash },
        async (tx) => {
          const token = await tx.serviceToken.findUnique({ where: { hash } });
          if (token === null) return undefined;
          await set(tx, { token_hash: '', tenant_id: token.tenantId });
          return await use(tx, token);
        },
        options,
      ),
    inOperator: (use, options) => within({ operator: 'yes' }, use, options),
    inPurge: (purgeId, tenantId, use, options) => within({ purge: purgeId, tenant_id: tenantId }, use, options),
    inFleet: (fleetId, use, options) => within({ fleet_id: fleetId }, use, options),
    inNone: (use, options) => within({}, use, options),
    close: () => client.$disconnect(),
  };
}

type Settings = Partial<
  Record<
    'tenant_id' | 'identity_id' | 'identity_email' | 'tenant_slug' | 'token_hash' | 'operator' | 'fleet_id' | 'purge',
    string
  >
>;

/** `true`: for this transaction only. The connection goes back to the pool without them. */
async function set(tx: Tx, settings: Settings): Promise<void> {
  const calls = Object.entries(settings).map(
    ([name, value]) => Prisma.sql`set_config(${`app.${name}`}, ${value}, true)`,
  );
  await tx.$executeRaw`SELECT ${Prisma.join(calls)}`;
}
