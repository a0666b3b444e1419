// A TCP port of the loopback interface that nobody listens on at this moment. Another process may take it before it
// is used: servers that can bind port 0 themselves should do that instead.
import { createServer } from "node:net";

export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  if (address === null || typeof address === "string") throw new Error("The system gave no TCP port.");
  return address.port;
};

/** True when nothing listens on the port, so that a server may be started on it. */
export const isPortFree = async (port: number, host = "127.0.0.1"): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, host, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
