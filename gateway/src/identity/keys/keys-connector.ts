// Connections for keys: to addresses that the gateway's rule allows, and without TLS only to those that the operator
// lists. A public address over plain http would hand whoever stands between the choice of keys.
import type { buildConnector } from 'undici';
import type { Resolve } from '../../upstream/allowed-address.js';
import { addressRule, listedRule } from '../../upstream/allowed-address.js';
import { checkedConnector } from '../../upstream/pools.js';

/** @param allow address ranges besides public ones. */
export function keysConnector(allow: readonly string[], resolve?: Resolve): buildConnector.connector {
  const overTls = checkedConnector(addressRule(allow), resolve);
  const inClear = checkedConnector(listedRule(allow), resolve);
  return (options, callback) => (options.protocol === 'https:' ? overTls : inClear)(options, callback);
}
