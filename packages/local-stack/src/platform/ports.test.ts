import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { freePort } from '../free-port.js';
import { fixedPorts, freePorts, portVariable } from './ports.js';

test('every port has a variable of its own', () => {
  expect(portVariable('gateway1Ops')).toBe('SLUICE_GATEWAY1_OPS_PORT');
});

test('a taken port is one line that names the port, the part and the variable', async () => {
  const port = await freePort();
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  const result = await fixedPorts({ SLUICE_PORTAL_PORT: String(port) }, ['portal']);
  holder.close();
  expect(result).toEqual({
    ok: false,
    errors: [
      `Port ${port} (portal) is taken by another process. Stop that one, or set SLUICE_PORTAL_PORT to a free port.`,
    ],
  });
});

test('a port that is no number, or wanted twice, is refused by name', async () => {
  const port = String(await freePort());
  const env = { SLUICE_MAIL_PORT: '99999', SLUICE_CONTROL_PORT: port, SLUICE_PORTAL_PORT: port };
  const result = await fixedPorts(env, ['portal', 'control']);
  expect(result.ok ? [] : result.errors).toEqual([
    `Port ${port} is wanted twice: change SLUICE_PORTAL_PORT or SLUICE_CONTROL_PORT.`,
    'SLUICE_MAIL_PORT is not a port: write a number from 1 to 65535.',
  ]);
});

test('free ports are all different', async () => {
  const ports = Object.values(await freePorts());
  expect(new Set(ports).size).toBe(ports.length);
});
