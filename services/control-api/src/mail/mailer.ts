// Mail, sent behind the answer: whether an address is known must not show in how long an answer takes, and a slow mail server
// must not hold a person up. What could not be sent is logged without its content; people can ask for a new code.
import type { Logger } from '@sluice/runtime';
import { createTransport } from 'nodemailer';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  send(mail: Mail): void;
  /** Resolves when everything handed over has been sent or given up. */
  close(): Promise<void>;
}

export function createMailer({ url, from, logger }: { url: string; from: string; logger: Logger }): Mailer {
  const transport = createTransport(url, { from, disableFileAccess: true, disableUrlAccess: true });
  const underway = new Set<Promise<void>>();
  return {
    send(mail) {
      const sending = transport.sendMail({ ...mail, from }).then(
        () => undefined,
        (error: unknown) =>
          logger.error(
            {
              code: error instanceof Error && 'code' in error ? error.code : undefined,
              subject: mail.subject.replace(/\d{6}/, '******'),
            },
            'a mail could not be sent',
          ),
      );
      underway.add(sending);
      void sending.finally(() => underway.delete(sending));
    },
    async close() {
      await Promise.all(underway);
      transport.close();
    },
  };
}
