import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProcess } from '../processes/start-process.js';
import { temporaryFolder } from '../temporary-folder.js';
import { waitFor } from '../wait-for.js';
import { Service } from './service.js';
import { Stages } from './stages.js';

const sleeper = "console.log('up'); setInterval(() => {}, 1000);";

const makeService = async (code: string, said: string[]): Promise<Service> => {
  const folder = await temporaryFolder();
  const logFile = join(folder.path, 'part.log');
  const service = new Service({
    name: 'part',
    logFile,
    onProgress: (line) => said.push(line),
    launch: async (onExit, signal) =>
      startProcess({
        name: 'part',
        command: process.execPath,
        args: ['-e', code],
        readyLine: /^up$/,
        logFile,
        onExit,
        ...(signal ? { signal } : {}),
      }),
  });
  onTestFinished(async () => {
    await service.kill();
    await folder.remove();
  });
  return service;
};

test('a part that crashes is reported with its last lines and started again', async () => {
  const said: string[] = [];
  const service = await makeService(sleeper, said);
  await service.start();
  const first = service.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await waitFor(() => service.isRunning && service.pid !== first, { what: 'another process runs' });
  expect(said[0]).toMatch(/^part was ended by SIGKILL\. Its last lines \(all of them: .*part\.log\):\n {4}up$/);
  await waitFor(() => said.includes('part is back'), { what: 'the return is told' });
});

test('a part that ends while its start is told is started again once', async () => {
  const said: string[] = [];
  const exit = { code: 1, signal: null };
  let launches = 0;
  const service = new Service({
    name: 'part',
    logFile: 'part.log',
    onProgress: (line) => said.push(line),
    launch: async (onExit) => {
      launches += 1;
      const isFirst = launches === 1;
      // It has ended already, and what it wrote last is still being read.
      const exited = isFirst ? delay(20).then(() => (onExit(exit), exit)) : new Promise<typeof exit>(() => {});
      const end = async (): Promise<typeof exit> => exit;
      const isRunning = (): boolean => !isFirst;
      return {
        name: 'part',
        pid: launches,
        exited,
        kill: end,
        stop: end,
        lastLines: () => '',
        isRunning,
        readyMatch: undefined,
      };
    },
  });
  await service.start();
  await waitFor(() => service.isRunning, { what: 'another process runs' });
  expect(said.filter((line) => line.includes('is started again'))).toHaveLength(1);
});

test('a part with a wrong configuration stays down and says so', async () => {
  const said: string[] = [];
  const service = await makeService("console.log('up'); setTimeout(() => process.exit(78), 20)", said);
  await service.start();
  await waitFor(() => said.some((line) => line.includes('its configuration is wrong')), { what: 'it is told' });
  expect(said.some((line) => line.includes('started again'))).toBe(false);
});

test('a part that was killed by name stays down until it is asked back', async () => {
  const said: string[] = [];
  const service = await makeService(sleeper, said);
  await service.start();
  await service.kill();
  expect(service.isRunning).toBe(false);
  expect(said).toEqual([]);
  await service.restart();
  expect(service.isRunning).toBe(true);
});

test('a stage that fails names the culprit and gives up those that are still starting', async () => {
  const said: string[] = [];
  const broken = await makeService("console.error('port 1 is taken'); process.exit(1)", said);
  const slow = await makeService('setInterval(() => {}, 1000)', said);
  const stages = new Stages((line) => said.push(line));
  const start = stages.start([broken, slow]);
  await expect(start).rejects.toThrow(/part ended with code 1 before it was ready[\s\S]*port 1 is taken/);
  expect(slow.isRunning).toBe(false);
});

test('stages stop in the reverse order', async () => {
  const order: string[] = [];
  const part = (name: string): Service =>
    new Service({
      name,
      logFile: '/dev/null',
      onProgress: () => {},
      launch: async (onExit) =>
        startProcess({
          name,
          command: process.execPath,
          args: ['-e', sleeper],
          readyLine: /^up$/,
          onExit: (exit) => {
            order.push(name);
            onExit(exit);
          },
        }),
    });
  const stages = new Stages(() => {});
  await stages.start([part('database')]);
  await stages.start([part('server')]);
  await Promise.race([stages.stop(), delay(20_000)]);
  expect(order).toEqual(['server', 'database']);
});
