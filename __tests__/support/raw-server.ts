import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A TCP server that does with each connection whatever a test wants, such as nothing at all. */
export class RawServer {
  /** Number of connections so far. */
  connectionCount = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(
    onData: (socket: Socket, data: Buffer) => void,
    onConnection: (socket: Socket) => void,
  ) {
    this.#server = createServer((socket) => {
      this.connectionCount += 1;
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      onConnection(socket);
      socket.on('data', (data) => onData(socket, data));
    });
  }

  /** `onData` is called with everything that arrives. By default, nothing is ever answered. */
  static async start(
    onData: (socket: Socket, data: Buffer) => void = () => undefined,
    onConnection: (socket: Socket) => void = () => undefined,
  ): Promise<RawServer> {
    const server = new RawServer(onData, onConnection);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
