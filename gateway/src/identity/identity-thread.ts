// The identity thread: one for each gateway. It fetches keys and has signatures and passwords checked, so that neither
// requests nor leases ever wait for that.
import { parentPort, workerData } from 'node:worker_threads';
import { createLogger } from '@sluice/runtime';
import { lookUpBy } from '../upstream/names/look-up.js';
import { createResolveName } from '../upstream/names/resolve-name.js';
import { ownListeners } from '../upstream/own-listeners.js';
import { IdentityCounters } from './identity-counters.js';
import type { IdentityThreadStart, ToIdentityThread } from './identity.js';
import { IdentityRoom } from './identity-room.js';
import { createFetchJson } from './keys/fetch-json.js';
import { createFetchKeySet } from './keys/fetch-key-set.js';

if (parentPort === null) throw new Error('identity-thread.js is a worker thread of main.js');
const { counters, row, allow, dnsServers, share, logLevel } = workerData as IdentityThreadStart;

const room = new IdentityRoom({
  fetch: createFetchKeySet(createFetchJson(allow, lookUpBy(createResolveName(dnsServers)))),
  share,
  counters: new IdentityCounters(counters, row),
  logger: createLogger('gateway-identity', logLevel),
});

parentPort.on('message', (message: ToIdentityThread) => {
  if (message.type === 'attach') room.attach(message.port, message.first);
  else ownListeners.add(message.port);
});
