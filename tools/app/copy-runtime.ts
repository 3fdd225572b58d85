// Puts the runtimes that npm installed where the app serves them: no CDN, no network.
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../command/root';

/** By their path below `public`, the path below `node_modules`. */
const FILES: Readonly<Record<string, string>> = {
  ...copies('ort', 'onnxruntime-web/dist', [
    'ort-wasm-simd-threaded.mjs',
    'ort-wasm-simd-threaded.wasm',
    'ort-wasm-simd-threaded.asyncify.mjs',
    'ort-wasm-simd-threaded.asyncify.wasm',
  ]),
  ...copies('ffmpeg', '@ffmpeg/core/dist/esm', ['ffmpeg-core.js', 'ffmpeg-core.wasm']),
  ...copies(
    'ffmpeg',
    '@ffmpeg/ffmpeg/dist/esm',
    ['index', 'classes', 'const', 'errors', 'types', 'utils', 'worker'].map((name) => `${name}.js`),
  ),
  ...copies('ffmpeg', '../lib/engine/decode', ['ffmpeg-piped-core.js', 'ffmpeg-file-systems.js']),
  ...copies('resampler', '@echogarden/speex-resampler-wasm/wasm', [
    'speex-resampler-simd.js',
    'speex-resampler-simd.wasm',
  ]),
  ...copies('vad', '@ricky0123/vad-web/dist', ['silero_vad_v6.onnx']),
};

function copies(to: string, from: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${to}/${name}`, `${from}/${name}`]));
}

/** Copies what is missing or differs in size or age. */
export function copyRuntime(): void {
  for (const [to, from] of Object.entries(FILES)) {
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
