// What the documents name is there: files, links, and the tests that ARCHITECTURE's table of failures names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const FOLDERS = ['app', 'lib', 'workers', 'tools', 'e2e', 'training', 'docs'];

const below = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => `${folder}/${file}`);

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...FOLDERS.flatMap((folder) => below(folder, /\.md$/)),
];
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const isThere = (path: string) =>
  ['', '.ts', '.tsx', '.mjs'].some((ending) => existsSync(join(root, path + ending)));

it.each(documents)('%s names files that exist', (document) => {
  const text = read(document);
  const named = [...text.matchAll(/`((?:app|lib|workers|tools|e2e)\/[\w./[\]-]+)`/g)].map(
    ([, path = '']) => path,
  );
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = '']) =>
    join(dirname(document), path),
  );
  expect([...named, ...linked].filter((path) => !isThere(path))).toEqual([]);
});

it('the table of failures names tests that exist', () => {
  const tests = FOLDERS.flatMap((folder) => below(folder, /\.(test|spec)\.tsx?$/))
    .map(read)
    .join('\n');
  const [, table = ''] = read('ARCHITECTURE.md').split('## Failures');
  const titles = [...table.matchAll(/"([^"]{8,})"/g)].map(([, title = '']) => title);
  expect(titles.length).toBeGreaterThan(3);
  // an ellipsis stands for the rest of a title
  const isTest = (title: string) => title.split('…').every((part) => tests.includes(part.trim()));
  expect(titles.filter((title) => !isTest(title))).toEqual([]);
});
