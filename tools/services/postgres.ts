// A PostgreSQL server for tests, on a free port of the loopback device, in a folder of its own.
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../app/listening';
import { installPackages, isRoot, keep, run } from './commands';

const DEBIAN = '/usr/lib/postgresql';
const CLUSTER_SETTINGS = '/etc/postgresql-common/createcluster.d';

/** A PostgreSQL server for tests. */
export interface PostgresServer {
  /** Of a user who may do everything. */
  url: string;
  stopServer(): Promise<unknown>;
  startServer(): Promise<unknown>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** The folder of the newest version's programs. */
function programs(): string | null {
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
    : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return (
    folders.find(
      (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')),
    ) ?? null
  );
}

/** Debian's package starts a server of its own unless configured not to. */
async function install(): Promise<void> {
  const settings = join(CLUSTER_SETTINGS, 'ai2text-tests.conf');
  if (isRoot) {
    mkdirSync(CLUSTER_SETTINGS, { recursive: true });
    writeFileSync(settings, 'create_main_cluster = false\n');
  }
  try {
    await installPackages('PostgreSQL', ['postgresql']);
  } finally {
    if (isRoot) rmSync(settings, { force: true });
  }
}

/** Starts a server, installing it when it is missing. */
export async function startPostgres(): Promise<PostgresServer> {
  if (!programs()) await install();
  const bin = programs() ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-postgres-'));
  const data = join(folder, 'data');
  const close = keep(folder, [join(data, 'postmaster.pid')]);
  try {
    // it refuses to run as root
    const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
    if (isRoot) {
      const user = statSync('/var/lib/postgresql');
      chownSync(folder, user.uid, user.gid);
    }
    const act = (program: string, ...args: string[]) => {
      const [command = '', ...rest] = [...as, join(bin, program), ...args];
      return run(command, rest, { cwd: folder });
    };
    await act(
      'initdb',
      '-D',
      data,
      '-U',
      'ai2text',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    );
    const port = await freePort();
    const settings = [
      `-p ${port}`,
      '-c listen_addresses=127.0.0.1',
      "-c unix_socket_directories=''",
      // data of tests need not outlive the machine's power
      '-c fsync=off',
    ].join(' ');
    const startServer = () =>
      act('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start');
    const stopServer = () => act('pg_ctl', '-D', data, '-w', '-m', 'fast', 'stop');
    await startServer();
    return {
      url: `postgres://ai2text@127.0.0.1:${port}/postgres`,
      startServer,
      stopServer,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
