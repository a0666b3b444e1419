// The demo's traffic: a few requests a second through every gateway in turn, with the demo's key, some of them wrong on
// purpose. A process: GATEWAY_URLS (with commas between), DEMO_FILE, PORT (of the switch), REQUESTS_PER_SECOND, TRAFFIC
// (on or off at the start). The switch: GET / tells, POST /on, POST /off.
import { readFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { readDemoFile } from './demo-file.js';

const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') {
    console.error(`${name} is missing`);
    process.exit(78);
  }
  return value;
};

const gateways = required('GATEWAY_URLS')
  .split(',')
  .map((text) => new URL(text));
const demo = readDemoFile(readFileSync(required('DEMO_FILE'), 'utf8'));
const perSecond = Math.min(200, Math.max(0.1, Number(process.env['REQUESTS_PER_SECOND'] ?? '4')));
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const answers = new Map<string, number>();
let isOn = process.env['TRAFFIC'] !== 'off';
let sent = 0;

const sendOne = (): void => {
  sent += 1;
  const gateway = gateways[sent % gateways.length];
  if (gateway === undefined) return;
  // One in ten creates, one in twelve asks for an order that is not there, one in forty has no key.
  const isPost = sent % 10 === 3;
  const path = isPost
    ? '/orders'
    : sent % 12 === 5
      ? '/orders/999999'
      : sent % 3 === 0
        ? '/orders'
        : `/orders/${sent % 50}`;
  const body = isPost ? JSON.stringify({ item: 'espresso beans', quantity: 1 + (sent % 4) }) : undefined;
  const req = request({
    agent,
    host: gateway.hostname,
    port: gateway.port,
    method: isPost ? 'POST' : 'GET',
    path: demo.basePath + path,
    timeout: 10_000,
    headers: {
      host: demo.host,
      'user-agent': 'sluice-demo-traffic',
      ...(sent % 40 === 7 ? {} : { [demo.keyHeader]: demo.key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
  });
  const count = (what: string): void => void answers.set(what, (answers.get(what) ?? 0) + 1);
  req.on('response', (res) => {
    count(String(res.statusCode));
    res.resume();
  });
  req.on('timeout', () => req.destroy());
  // A gateway that restarts is nothing to stop for.
  req.on('error', () => count('no answer'));
  req.end(body);
};

const plan = (): void => {
  // Uneven like real callers: exponential gaps with the mean that was asked for.
  const gapMs = Math.min(10_000, (-Math.log(1 - Math.random()) * 1000) / perSecond);
  setTimeout(() => {
    if (isOn) sendOne();
    plan();
  }, gapMs);
};

const server = createServer((req, res) => {
  const isSwitch = req.method === 'POST' && (req.url === '/on' || req.url === '/off');
  // A page on another site must not be able to flip it.
  if (req.headers.origin !== undefined) {
    res.writeHead(403).end();
    return;
  }
  if (isSwitch) isOn = req.url === '/on';
  if (!isSwitch && !(req.method === 'GET' && req.url === '/')) {
    res.writeHead(404, { 'content-type': 'text/plain' }).end('GET /, POST /on, POST /off\n');
    return;
  }
  const state = { isOn, requestsPerSecond: perSecond, sent, answers: Object.fromEntries(answers) };
  res.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(state)}\n`);
});
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(required('PORT')), '127.0.0.1', () => {
  console.log(`demo traffic is ${isOn ? 'on' : 'off'}`);
  plan();
});
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
