// The demo tenant, made as anybody would make one: through the public API, with the code from the mail. Repeatable: what is
// there is left alone, only what is missing is made, and drafts of people are never published.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import type {
  Application,
  Credential,
  CredentialWithKey,
  Environment,
  Page,
  Subscription,
  Upstream,
} from '@sluice/contracts';
import type { RunningMailSink } from '../mail/mail-sink.js';
import { waitFor } from '../wait-for.js';
import { loadDemoFile, saveDemoFile, type DemoFile } from './demo-file.js';
import { DemoSession } from './demo-session.js';

export interface SeedOptions {
  /** Where `demo.json` lies. */
  readonly dir: string;
  readonly urls: {
    readonly control: string;
    readonly gateways: readonly string[];
    readonly demoUpstreams: readonly [string, string];
  };
  /** Codes are read from it. Without one only a demo that exists can be used. */
  readonly mail: RunningMailSink | undefined;
  readonly onProgress: (line: string) => void;
}

const tenant = 'demo';
const email = 'demo@sluice.test';
const base = `/v1/tenants/${tenant}/environments/production`;
const applicationTitle = 'Demo shop';
const keyHeader = 'x-api-key';

/** `undefined`: there is no demo, because mails go elsewhere. */
export const seedDemo = async ({ dir, urls, mail, onProgress }: SeedOptions): Promise<DemoFile | undefined> => {
  const path = join(dir, 'demo.json');
  const known = loadDemoFile(path);
  if (isComplete(known) && (await answersEverywhere(known, urls.gateways, 5_000))) return known;
  if (!mail) {
    onProgress('no demo tenant: mails go to MAIL_URL, and its code with them');
    return undefined;
  }

  const startedAt = performance.now();
  const password = known.password ?? randomBytes(12).toString('base64url');
  await saveDemoFile(path, { ...known, email, password });
  const session = new DemoSession(urls.control, mail);
  await session.enter(email, password);
  const host = await ensureApi(session, urls.demoUpstreams);
  const credential = await ensureKey(session, known);
  const demo: DemoFile = { email, password, tenant, host, basePath: '', keyHeader, ...credential };
  await saveDemoFile(path, demo);
  if (!(await answersEverywhere(demo, urls.gateways, 20_000))) {
    throw new Error(
      `The demo's key gets no 200 at ${urls.gateways.join(' and ')}: ${await lastAnswer(demo, urls.gateways)}`,
    );
  }
  onProgress(`the demo tenant is ready (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  return demo;
};

/** Returns the host that the gateways know the tenant by. */
const ensureApi = async (session: DemoSession, [v1, v2]: readonly [string, string]): Promise<string> => {
  let isNew = false;
  const ensure = async (list: string, name: string, body: object): Promise<void> => {
    if (await session.find(`${list}/${name}`)) return;
    await session.post(list, { name, ...body });
    isNew = true;
  };
  if (!(await session.find(`/v1/tenants/${tenant}`)))
    await session.post('/v1/tenants', { slug: tenant, title: 'Demo' });
  const ensureUpstream = async (name: string, url: string): Promise<void> => {
    const found = await session.find<Upstream>(`${base}/upstreams/${name}`);
    // Still this machine's, but on another port than last time.
    const isMoved = found?.targets.some((target) => target.url !== url && new URL(target.url).hostname === '127.0.0.1');
    if (found && isMoved !== true) return;
    if (found)
      await session.send('PUT', `${base}/upstreams/${name}`, { targets: [{ url }], timeoutMs: found.timeoutMs });
    else await session.post(`${base}/upstreams`, { name, targets: [{ url }] });
    isNew = true;
  };
  await ensureUpstream('orders-v1', v1);
  await ensureUpstream('orders-v2', v2);
  await ensure(`${base}/apis`, 'orders', { title: 'Orders', version: 'v1' });
  await ensure(`${base}/apis/orders/routes`, 'orders', {
    match: { path: { prefix: '/orders' } },
    policies: [{ 'api-key': { header: keyHeader } }],
    split: {
      sticky: 'none',
      arms: [
        { name: 'stable', upstream: 'orders-v1', weight: 9_000 },
        { name: 'canary', upstream: 'orders-v2', weight: 1_000 },
      ],
    },
  });
  await ensure(`${base}/plans`, 'free', { title: 'Free', apis: ['orders'], limits: [{ window: '100/minute' }] });
  await ensure(`${base}/plans`, 'pro', { title: 'Pro', apis: ['orders'], limits: [{ window: '100000/hour' }] });
  const environment = await session.get<Environment>(base);
  if (isNew || environment.live === null) await session.post(`${base}/publish?wait=applied`, { comment: 'the demo' });
  return new URL(environment.publicUrl).host;
};

/** The key in the demo file where it is still active, else a new one: a key is shown once. */
const ensureKey = async (
  session: DemoSession,
  known: Partial<DemoFile>,
): Promise<Pick<DemoFile, 'key' | 'credentialId'>> => {
  if (known.key !== undefined && known.credentialId !== undefined) {
    const credential = await session.find<Credential>(`${base}/credentials/${known.credentialId}`);
    if (credential?.state === 'active') return { key: known.key, credentialId: known.credentialId };
  }
  const applications = await session.get<Page<Application>>(`${base}/applications?limit=200`);
  const application =
    applications.items.find(({ title }) => title === applicationTitle) ??
    (await session.post<Application>(`${base}/applications`, { title: applicationTitle }));
  const list = `${base}/applications/${application.id}/subscriptions`;
  const subscriptions = await session.get<Page<Subscription>>(`${list}?limit=200`);
  const subscription =
    subscriptions.items.find(({ plan, state }) => plan === 'pro' && state === 'active') ??
    (await session.post<Subscription>(list, { plan: 'pro' }));
  const made = await session.post<CredentialWithKey>(`${base}/subscriptions/${subscription.id}/credentials`, {
    name: 'Demo',
  });
  return { key: made.key, credentialId: made.id };
};

const isComplete = (demo: Partial<DemoFile>): demo is DemoFile =>
  [demo.key, demo.host, demo.keyHeader, demo.email, demo.password].every((value) => typeof value === 'string') &&
  typeof demo.basePath === 'string';

const answersEverywhere = async (demo: DemoFile, gateways: readonly string[], timeoutMs: number): Promise<boolean> => {
  try {
    await waitFor(
      async () =>
        (await Promise.all(gateways.map(async (url) => askGateway(url, demo)))).every(({ status }) => status === 200),
      { timeoutMs, intervalMs: 100, what: 'every gateway answers 200' },
    );
    return true;
  } catch {
    return false;
  }
};

const lastAnswer = async (demo: DemoFile, gateways: readonly string[]): Promise<string> => {
  const answers = await Promise.all(gateways.map(async (url) => askGateway(url, demo)));
  return answers.map(({ status, text }) => `${status} ${text.slice(0, 200)}`).join('; ');
};

// By address with a Host header: not every resolver knows *.localhost.
const askGateway = async (gatewayUrl: string, demo: DemoFile): Promise<{ status: number; text: string }> =>
  new Promise((resolve) => {
    const req = request(`${gatewayUrl}${demo.basePath}/orders`, {
      headers: { host: demo.host, [demo.keyHeader]: demo.key },
      timeout: 5_000,
    });
    req.on('error', (error) => resolve({ status: 0, text: error.message }));
    req.on('timeout', () => req.destroy(new Error('no answer within 5 s')));
    req.on('response', (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => (text += chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text }));
    });
    req.end();
  });
