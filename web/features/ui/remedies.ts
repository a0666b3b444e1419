import type { Failure } from '@/features/api/call';

/** What the reader can do about a failure, in a sentence. Field errors carry their own. */
export function remedyOf(failure: Pick<Failure, 'code' | 'isRetryable'>): string {
  switch (failure.code) {
    case 'unauthenticated':
      return 'Sign in and open this page again.';
    case 'forbidden':
      return 'Ask an owner of this organisation for a role that may.';
    case 'not_found':
      return 'Check the address, or go back to the list.';
    case 'state_conflict':
      return 'Somebody changed it since this page was loaded. Reload, look at their change, and make yours again.';
    case 'still_in_use':
      return 'Take it out of use there first.';
    case 'name_taken':
      return 'Choose another name.';
    case 'wrong_credentials':
      return 'Check both, or sign up with this address.';
    case 'wrong_code':
      return 'Type the newest code, or ask for another.';
    case 'address_unverified':
      return 'Type the code that was sent to it.';
    case 'too_many_attempts':
      return 'Wait a minute, then try again.';
    case 'analytics_unavailable':
      return 'The gateways are serving and recording; the numbers come back with the store.';
    default:
      return failure.isRetryable ? 'Try again in a moment.' : '';
  }
}
