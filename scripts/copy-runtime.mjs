// Puts the runtimes that npm installed where the app serves them: no CDN, no network.
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** [from, below node_modules; to, below public] */
const FILES = [
  ...['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'].flatMap((name) =>
    ['mjs', 'wasm'].map((ext) => [`onnxruntime-web/dist/${name}.${ext}`, `ort/${name}.${ext}`]),
  ),
  ...['ffmpeg-core.js', 'ffmpeg-core.wasm'].map((name) => [
    `@ffmpeg/core/dist/esm/${name}`,
    `ffmpeg/${name}`,
  ]),
  ...['index', 'classes', 'const', 'errors', 'types', 'utils', 'worker'].map((name) => [
    `@ffmpeg/ffmpeg/dist/esm/${name}.js`,
    `ffmpeg/${name}.js`,
  ]),
  ['../lib/engine/decode/ffmpeg-piped-core.js', 'ffmpeg/ffmpeg-piped-core.js'],
  ...['js', 'wasm'].map((ext) => [
    `@echogarden/speex-resampler-wasm/wasm/speex-resampler-simd.${ext}`,
    `resampler/speex-resampler-simd.${ext}`,
  ]),
  ['@ricky0123/vad-web/dist/silero_vad_v6.onnx', 'vad/silero_vad_v6.onnx'],
];

/** Copies what is missing or differs in size or age. @returns {void} */
export function copyRuntime() {
  for (const [from, to] of FILES) {
    const source = join(root, 'node_modules', from);
    const target = join(root, 'public', to);
    const wanted = statSync(source);
    if (existsSync(target)) {
      const have = statSync(target);
      if (have.size === wanted.size && have.mtimeMs >= wanted.mtimeMs) continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) copyRuntime();
