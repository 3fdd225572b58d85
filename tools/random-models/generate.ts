// Writes a model with fixed random weights, as its published repository would be laid out:
//   node tools/run.mjs tools/random-models/generate.ts --preset whisper-tiny-random --out FOLDER
// It says nonsense, always the same: for tests, comparisons of runtimes, and benchmarks.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate, PRESETS } from './presets';

const { values } = parseArgs({
  options: { preset: { type: 'string' }, out: { type: 'string' } },
});

if (!values.preset || !values.out) {
  console.error('--preset NAME and --out FOLDER are needed.');
  console.error(`Presets: ${PRESETS.join(', ')}`);
  process.exit(2);
}
for (const [path, bytes] of generate(values.preset)) {
  const file = join(values.out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  console.log(`${file}  ${bytes.length} bytes`);
}
