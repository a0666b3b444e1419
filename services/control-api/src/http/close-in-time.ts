// Closing a Fastify server waits for every connection. One that was opened ahead and never used counts as busy, for up to
// a minute: browsers and fetch open such. So, after a grace for requests under way, what is left is cut.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export async function closeInTime(app: NestFastifyApplication, graceMs = 3_000): Promise<void> {
  const server = app.getHttpServer() as { closeAllConnections(): void };
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
