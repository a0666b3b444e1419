// Postgres's NOTIFY, heard on a connection of its own. A broken connection is made again for as long as it is wanted; what was
// said meanwhile is lost, so each listener asks the tables after `onConnect`, and now and then anyway.
import pg from 'pg';

export interface Listening {
  stop(): Promise<void>;
}

interface ListenOptions {
  readonly url: string;
  readonly channels: readonly string[];
  readonly onNotify: (channel: string, payload: string) => void;
  /** Also at the first connection. */
  readonly onConnect: () => void;
  readonly onError: (error: Error) => void;
}

const retryMs = 1_000;

export function listen({ url, channels, onNotify, onConnect, onError }: ListenOptions): Listening {
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;
  let connecting = Promise.resolve();

  const lose = (lost: pg.Client, error: Error): void => {
    if (client !== lost) return;
    client = undefined;
    lost.end().catch(() => undefined);
    if (isStopped) return;
    onError(error);
    retry = setTimeout(begin, retryMs);
  };

  const connect = async (): Promise<void> => {
    const made = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true });
    client = made;
    made.on('error', (error) => lose(made, error));
    made.on('end', () => lose(made, new Error('the connection that listens was closed')));
    made.on('notification', ({ channel, payload }) => onNotify(channel, payload ?? ''));
    try {
      await made.connect();
      for (const channel of channels) await made.query(`LISTEN ${made.escapeIdentifier(channel)}`);
      onConnect();
    } catch (error) {
      lose(made, error instanceof Error ? error : new Error(String(error)));
    }
  };

  function begin(): void {
    connecting = connect();
  }
  begin();

  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(retry);
      await connecting;
      const last = client;
      client = undefined;
      await last?.end();
    },
  };
}
