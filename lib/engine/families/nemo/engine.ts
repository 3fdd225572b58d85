import type { PublishedModel } from '@/lib/catalogue';
import { AppError, createYielder } from '@/lib/core';
import {
  type BatchLimits,
  type ModelFiles,
  planBatches,
  type RecognisedWord,
  type RecogniseResult,
  type SpeechHypothesis,
  type SpeechModel,
  type SpeechOptions,
} from '@/lib/engine';
import { knowsLanguage, type TimingAligner } from '@/lib/engine/alignment';
import { NemoMel, SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { externalData, type InferenceRuntime } from '@/lib/engine/runtime';
import { ctcNetwork, searchCtc } from './ctc-network';
import { openEncoder } from './encoder';
import { FEATURE_SAMPLES, type Features, featuresOf } from './features';
import { roundsByRun } from './interface';
import { openJoint } from './joint-network';
import { searchTdt } from './tdt';
import { type FoundToken, parseTokens, type TokenList, wordsOf } from './tokens';

/** Nothing shorter is speech, and normalisation needs several frames. */
const SHORTEST_SAMPLES = 0.1 * SAMPLE_RATE_HZ;

/** What was found in one row. */
interface RowTokens {
  tokens: FoundToken[];
  /** Frames of features for each frame that the tokens count in. */
  subsampling: number;
}

/** What differs from family to family. */
interface NemoDependencies {
  mel: NemoMel;
  tokens: TokenList;
  limits: BatchLimits;
  aligner: TimingAligner | null;
  /** Adds to `times`; calls `pause` between its steps. */
  find(rows: Features[], times: InferenceTimes, pause: () => Promise<void>): Promise<RowTokens[]>;
  release(): Promise<void>;
}

type InferenceTimes = Pick<RecogniseResult, 'inferenceMs' | 'searchMs'>;

/**
 * Opens a CTC model of NVIDIA NeMo (Parakeet CTC; the CTC half of Parakeet TDT-CTC), as NeMo or
 * transformers exports it.
 * @param aligner gives word times where it knows the language; released with the model
 * @throws MODEL_UNSUPPORTED; what reading the files and `InferenceRuntime.open` throw
 */
export async function openNemoCtc(
  runtime: InferenceRuntime,
  files: ModelFiles,
  model: PublishedModel,
  aligner: TimingAligner | null = null,
): Promise<SpeechModel> {
  const tokens = parseTokens(await files.read('tokens'));
  const graph = await files.read('network');
  const session = await runtime.open(graph, {
    externalData: await externalData(files, 'networkData'),
  });
  try {
    const network = ctcNetwork(runtime, session, tokens.classes);
    const together = runtime.backend === 'webgpu' && !roundsByRun(graph);
    return new NemoModel(model, {
      aligner,
      mel: new NemoMel(network.bands),
      tokens,
      limits: limitsOf(together ? GPU_ROWS : 1),
      async find(rows, times) {
        const scores = await timed(times, 'inferenceMs', () => network.run(rows));
        return timed(times, 'searchMs', () =>
          scores.map(({ data, frames, subsampling }) => ({
            tokens: searchCtc(data, frames, tokens.classes, tokens.blank),
            subsampling,
          })),
        );
      },
      release: () => network.release(),
    });
  } catch (error) {
    await session.release();
    throw error;
  }
}

/**
 * Opens a token-and-duration transducer (Parakeet TDT).
 * @param aligner gives word times where it knows the language; released with the model
 * @throws MODEL_UNSUPPORTED; what reading the files and `InferenceRuntime.open` throw
 */
export async function openTdt(
  runtime: InferenceRuntime,
  files: ModelFiles,
  model: PublishedModel,
  aligner: TimingAligner | null = null,
): Promise<SpeechModel> {
  const tokens = parseTokens(await files.read('tokens'));
  const decoder = await files.read('decoder');
  const joint = await openJoint(runtime, decoder, tokens, {
    externalData: await externalData(files, 'decoderData'),
  });
  try {
    const graph = await files.read('encoder');
    const encoder = await openEncoder(runtime, graph, {
      externalData: await externalData(files, 'encoderData'),
    });
    if (encoder.width !== null && encoder.width !== joint.width) {
      await encoder.release();
      throw new AppError('MODEL_UNSUPPORTED', 'Encoder and decoder are not of one model.', {
        details: { encoder: encoder.width, decoder: joint.width },
      });
    }
    const together = runtime.backend === 'webgpu' && !roundsByRun(graph);
    return new NemoModel(model, {
      aligner,
      mel: new NemoMel(encoder.bands),
      tokens,
      limits: limitsOf(together ? GPU_ROWS : joint.maxRows),
      async find(rows, times, pause) {
        // without a GPU rows gain nothing from each other, and padding costs as much as speech
        const runs = together ? [rows] : rows.map((row) => [row]);
        const encoded: Awaited<ReturnType<typeof encoder.run>>[] = [];
        for (const run of runs) {
          await pause();
          encoded.push(await timed(times, 'inferenceMs', () => encoder.run(run)));
        }
        const all = encoded.flatMap((run) => run.rows);
        const found = await timed(times, 'searchMs', () =>
          searchTdt(joint, all, tokens.blank, pause),
        );
        const factors = encoded.flatMap((run) => run.rows.map(() => run.subsampling));
        return found.map((row, at) => ({ tokens: row, subsampling: factors[at] ?? 1 }));
      },
      async release() {
        await encoder.release();
        await joint.release();
      },
    });
  } catch (error) {
    await joint.release();
    throw error;
  }
}

/** Rows of one run on a GPU, whose time goes into starting its many small steps. */
const GPU_ROWS = 8;

/** Eight segments of 20 s; rows of one run are padded to the longest. */
function limitsOf(rows: number): BatchLimits {
  return { rows, paddedSamples: 160 * SAMPLE_RATE_HZ, shortest: 0.8 };
}

/** The file that keeps a graph's weights, by the name that the graph has for it. */
class NemoModel implements SpeechModel {
  constructor(
    private readonly model: Pick<PublishedModel, 'languages'>,
    private readonly dependencies: NemoDependencies,
  ) {}

  /** What comes out for a segment does not depend on the others. */
  async recognise(
    batch: readonly Float32Array[],
    { language }: SpeechOptions,
    signal: AbortSignal,
  ): Promise<RecogniseResult> {
    const { mel, tokens, limits, find } = this.dependencies;
    const [only, ...others] = this.model.languages;
    // models of several languages know them by themselves, and do not say which it was; one of a list is not known, either
    const declared = language?.includes(',') ? null : language;
    const spoken = only !== undefined && others.length === 0 ? only : declared;
    const hypotheses: SpeechHypothesis[] = batch.map(() => ({ words: [] }));
    const times: InferenceTimes = { inferenceMs: 0, searchMs: 0 };
    const pause = createYielder(signal);
    const speech = batch.flatMap((pcm, index) =>
      pcm.length < SHORTEST_SAMPLES ? [] : [{ pcm, index }],
    );
    const lengths = speech.map(({ pcm }) => pcm.length);
    for (const run of planBatches(lengths, limits)) {
      await pause();
      const rows = run.flatMap((at) => speech[at] ?? []);
      const features = await timed(times, 'inferenceMs', () =>
        rows.map(({ pcm }) => featuresOf(mel, pcm)),
      );
      const found = await find(features, times, pause);
      for (const [row, { tokens: path, subsampling }] of found.entries()) {
        const { index, pcm } = rows[row] ?? { index: 0, pcm: new Float32Array(0) };
        const words = wordsOf(path, tokens, subsampling * FEATURE_SAMPLES, pcm.length);
        await pause();
        hypotheses[index] = {
          words: await timed(times, 'searchMs', () => this.timedBySound(words, pcm, spoken)),
        };
      }
    }
    return { hypotheses, ...times, language: spoken };
  }

  async release(): Promise<void> {
    await Promise.all([this.dependencies.release(), this.dependencies.aligner?.release()]);
  }

  /** A frame of these encoders lasts 80 ms: where the aligner knows the language, its times are finer. */
  private async timedBySound(
    words: RecognisedWord[],
    pcm: Float32Array,
    spoken: string | null,
  ): Promise<RecognisedWord[]> {
    const { aligner } = this.dependencies;
    if (!aligner || words.length === 0 || !knowsLanguage(aligner, spoken)) return words;
    const times = await aligner.align(
      pcm,
      words.map(({ text }) => text),
      words.map(({ confidence }) => confidence),
    );
    return times ? words.map((word, at) => ({ ...word, ...times[at] })) : words;
  }
}

async function timed<T>(
  times: InferenceTimes,
  part: keyof InferenceTimes,
  work: () => T | Promise<T>,
): Promise<T> {
  const from = performance.now();
  const result = await work();
  times[part] += performance.now() - from;
  return result;
}
