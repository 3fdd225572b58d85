// A NATS server with JetStream for tests, on a free port of the loopback device, in a folder of its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../app/listening';
import { installPackages, keep } from './commands';

const START_TIMEOUT_MS = 20_000;

/** A server that runs. */
export interface NatsServer {
  /** `nats://127.0.0.1:…` */
  url: string;
  close(): Promise<void>;
}

function program(): string | null {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  return (
    folders.map((folder) => join(folder, 'nats-server')).find((path) => existsSync(path)) ?? null
  );
}

async function untilUp(port: number): Promise<void> {
  const endMs = Date.now() + START_TIMEOUT_MS;
  const isUp = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  while (!(await isUp())) {
    if (Date.now() > endMs) throw new Error('The NATS server did not come up.');
    await sleep(50);
  }
}

/** Starts the server, installing it when it is missing. */
export async function startNats(): Promise<NatsServer> {
  if (!program()) await installPackages('NATS', ['nats-server']);
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-nats-'));
  const pidFile = join(folder, 'nats.pid');
  const close = keep(folder, [pidFile]);
  try {
    const port = await freePort();
    const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder];
    const child = spawn(program() ?? 'nats-server', args, { stdio: 'ignore', detached: true });
    child.unref();
    writeFileSync(pidFile, String(child.pid));
    await untilUp(port);
    return { url: `nats://127.0.0.1:${port}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}
