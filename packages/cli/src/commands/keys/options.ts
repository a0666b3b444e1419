// What the commands about keys have in common.
import type { Context, Option } from '../../command.js';
import { usage } from '../../stop.js';

export const subscriptionOption: Option = {
  name: 'subscription',
  value: 'id',
  about: 'a subscription: sub_ and 32 hex digits',
};
export const applicationOption: Option = {
  name: 'application',
  value: 'id',
  about: 'an application: app_ and 32 hex digits',
};
export const expiryOption: Option = {
  name: 'expires-in-days',
  value: 'days',
  about: 'it is refused from then on; never without it',
};
export const scopesOption: Option = {
  name: 'scopes',
  value: 'list',
  about: 'what the policy `scopes` may ask for, with commas between',
};

export function expiryOf(context: Context): string | undefined {
  const days = context.option('expires-in-days');
  if (days === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(days)) throw usage(`--expires-in-days takes a whole number, not "${days}".`);
  return new Date(Date.now() + Number(days) * 86_400_000).toISOString();
}

export function scopesOf(context: Context): string[] | undefined {
  return context
    .option('scopes')
    ?.split(',')
    .map((scope) => scope.trim());
}

export function expectSubscription(context: Context): string {
  const subscription = context.option('subscription');
  if (subscription === undefined)
    throw usage('A key belongs to a subscription: name it with --subscription. `sluice subscriptions` lists them.');
  return subscription;
}
