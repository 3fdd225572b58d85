import { expect, test, vi } from 'vitest';
import { isRunning, makeProject } from './test-project';

type Project = ReturnType<typeof makeProject>;

/** Runs `npm run build`. @returns whether it built, and how it ended */
async function build(project: Project, env: Record<string, string> = {}) {
  const { said, ended } = project.script('build', env);
  const code = await ended;
  return { code, built: said().includes('Building…'), said: said() };
}

test('builds once, and again when a source has changed', async () => {
  const project = makeProject();
  expect(await build(project)).toMatchObject({ code: 0, built: true });
  expect(await build(project)).toEqual({ code: 0, built: false, said: '' });
  project.write('app/page.tsx', 'changed');
  expect(await build(project)).toMatchObject({ code: 0, built: true });
});

test('takes a build that failed for none, though Next has left its name', async () => {
  const project = makeProject();
  const failed = await build(project, { NEXT_DOES: 'fail' });
  expect(failed.code).toBe(1);
  expect(failed.said).toMatch(/The build failed; the lines above say why\.\n$/);
  expect(project.read('.next/BUILD_ID')).not.toBe('');
  expect(await build(project)).toMatchObject({ code: 0, built: true });
});

test('takes a build that failed for none where there was a whole one before', async () => {
  const project = makeProject();
  await build(project);
  project.write('app/page.tsx', 'changed');
  await build(project, { NEXT_DOES: 'fail' });
  expect(await build(project)).toMatchObject({ code: 0, built: true });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  'a build that %s ends leaves nothing that runs, and counts for nothing',
  async (signal) => {
    const project = makeProject();
    const { child, match, ended } = project.script('build', { NEXT_DOES: 'hang' });
    const [, bundler] = await match(/bundling (\d+)/);
    child.kill(signal);
    await ended;
    await vi.waitFor(() => expect(isRunning(Number(bundler))).toBe(false), { timeout: 10_000 });
    expect(await build(project)).toMatchObject({ code: 0, built: true });
  },
);

test('says so when the bundler is killed', async () => {
  const project = makeProject();
  const { match, said, ended } = project.script('build', { NEXT_DOES: 'hang' });
  const [, bundler] = await match(/bundling (\d+)/);
  process.kill(Number(bundler), 'SIGKILL');
  expect(await ended).toBe(1);
  expect(said()).toMatch(/The build was interrupted \(SIGKILL\)\.\n$/);
});

test('takes a build that lacks a part for none', async () => {
  const project = makeProject();
  await build(project);
  for (const path of [
    'public/sw.js',
    '.next/standalone/server.js',
    '.next/standalone/public',
    '.next/standalone/.next/static',
    '.next/BUILD_ID',
    '.next/ai2text-build.json',
  ]) {
    project.remove(path);
    expect(await build(project), path).toMatchObject({ code: 0, built: true });
  }
  expect(await build(project)).toMatchObject({ code: 0, built: false });
});

test('says in a sentence what its last steps ran into', async () => {
  const project = makeProject();
  // as a full disk does: the file cannot be written
  project.write('public/sw.js/in-the-way', '');
  const { code, said } = await build(project);
  expect(code).toBe(1);
  expect(said).toMatch(/The build could not be finished: .*sw\.js.*\n$/);
  project.remove('public/sw.js');
  expect(await build(project)).toMatchObject({ code: 0, built: true });
});

test('takes a change made while it built for newer than the build', async () => {
  const project = makeProject();
  const { match, ended } = project.script('build', { NEXT_DOES: 'linger' });
  await match(/bundling/);
  project.write('app/page.tsx', 'changed meanwhile');
  expect(await ended).toBe(0);
  expect(await build(project)).toMatchObject({ built: true });
});

test('builds once for two commands that start at the same moment', async () => {
  const project = makeProject();
  const both = [1, 2].map(() => build(project, { NEXT_DOES: 'linger' }));
  const answers = await Promise.all(both);
  expect(answers.map(({ code }) => code)).toEqual([0, 0]);
  expect(answers.filter(({ built }) => built)).toHaveLength(1);
  expect(project.read('asked.log')).toBe('build production\n');
});

test('names no process where the lock does not say whose it is', async () => {
  const project = makeProject();
  project.write('.ai2text-building', '');
  const { match, said, ended } = project.script('build');
  await match(/Waiting for another build…/);
  project.remove('.ai2text-building');
  expect(await ended).toBe(0);
  expect(said()).not.toContain('process');
});

test('leaves the bundler’s own workers alone', async () => {
  const project = makeProject();
  expect(await build(project, { NEXT_DOES: 'fork' })).toMatchObject({ code: 0 });
  expect(project.read('asked.log')).toBe('build production\nworker\n');
});

test('builds for production, whatever the command runs as', async () => {
  const project = makeProject();
  await build(project, { NODE_ENV: 'development' });
  expect(project.read('asked.log')).toBe('build production\n');
});
