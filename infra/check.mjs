// What of infra/ can be checked without Docker: that docker-compose.yml sets, or leaves out by name, all that its processes
// read, that .env.example holds exactly what docker-compose.yml asks for, that what it names exists, and that Prometheus and
// Grafana ask for metrics that some process has. Needs the build. Prints each fault; exits 1 when there is one.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { envExample } from '@sluice/runtime';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const faults = [];
let checked = 0;
const expect = (isGood, fault) => {
  checked += 1;
  if (!isGood) faults.push(fault);
};

const composeText = read('docker-compose.yml');
// Comments may show variables too.
const composeCode = composeText.replaceAll(/^\s*#.*$/gm, '');
const compose = parse(composeText, { merge: true });
const dockerfile = read('infra/docker/Dockerfile');

// What a process reads and the file does not hand on: it comes from the image, or whoever needs it writes an override file. A
// variable that is new is in neither place, and has to be put into one.
const leftOut = {
  'control-api': 'PORT OPS_PORT',
  gateway: [
    'GATEWAY_ID HOST PORT OPS_PORT DATA_DIR THREADS',
    // They take a folder of the host, which the container has to be given, too.
    'TLS_PORT TLS_CERTIFICATES_DIR UPSTREAM_CERTIFICATES_DIR',
    'DRAIN_DELAY_MS DRAIN_BOUND_MS SHIP_BOUND_MS TAKE_OVER_BOUND_MS REPLACE_ITSELF MAX_SNAPSHOT_AGE_MS',
    'MAX_CONNECTIONS MAX_CONNECTIONS_PER_ADDRESS SHED_DELAY_MS METRICS_MAX_ENVIRONMENTS RECORD_BEGIN_AFTER_MS',
    'OTEL_EXPORTER_OTLP_PROTOCOL OTEL_EXPORTER_OTLP_TIMEOUT OTEL_SERVICE_NAME',
    'OTEL_BSP_SCHEDULE_DELAY OTEL_BSP_MAX_QUEUE_SIZE',
  ].join(' '),
  'log-worker': 'OPS_PORT JOB_LOCK_MS',
  web: 'PORT NODE_ENV',
};

await checkProcess('control-api', 'services/control-api/dist/config.js');
await checkProcess('gateway', 'gateway/dist/config.js');
await checkProcess('log-worker', 'services/log-worker/dist/config.js');
checkNames(
  'web',
  [...read('web/config.ts').matchAll(/^ {4}([A-Z][A-Z_]+):/gm)].map(([, name]) => name),
  [],
);
checkNames(
  'migrate',
  [...read('scripts/migrate.mjs').matchAll(/process\.env\['(\w+)'\]/g)].map(([, name]) => name),
  ['SLUICE_MIGRATE'],
);
checkEnvExample();
checkServices();
checkDockerfile();
checkMetrics();
checkLock();

for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`infra: ${checked - faults.length} of ${checked} checks passed\n`);
process.exitCode = faults.length === 0 && checked > 50 ? 0 : 1;

async function checkProcess(service, configFile) {
  const { configSchema } = await import(join(root, configFile));
  const text = envExample(configSchema);
  const known = [...text.matchAll(/^(?:# )?([A-Z][A-Z_]*)=/gm)].map(([, name]) => name);
  const optional = (name) => text.includes(`# ${name}=`) || name === 'DEMO_UPSTREAM_URLS';
  checkNames(
    service,
    known,
    known.filter((name) => !optional(name)),
  );
}

/** What the compose file sets must be read; what is needed must be set there or in the image; nothing is left out unsaid. */
function checkNames(service, known, needed) {
  const set = Object.keys(compose.services[service].environment ?? {});
  expect(known.length > 0, `${service}: no variable of its configuration was found`);
  for (const name of set)
    expect(known.includes(name), `${service}: docker-compose.yml sets ${name}, which the process does not read`);
  for (const name of needed)
    expect(set.includes(name), `${service}: docker-compose.yml does not set ${name}, which the process needs`);
  const unset = leftOut[service]?.split(' ') ?? [];
  for (const name of unset)
    expect(
      known.includes(name) && !set.includes(name),
      `infra/check.mjs: leaves ${name} of ${service} out for nothing`,
    );
  for (const name of known)
    expect(
      set.includes(name) || unset.includes(name),
      `${service}: docker-compose.yml does not hand ${name} on; set it there, or leave it out by name in infra/check.mjs`,
    );
}

function checkEnvExample() {
  const asked = new Set([...composeCode.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
  const must = [...composeCode.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
  const lines = [...read('.env.example').matchAll(/^(# )?([A-Z][A-Z_]+)=/gm)];
  const offered = new Set(lines.map(([, , name]) => name));
  const uncommented = new Set(lines.filter(([, comment]) => comment === undefined).map(([, , name]) => name));
  for (const name of asked)
    expect(offered.has(name), `.env.example: ${name} is missing, which docker-compose.yml asks for`);
  for (const name of offered) expect(asked.has(name), `.env.example: ${name} is asked for by nothing`);
  for (const name of must) expect(uncommented.has(name), `.env.example: ${name} is needed, and must not be a comment`);
}

function checkServices() {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const target = compose.services[other];
      expect(target !== undefined, `${name}: depends on ${other}, which is no service`);
      const image = new RegExp(`^FROM base AS ${target?.build?.target}$[\\s\\S]*?(?=^FROM|(?![\\s\\S]))`, 'm').exec(
        dockerfile,
      )?.[0];
      const isHealthy =
        condition !== 'service_healthy' || target?.healthcheck !== undefined || image?.includes('HEALTHCHECK') === true;
      expect(isHealthy, `${name}: waits for the health of ${other}, which has no health check`);
    }
    for (const volume of service.volumes ?? []) {
      const [source] = volume.split(':');
      if (source.startsWith('./')) expect(existsSync(join(root, source)), `${name}: ${source} does not exist`);
      else if (!source.startsWith('/'))
        expect(source in compose.volumes, `${name}: ${source} is no volume of the file`);
    }
    for (const network of Array.isArray(service.networks) ? service.networks : Object.keys(service.networks ?? {})) {
      expect(network in compose.networks, `${name}: ${network} is no network of the file`);
    }
    if (service.build)
      expect(
        dockerfile.includes(` AS ${service.build.target}\n`),
        `${name}: the Dockerfile has no target ${service.build.target}`,
      );
  }
  expect(compose.services.gateway.ports === undefined, 'gateway: a port of the host would let only one replica run');
}

function checkDockerfile() {
  for (const manifest of globSync(
    ['packages/*/package.json', 'services/*/package.json', '{gateway,web,prisma,e2e}/package.json'],
    { cwd: root },
  )) {
    expect(dockerfile.includes(`COPY ${manifest} `), `Dockerfile: ${manifest} is not copied before npm ci`);
  }
  for (const [, path] of dockerfile.matchAll(/^COPY ((?!--)\S+) /gm)) {
    expect(path === '.' || existsSync(join(root, path)), `Dockerfile: copies ${path}, which does not exist`);
  }
}

function checkMetrics() {
  const sources = globSync(['gateway/src/**/*.ts', 'services/*/src/**/*.ts', 'packages/runtime/src/**/*.ts'], {
    cwd: root,
  })
    .filter((file) => !file.endsWith('.test.ts'))
    .map(read)
    .join('\n');
  const uses = [read('infra/prometheus/alerts.yml'), read('infra/grafana/dashboards/platform.json')].join('\n');
  const names = new Set([...uses.matchAll(/\b(sluice_\w+)/g)].map(([, name]) => name.replace(/_bucket$/, '')));
  expect(names.size > 10, 'infra: the dashboard asks for next to no metric');
  // A test of the gateway holds this page to what a gateway really shows.
  const described = read('docs/operations/observing.md');
  for (const name of names)
    expect(
      sources.includes(`'${name}'`) || described.includes(`\`${name}\``),
      `infra: no process has the metric ${name}`,
    );
}

/** A mirror or proxy decides where packages come from. What npm calls resolved of a workspace is its folder. */
function checkLock() {
  const { packages } = JSON.parse(read('package-lock.json'));
  for (const [path, entry] of Object.entries(packages))
    expect(
      entry.resolved === undefined || (entry.link === true && existsSync(join(root, entry.resolved))),
      `package-lock.json: ${path} carries a download address; run \`npm run lock\``,
    );
}
