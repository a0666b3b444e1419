// Upstreams that ask who comes: requests and checks of health show the certificate that the operator holds for the tenant,
// and for no other tenant.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  authority,
  clientCertificate,
  clientKey,
  serverCertificate,
  serverKey,
} from '../src/upstream/try-certificates.js';
import { otherOwner, tenantId } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

let stack: Stack;
let gateway: GatewayProcess;
let server: Server;
/** Whom the upstream was asked by, at each path. */
const seen = new Map<string, string[]>();

beforeAll(async () => {
  stack = await Stack.start();
  const folder = `${stack.dataDir}-upstream-certificates`;
  mkdirSync(`${folder}/${tenantId}`, { recursive: true });
  writeFileSync(`${folder}/${tenantId}/mine.crt`, clientCertificate);
  writeFileSync(`${folder}/${tenantId}/mine.key`, clientKey);
  const asked = { requestCert: true, rejectUnauthorized: true };
  server = createServer({ key: serverKey, cert: serverCertificate, ca: authority, ...asked }, (req, res) => {
    const { CN } = (req.socket as TLSSocket).getPeerCertificate().subject;
    const path = req.url ?? '';
    seen.set(path, [...(seen.get(path) ?? []), String(CN)]);
    res.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = await stack.readyGateway({ UPSTREAM_CERTIFICATES_DIR: folder });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stack.stop();
});

/** A document whose upstream shows the certificate `mine`. */
function documentWith(check: string): unknown {
  return documentOf(
    {
      main: {
        targets: [{ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` }],
        tls: { ca: authority, serverName: 'users.test', clientCertificate: 'mine' },
        health: { path: check, intervalMs: 1000, timeoutMs: 1000, unhealthyAfter: 1 },
      },
    },
    [routeTo('main', '/')],
  );
}

const reportsOf = (environmentId: string) =>
  stack.feed.healthReports
    .filter((report) => report.environmentId === environmentId)
    .flatMap(({ upstreams }) => upstreams.flatMap(({ targets }) => targets));

test('a request and a check of health show the tenant’s certificate', async () => {
  stack.feed.publish(documentWith('/up'));
  await stack.untilCaughtUp();
  expect((await gateway.send('/asked')).status).toBe(200);
  await waitFor(() => (seen.get('/up') ?? []).length > 1, { what: 'it is checked', timeoutMs: 30_000 });
  expect([new Set(seen.get('/asked')), new Set(seen.get('/up'))]).toEqual([
    new Set(['gateway of ten_1']),
    new Set(['gateway of ten_1']),
  ]);
  expect((await gateway.send('/asked')).status).toBe(200);
});

test('another tenant that names it has no such certificate, for requests and for checks', async () => {
  const { environmentId } = otherOwner;
  stack.feed.publish(documentWith('/up-of-other'), { hosts: ['other.test'], owner: otherOwner, tenantSlug: 'other' });
  await stack.untilCaughtUp();
  await waitFor(() => reportsOf(environmentId).some(({ state }) => state === 'unhealthy'), {
    what: 'the check fails',
    timeoutMs: 30_000,
  });
  expect(reportsOf(environmentId).at(-1)?.cause).toContain('the gateway holds no client certificate named mine');
  expect((await gateway.send('/asked-by-other', { host: 'other.test' })).status).toBe(502);
  expect([seen.has('/up-of-other'), seen.has('/asked-by-other')]).toEqual([false, false]);
});
