// Which names can be claimed as hosts, and in which form they are kept: Punycode in lower case, without a dot at the end, perhaps
// after `*.`. Names of the fleet's own domain are given, never claimed: a claim there, or a wildcard above it, would
// reach into other tenants' hosts.
import { domainToASCII } from 'node:url';
import { mostHostLength } from '@sluice/contracts';

export type HostName =
  | { readonly isGood: true; readonly host: string }
  | { readonly isGood: false; readonly message: string; readonly fix: string };

/** RFC 1034, section 3.5, without names that are all digits at the end: those are addresses. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What somebody wrote, as the host that it names. */
export function readHost(text: string, fleetDomain: string): HostName {
  const isWildcard = text.startsWith('*.');
  const name = text.slice(isWildcard ? 2 : 0).replace(/\.$/, '');
  if (name === '*' || name === '')
    return bad('no environment takes every host', 'name a host, or *. before the domain that is yours');
  const ascii = /[/:@?#%\s]/.test(name) ? '' : domainToASCII(name).toLowerCase();
  const labels = ascii.split('.');
  if (!labels.every((one) => label.test(one)) || /^\d+$/.test(labels.at(-1) ?? ''))
    return bad(
      `${JSON.stringify(text)} is not a host name`,
      'write a name such as api.acme.com, without a port or path',
    );
  if (labels.length < 2) return bad(`${ascii} has one part`, 'name a host of a domain of yours, such as api.acme.com');
  const host = isWildcard ? `*.${ascii}` : ascii;
  if (host.length > mostHostLength)
    return bad(`the host is longer than ${mostHostLength} characters`, 'claim a shorter one, or *. before its domain');
  if (isOfFleet(host, fleetDomain))
    return bad(
      `${host} reaches into the platform's own domain, ${fleetDomain}`,
      'claim a host of a domain of yours; those of the platform are given',
    );
  return { isGood: true, host };
}

/** Whether the host lies in the fleet's domain, or covers a part of it. Both as they are kept. */
export function isOfFleet(host: string, fleetDomain: string): boolean {
  if (host === fleetDomain || host.endsWith(`.${fleetDomain}`)) return true;
  return host.startsWith('*.') && `.${fleetDomain}`.endsWith(host.slice(1));
}

/** Where the record of a host is looked for. A wildcard is proven by whoever has the domain above it. */
export function recordNameOf(host: string): string {
  return `_sluice-challenge.${host.replace(/^\*\./, '')}`;
}

function bad(message: string, fix: string): HostName {
  return { isGood: false, message, fix };
}
