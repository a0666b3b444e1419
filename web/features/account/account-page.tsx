import { redirect } from 'next/navigation';
import { getTwoFactor } from '@/features/api/auth-calls';
import { read, readMe } from '@/features/api/read';
import { routes } from '@/features/navigation/routes';
import { FailureState } from '@/features/ui/states';
import { TwoFactorPanel } from './two-factor-panel';

/** A person's own account, the same on the console and on every portal. */
export async function AccountPage() {
  const [me, twoFactor] = await Promise.all([readMe(), read(getTwoFactor())]);
  const failure = me.ok ? (twoFactor.ok ? null : twoFactor) : me;
  if (failure?.code === 'unauthenticated') redirect(routes.signIn(routes.account()));
  return (
    <div className="flex flex-col gap-6">
      <div>
        <h1 className="text-22">Account</h1>
        {me.ok && <p className="wrap-anywhere text-text-2">{me.value.email}</p>}
      </div>
      {failure !== null && <FailureState failure={failure} what="Your account cannot be read now" />}
      {twoFactor.ok && <TwoFactorPanel state={twoFactor.value} />}
    </div>
  );
}
