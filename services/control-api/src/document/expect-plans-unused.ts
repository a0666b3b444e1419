// A plan that somebody has subscribed to stays in the draft: the subscription's limits are its limits.
import type { Document, FieldError } from '@sluice/contracts';
import { pointerOf } from '@sluice/engine/document';
import type { Tx } from '@sluice/prisma';
import { Refusal } from '../http/refusal.js';

export async function expectPlansUnused(
  tx: Tx,
  { tenantId, environmentId }: { readonly tenantId: string; readonly environmentId: string },
  before: Document,
  after: Document,
): Promise<void> {
  const removed = Object.keys(before.plans).filter((name) => !Object.hasOwn(after.plans, name));
  if (removed.length === 0) return;
  const used = await tx.plan.findMany({
    where: { tenantId, environmentId, name: { in: removed }, subscriptions: { some: {} } },
    select: { name: true, _count: { select: { subscriptions: true } } },
    orderBy: { name: 'asc' },
  });
  if (used.length === 0) return;
  const errors: FieldError[] = used.map(({ name, _count: { subscriptions } }) => ({
    pointer: pointerOf(['plans', name]),
    message: `the plan "${name}" would be removed, and has ${subscriptions} ${subscriptions === 1 ? 'subscription' : 'subscriptions'}`,
    fix: 'keep it in the document, or move its subscriptions to another plan first',
  }));
  const named = used.map(({ name }) => `"${name}"`).join(', ');
  throw new Refusal('still_in_use', `Plans that the document leaves out have subscriptions: ${named}.`, errors);
}
