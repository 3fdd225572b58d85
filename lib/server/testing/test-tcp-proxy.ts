import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** What a line between us and a server may do to us. */
export interface TcpProxy {
  /** The address with this proxy in the place of the server. */
  url: string;
  /** Connections that are open through it now. */
  connections(): number;
  /** Nobody listens any more, and what was connected is cut. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Cuts what is connected; new connections are taken. */
  cut(): void;
  /** Everything is taken and nothing passed on, until `flow`. */
  hang(): void;
  /** Every piece comes this much later. */
  delayBy(ms: number): void;
  flow(): void;
}

/** A proxy before the server of an address, on the loopback device; it ends with the test. */
export async function tcpProxy(address: string): Promise<TcpProxy> {
  const target = new URL(address);
  const sockets = new Set<Socket>();
  let delayMs = 0;
  let isHanging = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    // a cut is what these tests are about
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const pass = async (from: Socket, to: Socket) => {
    for await (const piece of from) {
      if (delayMs > 0) await sleep(delayMs);
      while (isHanging && !to.destroyed) await sleep(20);
      if (!to.destroyed) to.write(piece);
    }
    to.end();
  };
  const make = () =>
    createServer((client) => {
      const server = connect(Number(target.port), target.hostname);
      for (const socket of [client, server]) keep(socket);
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const)
        pass(from, to).catch(() => to.destroy());
    });
  let listener = make();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const at = listener.address();
  const port = typeof at === 'object' && at ? at.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const goAway = async () => {
    const closed = once(listener, 'close');
    listener.close();
    cut();
    await closed;
  };
  onTestFinished(() => {
    listener.close();
    cut();
  });
  const url = new URL(address);
  url.port = String(port);
  return {
    url: url.href,
    connections: () => sockets.size / 2,
    goAway,
    async comeBack() {
      listener = make();
      listener.listen(port, '127.0.0.1');
      await once(listener, 'listening');
    },
    cut,
    hang: () => {
      isHanging = true;
    },
    delayBy: (ms) => {
      delayMs = ms;
    },
    flow: () => {
      isHanging = false;
      delayMs = 0;
    },
  };
}
