// Word times of transformers.js on the recordings of a manifest, scored as `npm run wer -- --times` does:
//   node tools/bench/peers/word-times.mjs MANIFEST.jsonl FOLDER [LIMIT]
// FOLDER holds a Whisper model in onnx-community's layout with the decoder's attention (`_timestamped`).
import { execFileSync } from 'node:child_process';
import { basename, dirname, resolve } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { tableLines } from '../../command/table.mjs';
import { importTypeScript } from '../../command/typescript.mjs';
import { readManifest } from '../../wer/manifest.mjs';
import { timeRows } from '../../wer/word-report.mjs';

const [manifest, folder, limit] = process.argv.slice(2);
const { scoreTimes } = await importTypeScript('tools/wer/time-scores.ts');
env.allowRemoteModels = false;
env.localModelPath = `${dirname(resolve(folder))}/`;
const recognise = await pipeline('automatic-speech-recognition', basename(folder), {
  dtype: 'q8',
});

/** 16 kHz mono PCM of a recording. */
function decode(path) {
  const args = ['-v', 'error', '-i', path, '-ar', '16000', '-ac', '1', '-f', 'f32le', 'pipe:1'];
  const bytes = execFileSync('ffmpeg', args, { maxBuffer: 2 ** 30 });
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

const recordings = [];
const utterances = readManifest(manifest, limit ? Number(limit) : undefined, { times: true });
for (const { path, words } of utterances) {
  const { chunks } = await recognise(decode(path), {
    language: 'en',
    task: 'transcribe',
    return_timestamps: 'word',
  });
  recordings.push({
    reference: words,
    hypothesis: chunks.map(({ text, timestamp: [start, end] }) => ({
      text: text.trim(),
      startMs: start * 1000,
      // it leaves the end of the last word open
      endMs: (end ?? start) * 1000,
    })),
  });
}
const lines = tableLines(
  [`transformers.js ${env.version}`, 'value'],
  timeRows(scoreTimes(recordings)),
);
for (const line of lines) console.log(line);
