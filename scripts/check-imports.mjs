// Keeps the import directions of ARCHITECTURE.md: data flows one way, and no page code reaches
// into workers. Every file is parsed; each forbidden import is one line of output.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The stages in the order data flows; a folder takes types from its left, never from its right. */
const FLOW = ['media', 'vad', 'asr', 'record', 'transcript', 'store', 'sync', 'share', 'export'];

/** What the server is made of, beside its own folder. */
const SERVER_USES = /^lib\/(core|share|sync)\//;
/** What runs on the server, and may use it. */
const ON_SERVER = /^(proxy|instrumentation)\.ts$|^app\/api\/|^app\/(.+\/)?(page|layout)\.tsx$/;

/** Values that may come from another stage (style: the exceptions, and why). */
const VALUE_EXCEPTIONS = [
  // the sample rate is one constant for all stages
  { from: /^lib\/(vad|asr|record|transcript|store|pipeline)\//, to: /^lib\/media\/constants$/ },
  // live text finds speech as files do, frame by frame
  { from: /^lib\/record\//, to: /^lib\/vad\/(constants|options|segmenter|pcm-window)$/ },
  // what several runs found wrong with a source is put together where it is stored
  { from: /^lib\/store\//, to: /^lib\/media\/notices$/ },
  // what is exported, stored and shared is a transcript
  { from: /^lib\/(export|store|sync|share)\//, to: /^lib\/transcript\// },
  // what devices tell each other of a transcript
  { from: /^lib\/server\//, to: /^lib\/transcript\/summary$/ },
  // pages may ask the hub that the server names
  { from: /^lib\/server\/hub-hosts\.ts$/, to: /^lib\/models\/hub-address$/ },
  // what the server has of models is told in the form in which browsers know them
  { from: /^lib\/server\/shelf(-\w+)?\.ts$/, to: /^lib\/models\/shelf$/ },
];

/** @returns {string | null} why `from` must not import `to`, or null when it may */
export function forbidden(from, to, typeOnly) {
  const [top, room] = from.split('/');
  const [toTop, toRoom] = to.split('/');
  const isTest = /\.test(-d)?\.tsx?$|^lib\/server\/testing\//.test(from);
  // the inline scripts of all pages, which their policy has to know
  if (from === 'proxy.ts' && /^app\/_features\/(ui\/theme|i18n\/languages)$/.test(to)) return null;
  if (toTop === 'app' && top !== 'app' && top !== 'e2e' && !isTest) return 'nothing imports app';
  // tests run on models that scripts write
  const isTestSupport = isTest || /\/test-[\w-]+\.tsx?$/.test(from);
  if (toTop === 'scripts' && top !== 'scripts' && top !== 'e2e' && !isTestSupport)
    return 'nothing imports scripts';
  if (isTest) return null;
  if (toTop === 'lib' && toRoom === 'server' && !(top === 'lib' && room === 'server'))
    return ON_SERVER.test(from) || typeOnly
      ? null
      : 'only routes and server components see the server';
  if (top === 'app') {
    if (toTop === 'workers' && !/\/(client|protocol)$/.test(to))
      return 'app sees workers by their client';
    return null;
  }
  if (top === 'workers') {
    if (toTop === 'workers' && toRoom !== room) return 'no worker folder imports another';
    if (/\/client$/.test(from) && /\/worker$/.test(to)) return 'a worker is started by its address';
    return null;
  }
  if (top !== 'lib') return null;
  if (toTop === 'workers') return 'lib never imports workers';
  if (toTop !== 'lib' || room === toRoom) return null;
  if (room === 'core') return 'lib/core imports nothing';
  if (toRoom === 'core') return null;
  if (room === 'server')
    return SERVER_USES.test(to) || isException(from, to)
      ? null
      : 'the server uses core, share and sync';
  if (room === 'rpc') return 'lib/engine/rpc imports only lib/core';
  if (room === 'pipeline')
    return typeOnly || pipelineValue(to)
      ? null
      : 'lib/client/jobs gets implementations as arguments';
  if (toRoom === 'pipeline') return 'nothing below imports lib/client/jobs';
  if (typeOnly) {
    const mine = FLOW.indexOf(room);
    const theirs = FLOW.indexOf(toRoom);
    return mine >= 0 && theirs > mine ? `${room} comes before ${toRoom}` : null;
  }
  if (isException(from, to)) return null;
  if (room === 'asr' && toRoom === 'models') return null;
  if ((room === 'vad' || room === 'asr') && toRoom === 'onnx') return null;
  return 'only types may come from another stage';
}

function isException(from, to) {
  return VALUE_EXCEPTIONS.some((rule) => rule.from.test(from) && rule.to.test(to));
}

/** Pure functions that the pipeline may call: they are no stage's implementation. */
function pipelineValue(to) {
  return /^lib\/(media\/constants|models\/catalogue|transcript\/assemble|store\/jobs)$/.test(to);
}

function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function resolveImport(from, name) {
  const path = name.startsWith('@/')
    ? name.slice(2)
    : name.startsWith('.')
      ? relative(root, join(root, dirname(from), name)).replaceAll('\\', '/')
      : null;
  return path?.replace(/\.tsx?$/, '') ?? null;
}

/** @returns {{file: string, to: string, typeOnly: boolean}[]} every import of our own files */
export function importsOf(file, code) {
  const { module } = parseSync(file, code);
  const found = [];
  const add = (name, typeOnly) => {
    const to = resolveImport(file, name);
    if (to) found.push({ file, to, typeOnly });
  };
  for (const { moduleRequest, entries } of module.staticImports)
    add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType));
  for (const { entries } of module.staticExports)
    for (const entry of entries)
      if (entry.moduleRequest) add(entry.moduleRequest.value, entry.isType);
  for (const { moduleRequest } of module.dynamicImports) {
    const text = code.slice(moduleRequest.start, moduleRequest.end);
    if (/^['"]/.test(text)) add(text.slice(1, -1), false);
  }
  return found;
}

/** @returns {string[]} one line for each forbidden import in the tree */
export function checkImports() {
  return ['app', 'lib', 'workers']
    .flatMap((folder) => (statSync(join(root, folder)).isDirectory() ? sources(folder) : []))
    .concat('proxy.ts', 'instrumentation.ts')
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
    .flatMap(({ file, to, typeOnly }) => {
      const why = forbidden(file, to, typeOnly);
      return why ? [`${file} imports ${to}: ${why}`] : [];
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = checkImports();
  for (const line of lines) console.error(line);
  process.exitCode = lines.length > 0 ? 1 : 0;
}
