// `.sluice/demo.json`: how to sign in to the demo, and its key, which the API shows only once. Mode 0600.
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

export interface DemoFile {
  readonly email: string;
  readonly password: string;
  readonly tenant: string;
  /** What the gateways know the demo by, with the port: `demo.localhost:8080`. */
  readonly host: string;
  /** The path of the API, without a slash at the end. */
  readonly basePath: string;
  readonly keyHeader: string;
  readonly key: string;
  readonly credentialId: string;
}

export type PartOfDemoFile = Partial<DemoFile>;

export const readDemoFile = (text: string): DemoFile => {
  const demo = JSON.parse(text) as PartOfDemoFile;
  if (demo.key === undefined || demo.host === undefined) throw new Error('The demo file holds no key.');
  return demo as DemoFile;
};

export const loadDemoFile = (path: string): PartOfDemoFile => {
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Cut off by a power cut: the demo is then found or made again.
    return {};
  }
};

export const saveDemoFile = async (path: string, demo: PartOfDemoFile): Promise<void> => {
  const next = `${path}.next`;
  await writeFile(next, `${JSON.stringify(demo, undefined, 2)}\n`, { mode: 0o600 });
  await rename(next, path);
};
