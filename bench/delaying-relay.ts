import { type AddressInfo, createServer, connect as openSocket, type Server, type Socket } from 'node:net';

/**
 * Passes TCP connections on to a local server as a wire with a round trip of `roundTripMs` would: everything arrives half
 * a round trip later, and the first bytes wait for another one, which opening the connection would take.
 */
export class DelayingRelay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(targetPort: number, roundTripMs: number) {
    this.#server = createServer((client) => {
      const target = openSocket(targetPort, '127.0.0.1');
      const openAtMs = performance.now() + roundTripMs;
      for (const socket of [client, target]) {
        this.#sockets.add(socket.setNoDelay());
        socket.on('error', () => undefined); // The other side learns of it by 'close'.
      }
      delay(client, target, { delayMs: roundTripMs / 2, openAtMs });
      delay(target, client, { delayMs: roundTripMs / 2, openAtMs });
    });
  }

  static async start(targetPort: number, roundTripMs: number): Promise<DelayingRelay> {
    const relay = new DelayingRelay(targetPort, roundTripMs);
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function delay(
  from: Socket,
  to: Socket,
  { delayMs, openAtMs }: { readonly delayMs: number; readonly openAtMs: number },
): void {
  // Each timer delivers what has waited longest, so that nothing overtakes.
  const waiting: (() => void)[] = [];
  const deliverLater = (deliver: () => void) => {
    waiting.push(deliver);
    const sentAtMs = Math.max(performance.now(), openAtMs);
    setTimeout(() => waiting.shift()?.(), sentAtMs + delayMs - performance.now());
  };
  from.on('data', (bytes) => deliverLater(() => void to.write(bytes)));
  from.on('close', () => deliverLater(() => void to.destroy()));
}
