// The end of subscriptions: their rows and keys go, and the gateways are told to refuse them, revocations first.
import { Prisma, type Environment, type Tx } from '@sluice/prisma';
import { appendToFeed } from '../fleet/append-to-feed.js';
import { credentialChange, subscriptionChange } from '../fleet/changes.js';

/** @param afterwards what goes with them, before the feed is told: that is the transaction's last act. */
export async function endSubscriptions(
  tenantId: string,
  tx: Tx,
  { id: environmentId, fleetId }: Pick<Environment, 'id' | 'fleetId'>,
  which: { applicationId: string } | { id: string },
  afterwards: () => Promise<void> = async () => undefined,
): Promise<void> {
  // Locked first: a key that is being added waits, and finds its subscription gone.
  await tx.$queryRaw`
    SELECT FROM sluice.subscriptions WHERE tenant_id = ${tenantId} AND environment_id = ${environmentId}
      AND ${'id' in which ? Prisma.sql`id = ${which.id}` : Prisma.sql`application_id = ${which.applicationId}`} ORDER BY id FOR UPDATE`;
  const subscriptions = await tx.subscription.findMany({
    where: { tenantId, environmentId, ...which },
    include: { plan: { select: { name: true } }, credentials: true },
  });
  await tx.subscription.deleteMany({ where: { tenantId, environmentId, ...which } });
  await afterwards();
  const changes = [
    ...subscriptions.flatMap(({ credentials }) =>
      credentials.map((credential) => credentialChange({ ...credential, state: 'revoked' })),
    ),
    ...subscriptions.map((subscription) =>
      subscriptionChange({ ...subscription, state: 'cancelled' }, subscription.plan),
    ),
  ];
  if (changes.length > 0) await appendToFeed(tx, fleetId, tenantId, environmentId, changes);
}
