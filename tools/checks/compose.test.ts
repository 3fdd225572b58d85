// There is no container engine where tests run: the names in the compose file and the Dockerfile are compared with what is there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  build?: { target: string };
  depends_on?: Record<string, unknown>;
  environment?: Record<string, string>;
  healthcheck?: object;
  networks: string[];
  volumes?: string[];
}
/** The parts that are read here. */
const compose: {
  services: Record<string, Service>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
} = parse(read('compose.yaml'));
const services = Object.entries(compose.services);

const stages = [...read('Dockerfile').matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)].map(
  ([, from = '', name = '']) => ({ from, name }),
);

it.each(services)('the service %s refers to what is there', (name, service) => {
  const target = service.build?.target;
  if (target) expect(stages.map((stage) => stage.name)).toContain(target);
  for (const other of Object.keys(service.depends_on ?? {}))
    expect(compose.services[other]?.healthcheck ?? other, other).toBeTruthy();
  expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(service.networks));
  const volumes = (service.volumes ?? []).map((volume) => volume.split(':')[0]);
  expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(volumes));
  // the app's is in the Dockerfile
  if (name !== 'app') expect(service.healthcheck).toBeDefined();
});

it.each([
  ['app', 'lib/server/process/read-env.ts'],
  ['worker', 'tools/worker/settings.ts'],
])('the service %s sets variables that its program reads', (name, file) => {
  const source = read(file);
  const unknown = Object.keys(compose.services[name]?.environment ?? {}).filter(
    (variable) => !new RegExp(`^  ${variable}:`, 'm').test(source),
  );
  expect(unknown.filter((variable) => variable !== 'MODEL_HUB')).toEqual([]);
});

it('a stage of the Dockerfile takes from stages before it', () => {
  const copied = [...read('Dockerfile').matchAll(/--from=(\S+)/g)].map(([, name]) => name);
  const names = stages.map((stage) => stage.name);
  expect(names).toEqual(expect.arrayContaining(copied));
  // who names no target gets the app
  expect(names.at(-1)).toBe('app');
});
