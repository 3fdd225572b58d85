// Word times of transformers.js on the recordings of a manifest, scored as `npm run wer -- --times` does:
//   node tools/run.mjs tools/bench/peers/word-times.ts MANIFEST.jsonl FOLDER [LIMIT]
// FOLDER holds a Whisper model in onnx-community's layout with the decoder's attention (`_timestamped`).
import { basename, dirname, resolve } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { readRecording } from '../../audio/recordings';
import { tableLines } from '../../command/table';
import { readManifest } from '../../wer/manifest';
import { timeRows } from '../../wer/word-report';
import { scoreTimes } from '../../wer/word-scores';

const [manifest = '', folder = '', limit] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = `${dirname(resolve(folder))}/`;
const recognise = await pipeline('automatic-speech-recognition', basename(folder), {
  dtype: 'q8',
});

const recordings = [];
const utterances = readManifest(manifest, limit ? Number(limit) : undefined, { times: true });
for (const { path, words } of utterances) {
  const { chunks = [] } = await recognise(readRecording(path), {
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
