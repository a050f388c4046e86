import { createServer, request, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

interface ProxyOptions {
  /** Key and certificate of the TLS server behind the proxy. */
  readonly key: string;
  readonly cert: string;
  /** Where that server forwards requests. */
  readonly target: string;
  /** Key and certificate of the proxy, if it expects TLS itself. */
  readonly own?: { readonly key: string; readonly cert: string };
  /** The `user:password` that the proxy requires. Default: it rejects all credentials. */
  readonly credentials?: string;
}

/** A proxy that connects every host to one TLS server, which forwards to `target`. */
export class FakeProxy {
  /** The hosts of all CONNECT requests. */
  readonly connects: string[] = [];
  readonly #proxy: Server;
  readonly #isSecure: boolean;
  readonly #tlsServer: HttpsServer;
  /** Both ends of each connection that was passed on: closing a server doesn't close them. */
  readonly #tunnels = new Set<Duplex>();

  private constructor({ key, cert, target, own, credentials }: ProxyOptions) {
    this.#isSecure = own !== undefined;
    this.#tlsServer = createTlsServer({ key, cert }, (incoming, outgoing) => {
      const forwarded = request(
        new URL(incoming.url ?? '/', target),
        { method: incoming.method, headers: incoming.headers },
        (response) => {
          outgoing.writeHead(response.statusCode ?? 500, response.headers);
          response.pipe(outgoing);
        },
      );
      incoming.pipe(forwarded);
    });
    const proxy = own ? createTlsServer(own) : createServer();
    const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    this.#proxy = proxy.on('connect', (incoming, socket) => {
      this.connects.push(incoming.url ?? '');
      if (incoming.headers['proxy-authorization'] !== expected) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const tunnel = connect((this.#tlsServer.address() as AddressInfo).port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(tunnel).pipe(socket);
      });
      for (const end of [socket, tunnel]) {
        this.#tunnels.add(end);
        end.on('error', () => end.destroy());
      }
    });
  }

  static async start(options: ProxyOptions): Promise<FakeProxy> {
    const proxy = new FakeProxy(options);
    for (const server of [proxy.#proxy, proxy.#tlsServer]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return proxy;
  }

  get url(): string {
    return `${this.#isSecure ? 'https' : 'http'}://${this.address}`;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const end of this.#tunnels) end.destroy();
    for (const server of [this.#proxy, this.#tlsServer]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
