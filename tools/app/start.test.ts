import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { freePort } from './listening';
import { isRunning, makeProject } from './test-project';

/** The script of `npm start`. */
const START = ['tools/run.mjs', 'tools/start.ts'];

/** Starts the app of a new project, by `npm start` or by its script alone. */
async function start(env: Record<string, string> = {}, program = 'npm', args = ['start']) {
  const project = makeProject();
  const port = String(await freePort());
  const command = project.run(program, args, { PORT: port, HOSTNAME: 'localhost', ...env });
  const server = async () => Number((await command.match(/serving (\d+)/))[1]);
  return { ...project, ...command, port, server };
}

const isGone = (pid: number) =>
  vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 15_000 });

describe('the server ends with npm start', () => {
  // npm hands SIGINT to its shell alone, and some (dash) keep it until their command has ended by itself
  test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('when npm gets %s', async (signal) => {
    const { child, match, server } = await start();
    await match(/ready at/);
    child.kill(signal);
    await isGone(await server());
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
    'when its script gets %s',
    async (signal) => {
      const { child, match, server, ended } = await start({}, process.execPath, START);
      await match(/ready at/);
      child.kill(signal);
      await isGone(await server());
      // asked in time, it says how the server has ended
      expect(await ended).toBe(['SIGTERM', 'SIGINT'].includes(signal) ? 143 : signal);
    },
  );

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'when a shell between npm and its script gets %s, and when npm does',
    async (signal) => {
      for (const whom of ['shell', 'npm']) {
        const project = makeProject();
        const port = String(await freePort());
        // two commands: the shell cannot give its place to one of them
        project.write('npm.sh', 'echo npm $$; export npm_lifecycle_event=start; sh run.sh; true');
        project.write('run.sh', `echo shell $$; ${process.execPath} ${START.join(' ')}; true`);
        const { match } = project.run('sh', ['npm.sh'], { PORT: port, HOSTNAME: 'localhost' });
        await match(/ready at/);
        const server = Number((await match(/serving (\d+)/))[1]);
        process.kill(Number((await match(new RegExp(`${whom} (\\d+)`)))[1]), signal);
        await isGone(server);
      }
    },
  );

  test('before it is ready, too', async () => {
    const silent = "console.log('serving', process.pid); setInterval(() => undefined, 1000);";
    const { child, server } = await start({ SERVER: silent }, process.execPath, START);
    const pid = await server();
    child.kill('SIGKILL');
    await isGone(pid);
  });
});

test('keeps running when the shell that started the script is closed', async () => {
  const project = makeProject();
  const port = String(await freePort());
  const { match } = project.run(
    'sh',
    ['-c', `${process.execPath} ${START.join(' ')} & echo script $!`],
    { PORT: port, HOSTNAME: 'localhost' },
  );
  await match(/ready at/);
  const pid = Number((await match(/script (\d+)/))[1]);
  const server = Number((await match(/serving (\d+)/))[1]);
  // longer than it looks for its starter
  const deadline = Date.now() + 1_500;
  while (Date.now() < deadline) expect((await fetch(`http://localhost:${port}`)).ok).toBe(true);
  process.kill(pid, 'SIGTERM');
  await isGone(server);
});

describe('an obstacle is reported in one sentence, and nothing is built before', () => {
  test('another program on the port', async () => {
    const other = createServer().listen(0, 'localhost');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { said, ended } = await start({ PORT: port }, process.execPath, START);
    expect(await ended).toBe(1);
    expect(said()).toBe(
      `Port ${port} is in use by another program. Stop that one, or set PORT to another number.\n`,
    );
    other.close();
  });

  test('another program on one of the addresses of the name', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { said, ended } = await start({ PORT: port }, process.execPath, START);
    expect(await ended).toBe(1);
    expect(said()).toMatch(/^Port \d+ is in use/);
    other.close();
  });

  test.each([
    [{ PORT: 'http' }, 'PORT must be a whole number from 1 to 65535.\n'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 1 to 65535.\n'],
    [{ PORT: '0' }, 'PORT must be a whole number from 1 to 65535.\n'],
    [
      { HOSTNAME: '192.0.2.7' },
      'HOSTNAME is 192.0.2.7, which is no address of this machine. Set it to localhost, or to 0.0.0.0 for every address.\n',
    ],
  ])('%j', async (env, sentence) => {
    const { said, ended } = await start(env, process.execPath, START);
    expect(await ended).toBe(1);
    expect(said()).toBe(sentence);
  });
});

test('adds nothing to what the server says of why it does not start', async () => {
  const refuses = "console.error('DATABASE_URL must be an address.'); process.exit(78);";
  const { said, ended } = await start({ SERVER: refuses }, process.execPath, START);
  expect(await ended).toBe(1);
  expect(said()).toMatch(/bundling \d+\nDATABASE_URL must be an address\.\n$/);
});

test('says with which code a server ended that has not said anything', async () => {
  const { said, ended } = await start({ SERVER: 'process.exit(3)' }, process.execPath, START);
  expect(await ended).toBe(1);
  expect(said()).toMatch(/\nThe server did not start: it ended with code 3\.\n$/);
});
