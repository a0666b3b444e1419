// The recorded reasons as sentences. The codes are the engine's closed union; a code that this page does not know yet
// (gateways may be one version ahead) is shown with its data rather than hidden.

import { duration } from '@/features/ui/numbers';
import { limitWords } from './limit-words';

type Reason = Readonly<Record<string, unknown>>;

export interface Sentence {
  readonly stage: 'Match' | 'Cors' | 'Authenticate' | 'Authorize' | 'Limit' | 'Split' | 'Other';
  readonly text: string;
  /** False: this is what stopped the request. Null: a reason that this page does not know. */
  readonly isPassing: boolean | null;
}

export function sentenceOf(reason: Reason): Sentence {
  const r = (name: string) => text(reason[name]);
  switch (reason['code']) {
    case 'host_unknown':
      return no('Match', `No environment is served at the host ${r('host')}.`);
    case 'route_matched':
      return yes('Match', `Route ${r('route')} matched: its path ${fits[r('by')] ?? 'fits'} ${r('pattern') || '/'}.`);
    case 'route_lost':
      return yes('Match', `Route ${r('route')} did not take it: ${losses[r('because')] ?? r('because')}.`);
    case 'origin_admitted':
      return yes('Cors', `The page at ${r('origin')} may read the answer.`);
    case 'preflight_answered':
      return yes('Cors', `The gateway answered the browser's preflight for ${r('method')}.`);
    case 'key_not_required':
      return yes('Authenticate', 'The route asks for no API key.');
    case 'key_missing':
      return no('Authenticate', `The header ${r('header')}, which must carry the API key, was missing.`);
    case 'key_unknown':
      return no('Authenticate', `The key in the header ${r('header')} belongs to no application of this environment.`);
    case 'key_revoked':
      return no('Authenticate', `The key ${r('credential')} was revoked.`);
    case 'key_accepted':
      return yes('Authenticate', `The key ${r('credential')} was accepted.`);
    case 'subscription_unknown':
      return no('Authorize', `The subscription ${r('subscription')} had not reached this gateway yet.`);
    case 'subscription_inactive':
      return no('Authorize', `The subscription ${r('subscription')} is ${r('state')}.`);
    case 'revision_needed':
      return no(
        'Authorize',
        `The subscription needs revision ${r('needed')}; this gateway had revision ${r('present')}.`,
      );
    case 'plan_unknown':
      return no('Authorize', `The plan ${r('plan')} is not part of this revision.`);
    case 'plan_excludes_api':
      return no('Authorize', `The plan ${r('plan')} does not include the API ${r('api')}.`);
    case 'plan_covers_api':
      return yes('Authorize', `The subscription is active, and its plan ${r('plan')} includes the API.`);
    case 'limit_passed':
      return yes('Limit', `${limit(reason)} had room; this gateway held ${r('leased')} of them in advance.`);
    case 'limit_used_up':
      return no('Limit', `${limit(reason)} was used up${whenAgain(reason)}.`);
    case 'limit_would_refuse':
      return yes('Limit', `${limit(reason)}, in a dry run, would have refused it.`);
    case 'limit_unavailable':
      return no('Limit', `The limit ${limitWords(r('limit')) ?? r('limit')} could not be checked.`);
    case 'weights_live':
      return yes('Split', `The weights in force were version ${r('version')}, set after the revision was published.`);
    case 'weights_ignored':
      return yes(
        'Split',
        `Version ${r('version')} of the weights does not fit this revision's arms; the document's were used.`,
      );
    case 'arm_only':
      return yes('Split', `The arm ${r('arm')} took it: it is the only one.`);
    case 'arm_by_application':
    case 'arm_by_ip':
    case 'arm_by_request':
      return yes(
        'Split',
        `The arm ${r('arm')} with ${Number(reason['weightBps']) / 100} % took it: ${subjects[r('code')]} falls into bucket ${r('bucket')} of 10,000.`,
      );
    default:
      return { stage: 'Other', text: unknown(reason), isPassing: null };
  }
}

const losses: Readonly<Record<string, string>> = {
  path: 'its path is another one',
  method: 'it does not take this method',
  header: 'a header is not as it asks',
  query: 'the query is not as it asks',
  less_specific: 'another route is more specific',
  priority: 'another route has a higher priority',
};

const fits: Readonly<Record<string, string>> = {
  exact: 'is',
  prefix: 'begins with',
  rawPrefix: 'begins with',
  regex: 'matches',
};

const subjects: Readonly<Record<string, string>> = {
  arm_by_application: 'the application',
  arm_by_ip: "the caller's address",
  arm_by_request: 'the request, drawn by chance,',
};

/** A reason of a newer gateway: its code, and whatever it says beside it. */
function unknown({ code, ...data }: Reason): string {
  const facts = Object.entries(data).map(([name, value]) => `${name} ${text(value)}`);
  const name = typeof code === 'string' && code !== '' ? code : 'a reason without a code';
  return facts.length === 0 ? name : `${name}: ${facts.join(', ')}`;
}

function limit(reason: Reason): string {
  const units = `of ${Number(reason['units']).toLocaleString('en')} units`;
  const name = text(reason['limit']);
  const words = limitWords(name);
  return words === undefined ? `The limit ${name} ${units}` : `The limit ${units} ${words}`;
}

function whenAgain(reason: Reason): string {
  const ms = Number(reason['resetMs']);
  return ms > 0 ? `; there is room again ${duration(Math.max(1000, ms))} later` : '';
}

function yes(stage: Sentence['stage'], words: string): Sentence {
  return { stage, text: words, isPassing: true };
}

function no(stage: Sentence['stage'], words: string): Sentence {
  return { stage, text: words, isPassing: false };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
