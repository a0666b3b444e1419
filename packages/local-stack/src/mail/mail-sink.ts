// A real SMTP server that delivers to nobody: it keeps the last mails in memory, and shows them on a page and as JSON. For
// development and tests alone: it asks for no password and keeps to loopback.
import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { mailPage } from './mail-page.js';
import { requestUrl } from '../request-url.js';

export interface Mail {
  readonly id: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** UTC, ISO 8601. */
  readonly receivedAt: string;
}

export interface MailSinkOptions {
  /** SMTP; 0 or left out: a free one. */
  readonly port?: number;
  /** The page; 0 or left out: a free one. */
  readonly httpPort?: number;
  /** How many mails are kept; older ones are dropped. */
  readonly capacity?: number;
}

export interface RunningMailSink {
  /** `smtp://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly httpUrl: string;
  readonly httpPort: number;
  /** Newest first. */
  messages(to?: string): readonly Mail[];
  stop(): Promise<void>;
}

const maximumMailBytes = 5 * 1024 * 1024;

export const startMailSink = async ({
  port = 0,
  httpPort = 0,
  capacity = 500,
}: MailSinkOptions = {}): Promise<RunningMailSink> => {
  const mails: Mail[] = [];
  const keep = (mail: Mail): void => {
    mails.unshift(mail);
    if (mails.length > capacity) mails.pop();
  };
  const messages = (to?: string): readonly Mail[] => {
    const wanted = to?.trim().toLowerCase();
    return wanted === undefined || wanted === '' ? [...mails] : mails.filter((mail) => mail.to.includes(wanted));
  };
  const smtp = createSmtpServer(keep);
  const http = createServer((req, res) => {
    answer(requestUrl(req), req.method ?? 'GET', res, messages);
  });
  const smtpPort = await listen(smtp, smtp.server, port);
  let pagePort: number;
  try {
    pagePort = await listen(http, http, httpPort);
  } catch (error) {
    smtp.close(() => {});
    throw error;
  }
  return {
    url: `smtp://127.0.0.1:${smtpPort}`,
    port: smtpPort,
    httpUrl: `http://127.0.0.1:${pagePort}`,
    httpPort: pagePort,
    messages,
    stop: async () => {
      http.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => {
          smtp.close(() => {
            resolve();
          });
        }),
        new Promise<void>((resolve) => {
          http.close(() => {
            resolve();
          });
        }),
      ]);
    },
  };
};

const createSmtpServer = (keep: (mail: Mail) => void): SMTPServer => {
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: maximumMailBytes,
    logger: false,
    onData: (stream, session, callback) => {
      void (async () => {
        const mail = await receive(stream, session);
        if (mail instanceof Error) callback(mail);
        else {
          keep(mail);
          callback();
        }
      })();
    },
  });
  // A client that breaks off is its own affair.
  smtp.on('error', () => {});
  return smtp;
};

const receive = async (stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<Mail | Error> => {
  try {
    const parsed = await simpleParser(stream);
    if (stream.sizeExceeded) return new Error(`A mail may have ${maximumMailBytes} bytes.`);
    return {
      id: randomUUID(),
      // The envelope says who gets it; the headers only what is shown.
      to: envelope.rcptTo.map(({ address }) => address.toLowerCase()),
      from: parsed.from?.text ?? (envelope.mailFrom === false ? '' : envelope.mailFrom.address),
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      receivedAt: new Date().toISOString(),
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

const answer = (url: URL, method: string, res: ServerResponse, messages: (to?: string) => readonly Mail[]): void => {
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (method !== 'GET' && method !== 'HEAD') {
    res.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const to = url.searchParams.get('to') ?? undefined;
  if (url.pathname === '/api/messages') {
    res.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(messages(to)));
  } else if (url.pathname === '/') {
    res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(mailPage(messages(to), to));
  } else {
    res.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Mails are at / and /api/messages.\n');
  }
};

const listen = async (server: Server | SMTPServer, inner: NetServer, port: number): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    inner.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      inner.off('error', reject);
      resolve();
    });
  });
  const address = inner.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no TCP port.');
  return address.port;
};
