// Which addresses may call at all. A client whose address cannot be read is let in by no list.
import type { AddressSet, Network } from '../../address-set.js';
import { addressSet, hasAddress, hasNetwork, parseNetwork } from '../../address-set.js';
import { clientAddress } from '../../client-address.js';
import type { CompileContext } from '../../policy.js';
import { rulePolicy } from '../../policy.js';
import type { End, Progress } from '../../progress.js';
import { refuse } from '../../progress.js';
import type { IpSettings } from './schema.js';
import { ipSchema } from './schema.js';

interface CompiledIp {
  readonly allow: AddressSet | undefined;
  readonly deny: AddressSet | undefined;
}

export const ip = rulePolicy<IpSettings, CompiledIp>({
  name: 'ip',
  summary: 'Takes requests from certain addresses and networks only, or from all but certain ones.',
  schema: ipSchema,
  stage: 'shield',
  compile: ({ allow, deny }, { report }) => {
    const allowed = allow === undefined ? undefined : parseList('allow', allow, report);
    const denied = deny === undefined ? undefined : parseList('deny', deny, report);
    const compiled = { allow: setOf(allowed), deny: setOf(denied) };
    reportAbsurd(allowed, denied, compiled, report);
    return compiled;
  },
  decide: ({ allow, deny }, progress) => {
    const { reasons } = progress;
    const address = clientAddress(progress);
    if (address === undefined) {
      reasons.push({ code: 'ip_unreadable' });
      return denied(progress);
    }
    const list = deny !== undefined && hasAddress(deny, address) ? 'deny' : 'allow';
    if (list === 'deny' || (allow !== undefined && !hasAddress(allow, address))) {
      reasons.push({ code: 'ip_denied', list });
      return denied(progress);
    }
    reasons.push({ code: 'ip_passed' });
    return undefined;
  },
});

function denied({ request }: Progress): End {
  return refuse('ip_denied', `Requests from ${request.clientAddress || 'an unknown address'} are not taken here.`);
}

function setOf(networks: readonly Network[] | undefined): AddressSet | undefined {
  return networks === undefined ? undefined : addressSet(networks);
}

function parseList(list: 'allow' | 'deny', texts: readonly string[], report: CompileContext['report']): Network[] {
  return texts.flatMap((text, index) => {
    const network = parseNetwork(text);
    if (typeof network === 'object' && 'first' in network) return [network];
    if (network === 'malformed')
      report(
        [list, index],
        `${JSON.stringify(text)} is no address and no network`,
        'write 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32',
      );
    else
      report(
        [list, index],
        `${text} names an address inside of a network`,
        `write ${network.network} for the network, or ${network.address} for the address`,
      );
    return [];
  });
}

// A list that lets nobody in, or says nothing, is a mistake that somebody will look for elsewhere.
function reportAbsurd(
  allowed: readonly Network[] | undefined,
  denied: readonly Network[] | undefined,
  { deny }: CompiledIp,
  report: CompileContext['report'],
): void {
  if (deny === undefined) return;
  const everything = ['0.0.0.0/0', '::/0'].map((text) => parseNetwork(text) as Network);
  if (denied !== undefined && everything.every((all) => hasNetwork(deny, all)))
    report(['deny'], 'this denies every address', 'take the route away, or write allow');
  else if (allowed !== undefined && allowed.length > 0 && allowed.every((network) => hasNetwork(deny, network)))
    report(['allow'], 'all that is allowed is denied as well', 'take it out of one of the lists');
}
