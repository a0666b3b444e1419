import { createHash } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { CredentialReader } from './credentials/credential-reader.js';
import { newKey, setEnvironment } from './credentials/layout.js';
import { InForce } from './in-force.js';
import type { ReceivedChange, ReceivedEntry } from './received.js';
import type { ToThread } from './thread-message.js';
import { Threads } from './threads.js';

const entry = (environmentId: string, change: ReceivedChange): ReceivedEntry => ({
  position: 1,
  lane: 1,
  tenantId: 'ten_1',
  environmentId,
  change,
});
const credential = (state: 'active' | 'revoked'): ReceivedChange => ({
  kind: 'credential',
  id: 'key_1',
  subscriptionId: 'sub_1',
  hash: createHash('sha256').update('presented').digest('hex'),
  state,
});
const gone: ReceivedChange = {
  kind: 'environment',
  tenantSlug: 'acme',
  environmentName: 'production',
  hosts: [],
  portalOrigins: [],
  revision: 1,
  revisionId: '',
  hash: '',
  document: null,
};

test('a revocation waits for no thread, though the end of an environment came before it', async () => {
  const threads = new Threads();
  const { port1, port2 } = new MessageChannel();
  let reader: CredentialReader | undefined;
  let isStalled = false;
  port2.on('message', ({ number, credentials }: ToThread) => {
    if (credentials !== undefined) reader = new CredentialReader(credentials);
    if (!isStalled) port2.postMessage({ type: 'applied', number });
  });
  threads.attach(port1);
  onTestFinished(() => port1.close());
  const inForce = InForce.start(threads);
  await inForce.apply([entry('env_1', credential('active'))]);
  const key = newKey();
  setEnvironment(key, 'env_1');
  expect(reader?.find(key, 'presented')?.isRevoked).toBe(false);
  isStalled = true;
  const applied = inForce.apply([entry('env_2', gone), entry('env_1', credential('revoked'))]);
  expect(reader?.find(key, 'presented')?.isRevoked).toBe(true);
  threads.detach(port1);
  await applied;
});

test('what comes after an environment has gone belongs to the one in its place, its keys too', async () => {
  const inForce = InForce.start(new Threads());
  await inForce.apply([
    entry('env_1', credential('active')),
    entry('env_1', gone),
    entry('env_1', credential('active')),
    entry('env_2', credential('active')),
    entry('env_2', gone),
  ]);
  expect([...inForce.all()]).toEqual([entry('env_1', credential('active'))]);
});
