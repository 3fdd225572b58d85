import type { JobRecord } from '../../lib/client/store/schema';
import { type BenchContext, type Figure, figure, missing } from './figures';
import { type FileRun, openWarmApp, runFile } from './jobs';
import { speechMp3 } from './media';

const SECONDS = 30 * 60;

/** Stages whose busy time a job keeps. */
const STAGES: readonly { stage: string; field: keyof JobRecord['stats'] }[] = [
  { stage: 'decode', field: 'decodeMs' },
  { stage: 'segment', field: 'segmentMs' },
  { stage: 'recognise', field: 'recogniseMs' },
  { stage: 'network', field: 'networkMs' },
  { stage: 'search', field: 'searchMs' },
];

const NOT_KEPT = 'The app keeps one time for recognition, network and search together.';

/** One run of half an hour of speech on wasm: pace of the whole, and time in each stage. */
async function measure({ url, audio }: BenchContext): Promise<FileRun> {
  const app = await openWarmApp(url, { backend: 'wasm' });
  try {
    return await runFile(app.page, audio ?? (await speechMp3(SECONDS)));
  } finally {
    await app.close();
  }
}

/** Both benchmarks come from the same run, which is made once. */
function shared(context: BenchContext): Promise<FileRun> {
  context.endToEnd ??= measure(context);
  return context.endToEnd;
}

/** How many times faster than real time a file becomes a transcript. */
export async function endToEnd(context: BenchContext): Promise<Figure[]> {
  const { seconds, audioSeconds } = await shared(context);
  return [figure('end-to-end', 'pace, wasm', audioSeconds / seconds, 'x real time', 'higher', 20)];
}

/** Busy seconds of each stage for an hour of audio; stages overlap. */
export async function stages(context: BenchContext): Promise<Figure[]> {
  const { job, audioSeconds } = await shared(context);
  return STAGES.map(({ stage, field }) => {
    const ms = job.stats[field];
    if (ms === null) return missing('stages', stage, 's/h', 'lower', null, NOT_KEPT);
    return figure('stages', stage, ms / 1000 / (audioSeconds / 3600), 's/h', 'lower');
  });
}
