// Ceph's S3 gateway for tests: one monitor, one store in memory and the gateway, on free ports of the
// loopback device, in a folder of their own.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../app/listening';
import { installPackages, keep, run } from './commands';

const PROGRAMS = ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph'];
const START_TIMEOUT_MS = 120_000;

/** A gateway that runs, and what it is used by. */
export interface CephServer {
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  close(): Promise<void>;
}

function isInstalled(): boolean {
  const folders = (process.env.PATH ?? '').split(':');
  return PROGRAMS.every((name) => folders.some((folder) => existsSync(join(folder, name))));
}

function settings(folder: string, clusterId: string, monitorPort: number, port: number): string {
  return `[global]
fsid = ${clusterId}
mon host = v2:127.0.0.1:${monitorPort}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms bind msgr1 = false
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon warn on pool no redundancy = false
mon data avail crit = 1
mon data avail warn = 2
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
pid file = ${folder}/run/$name.pid
log file = ${folder}/log/$name.log
mon cluster log file = ${folder}/log/cluster.log
keyring = ${folder}/keyring
mon data = ${folder}/mon
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
osd class load list = *
osd class default list = *
[client.rgw.a]
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw thread pool size = 64
`;
}

/** Without keys for all of them the gateway hangs. */
async function makeKeys(keyring: string): Promise<void> {
  const keys: Record<string, Record<string, string>> = {
    'mon.': { mon: 'allow *' },
    'client.admin': { mon: 'allow *', osd: 'allow *', mgr: 'allow *' },
    'osd.0': { mon: 'allow profile osd', osd: 'allow *', mgr: 'allow profile osd' },
    'client.rgw.a': { mon: 'allow rw', osd: 'allow rwx', mgr: 'allow rw' },
  };
  for (const [name, rights] of Object.entries(keys)) {
    const caps = Object.entries(rights).flatMap(([service, right]) => ['--cap', service, right]);
    const create = existsSync(keyring) ? [] : ['--create-keyring'];
    await run('ceph-authtool', [keyring, ...create, '--gen-key', '-n', name, ...caps]);
  }
}

async function untilUp(endpoint: string): Promise<void> {
  const endMs = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      const { ok } = await fetch(endpoint, { signal: AbortSignal.timeout(2_000) });
      if (ok) return;
    } catch (error) {
      if (Date.now() > endMs) throw new Error('The S3 gateway did not come up.', { cause: error });
    }
    await sleep(200);
  }
}

/** Starts the gateway, installing it when it is missing. */
export async function startCeph(): Promise<CephServer> {
  if (!isInstalled())
    await installPackages("Ceph's S3 gateway", ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph-common']);
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-ceph-'));
  const daemons = ['mon.a', 'osd.0', 'client.rgw.a'];
  const close = keep(
    folder,
    daemons.map((name) => join(folder, 'run', `${name}.pid`)),
  );
  try {
    for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) mkdirSync(join(folder, name));
    const [id, monitorPort, port] = [randomUUID(), await freePort(), await freePort()];
    const config = join(folder, 'ceph.conf');
    const keyring = join(folder, 'keyring');
    writeFileSync(config, settings(folder, id, monitorPort, port));
    const env = { CEPH_CONF: config, CEPH_ARGS: '', PYTHONWARNINGS: 'ignore' };
    const act = (program: string, ...args: string[]) =>
      run(program, [...args, '-c', config], { env, cwd: folder });
    await makeKeys(keyring);
    const map = join(folder, 'monmap');
    const address = `[v2:127.0.0.1:${monitorPort}]`;
    await run('monmaptool', ['--create', '--fsid', id, '--addv', 'a', address, map]);
    await act('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
    await act('ceph-mon', '-i', 'a');
    await act('ceph', 'osd', 'new', id, '0');
    await act('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', id);
    await act('ceph-osd', '-i', '0');
    await act('radosgw', '-n', 'client.rgw.a');
    const endpoint = `http://127.0.0.1:${port}`;
    await untilUp(endpoint);
    const accessKeyId = 'ai2text-tests';
    const secretAccessKey = randomBytes(18).toString('base64url');
    const user = ['--uid=tests', '--display-name=tests', `--access-key=${accessKeyId}`];
    await act(
      'radosgw-admin',
      '-n',
      'client.rgw.a',
      'user',
      'create',
      ...user,
      `--secret-key=${secretAccessKey}`,
    );
    return { endpoint, accessKeyId, secretAccessKey, close };
  } catch (error) {
    await close();
    throw error;
  }
}
