import { createServer, request, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';

interface Options {
  /** What the server behind the proxy signs in with. */
  readonly key: string;
  readonly cert: string;
  /** Where that server passes requests on to. */
  readonly target: string;
}

/** A proxy that leads every host to one TLS server, which passes on to `target`. It refuses who gives a name and a word. */
export class TestProxy {
  /** The hosts that were asked for. */
  readonly connects: string[] = [];
  readonly #proxy: Server;
  readonly #behind: HttpsServer;

  private constructor({ key, cert, target }: Options) {
    this.#behind = createTlsServer({ key, cert }, (incoming, outgoing) => {
      const onward = request(
        new URL(incoming.url ?? '/', target),
        { method: incoming.method, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(onward);
    });
    this.#proxy = createServer().on('connect', (incoming, socket) => {
      this.connects.push(incoming.url ?? '');
      if (incoming.headers['proxy-authorization']) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const onward = connect((this.#behind.address() as AddressInfo).port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      for (const end of [socket, onward]) end.on('error', () => end.destroy());
    });
  }

  static async start(options: Options): Promise<TestProxy> {
    const proxy = new TestProxy(options);
    for (const server of [proxy.#proxy, proxy.#behind]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const server of [this.#proxy, this.#behind]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
