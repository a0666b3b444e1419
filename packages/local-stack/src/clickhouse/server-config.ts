// What the parent tells the ClickHouse process, and the one line by which that answers.
export interface ClickHouseServerConfig {
  readonly dataDir: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly isThrowaway: boolean;
}

export const isServerReadyLine = /^clickhouse listens on port (\d+)$/;

export const readServerConfig = (text: string | undefined): ClickHouseServerConfig => {
  const value: unknown = JSON.parse(text ?? 'null');
  if (typeof value !== 'object' || value === null || !('dataDir' in value)) {
    throw new Error('SLUICE_LOCAL_CLICKHOUSE is missing: this process is started by startClickHouse().');
  }
  return value as ClickHouseServerConfig;
};
