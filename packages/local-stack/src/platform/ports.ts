// Which port each part of the platform listens on, and how to change it.
import { freePort, isPortFree } from '../free-port.js';

const defaults = {
  portal: 3000,
  control: 4000,
  controlOps: 4001,
  logWorkerOps: 4003,
  gateway1: 8080,
  gateway1Ops: 8081,
  gateway2: 8082,
  gateway2Ops: 8083,
  demoV1: 9101,
  demoV2: 9102,
  traffic: 9103,
  mail: 1025,
  mailPage: 8025,
  postgres: 5480,
  redis: 6480,
  clickhouse: 8480,
} as const;

export type PortName = keyof typeof defaults;
export type Ports = Readonly<Record<PortName, number>>;
export const portNames = Object.keys(defaults) as PortName[];

/** `gateway1Ops` -> `SLUICE_GATEWAY1_OPS_PORT` */
export const portVariable = (name: PortName): string =>
  `SLUICE_${name.replaceAll(/([A-Z])/g, '_$1').toUpperCase()}_PORT`;

export const freePorts = async (): Promise<Ports> =>
  Object.fromEntries(await Promise.all(portNames.map(async (name) => [name, await freePort()]))) as Ports;

export type PortsResult =
  | { readonly ok: true; readonly ports: Ports }
  | { readonly ok: false; readonly errors: readonly string[] };

/** The defaults, changed by variables of the environment; says of each that cannot be had which one it is and what changes it. */
export const fixedPorts = async (
  env: Readonly<Record<string, string | undefined>>,
  used: readonly PortName[] = portNames,
): Promise<PortsResult> => {
  const ports: Record<string, number> = { ...defaults };
  const errors: string[] = [];
  const owners = new Map<number, PortName>();
  for (const name of portNames) {
    const variable = portVariable(name);
    const text = env[variable];
    if (text !== undefined && text !== '') {
      const port = Number(text);
      if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        errors.push(`${variable} is not a port: write a number from 1 to 65535.`);
        continue;
      }
      ports[name] = port;
    }
    if (!used.includes(name)) continue;
    const port = ports[name] ?? 0;
    const other = owners.get(port);
    owners.set(port, name);
    if (other !== undefined) errors.push(`Port ${port} is wanted twice: change ${portVariable(other)} or ${variable}.`);
    else if (!(await isPortFree(port, '0.0.0.0'))) {
      errors.push(
        `Port ${port} (${name}) is taken by another process. Stop that one, or set ${variable} to a free port.`,
      );
    }
  }
  return errors.length === 0 ? { ok: true, ports: ports as Ports } : { ok: false, errors };
};
