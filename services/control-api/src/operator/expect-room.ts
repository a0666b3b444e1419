// The bounds of a tenant's platform plan, held at the end of every transaction that made something of the tenant's: so each way
// to make it is bounded alike, a whole document as a single key. Of two transactions at once, the second counts what
// the first has made. A tenant that is above a bound already (its plan was changed) keeps what it has, and makes no more.
import { boundedThings, platformBoundsSchema, type BoundedThing, type PlatformUse } from '@sluice/contracts';
import type { CapturedChange, CapturedChanges, Tx } from '@sluice/prisma';
import { Refusal } from '../http/refusal.js';

export async function expectRoom(tx: Tx, tenantId: string, { told, rest }: CapturedChanges): Promise<void> {
  const things = boundedThings.filter(
    (thing) =>
      told.some((change) => change.table === thing && isNew(change)) ||
      rest.some(({ table, omittedMade }) => table === thing && omittedMade > 0),
  );
  if (things.length === 0) return;
  const tenant = await tx.tenant.findUnique({ where: { id: tenantId }, include: { plan: true } });
  if (tenant === null) return;
  const bounds = platformBoundsSchema.parse(tenant.plan.bounds);
  for (const thing of things) {
    const most = bounds[thing];
    if (most === null) continue;
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${thing} of ${tenantId}`}, 0))`;
    if ((await countOf[thing](tenantId, tx)) > most) throw exceeded(thing, most, tenant.plan.title);
  }
}

/** Of what is counted here: traffic is counted by gateways. */
export async function platformUse(tenantId: string, tx: Tx): Promise<Pick<PlatformUse, BoundedThing>> {
  return {
    environments: await countOf.environments(tenantId, tx),
    members: await countOf.members(tenantId, tx),
    routes: await countOf.routes(tenantId, tx),
    credentials: await countOf.credentials(tenantId, tx),
  };
}

const countOf: Readonly<Record<BoundedThing, (tenantId: string, tx: Tx) => Promise<number>>> = {
  environments: async (tenantId, tx) => tx.environment.count({ where: { tenantId } }),
  members: async (tenantId, tx) => tx.member.count({ where: { tenantId } }),
  routes: async (tenantId, tx) => tx.route.count({ where: { tenantId } }),
  // Those that work. Those to try an API with are bounded by themselves, and gone within the hour.
  credentials: async (tenantId, tx) =>
    tx.credential.count({
      where: { tenantId, state: 'active', isTry: false, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] },
    }),
};

/** Made, or brought back to life: an expired key works again when its end is moved. */
function isNew({ table, before, after }: CapturedChange): boolean {
  if (after === null || after['is_try'] === true) return false;
  return before === null || (table === 'credentials' && isOver(before) && !isOver(after));
}

function isOver({ expires_at: end }: Readonly<Record<string, unknown>>): boolean {
  return typeof end === 'string' && Date.parse(end) <= Date.now();
}

function exceeded(thing: BoundedThing, most: number, plan: string): Refusal {
  return new Refusal(
    'platform_plan_exceeded',
    `The tenant's platform plan, ${plan}, allows ${most} ${thing}, and this would be more. Remove some that are not used, or ask the operator of the platform for a larger plan.`,
  );
}
