// node tools/run.mjs tools/worker/bundle.ts --out FOLDER: writes a worker that needs neither the sources nor
// npm's packages. This is what the image of workers holds.
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { buildKernels } from '../app/build-kernels';
import { UsageError } from '../command/errors';
import { main } from '../command/main';
import { readCommand } from '../command/options';
import { root } from '../command/root';

const HERE = join(root, 'tools', 'worker');

/** What each thread begins with. They lie as deep as their sources: paths from there are the same. */
const ENTRIES = ['worker', 'recogniser-thread', 'kernel-thread', 'ffmpeg-thread'];

/** Files that are read at their place, or loaded by packages that are not part of the bundle. */
const FILES = [
  'LICENSE',
  'NOTICE',
  'public/kernels/kernels.wasm',
  'public/models',
  ...[
    'package.json',
    ...['ort.node.min.mjs', 'ort.wasm.bundle.min.mjs'].map((name) => `dist/${name}`),
    ...['mjs', 'wasm'].map((end) => `dist/ort-wasm-simd-threaded.${end}`),
  ].map((path) => `node_modules/onnxruntime-web/${path}`),
  'node_modules/@echogarden/speex-resampler-wasm/wasm',
  ...['package.json', 'dist/umd/ffmpeg-core.js', 'dist/umd/ffmpeg-core.wasm'].map(
    (path) => `node_modules/@ffmpeg/core/${path}`,
  ),
  'node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx',
];

/** The native runtime, for this machine's platform alone. It is left out where it is not installed. */
const NATIVE_FILES = [
  'node_modules/onnxruntime-common/package.json',
  'node_modules/onnxruntime-common/dist',
  'node_modules/onnxruntime-node/package.json',
  'node_modules/onnxruntime-node/dist',
  `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}`,
];

const PACKAGE = {
  name: 'ai2text-worker',
  private: true,
  type: 'module',
  scripts: { worker: 'node tools/worker/worker.mjs' },
};

await main(async () => {
  const { values } = readCommand({
    name: 'worker',
    text: 'bundles the worker',
    options: { out: { value: 'FOLDER', text: 'where it is written to' } },
  });
  if (values.out === undefined) throw new UsageError('Say where it is written to: --out FOLDER.');
  const out = resolve(values.out);
  await buildKernels();
  await build({
    entryPoints: ENTRIES.map((name) => join(HERE, `${name}.ts`)),
    outdir: join(out, 'tools', 'worker'),
    outExtension: { '.js': '.mjs' },
    tsconfig: join(root, 'tools', 'tsconfig.json'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // these find their own files beside them, or are there for building alone
    external: ['onnxruntime-*', 'assemblyscript/asc'],
    // for packages that are CommonJS
    banner: {
      js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const native = NATIVE_FILES.every((path) => existsSync(join(root, path))) ? NATIVE_FILES : [];
  for (const path of [...FILES, ...native])
    cpSync(join(root, path), join(out, path), { recursive: true });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(PACKAGE, null, 2)}\n`);
});
