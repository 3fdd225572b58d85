import { figure, missing, openWarmApp, runFile } from './jobs.mjs';
import { speechMp3 } from './media.mjs';

const SECONDS = 30 * 60;

/** Stages whose busy time a job keeps, and why one may be missing. */
const STAGES = [
  ['decode', 'decodeMs'],
  ['segment', 'segmentMs'],
  ['recognise', 'recogniseMs'],
  ['network', 'networkMs'],
  ['search', 'searchMs'],
];

const NOT_KEPT = 'The app keeps one time for recognition, network and search together.';

/** One run of half an hour of speech on wasm: pace of the whole, and time in each stage. */
async function measure({ url, audio }) {
  const app = await openWarmApp(url, { backend: 'wasm' });
  try {
    const done = await runFile(app.page, audio ?? (await speechMp3(SECONDS)));
    return done;
  } finally {
    await app.close();
  }
}

/** Both benchmarks come from the same run, which is made once. */
function shared(context) {
  context.endToEnd ??= measure(context);
  return context.endToEnd;
}

/** How many times faster than real time a file becomes a transcript. */
export async function endToEnd(context) {
  const { seconds, audioSeconds } = await shared(context);
  return [figure('end-to-end', 'pace, wasm', audioSeconds / seconds, 'x real time', 'higher', 20)];
}

/** Busy seconds of each stage for an hour of audio; stages overlap. */
export async function stages(context) {
  const { job, audioSeconds } = await shared(context);
  return STAGES.map(([stage, field]) => {
    const ms = job.stats[field];
    if (typeof ms !== 'number') return missing('stages', stage, 's/h', 'lower', null, NOT_KEPT);
    return figure('stages', stage, ms / 1000 / (audioSeconds / 3600), 's/h', 'lower');
  });
}
