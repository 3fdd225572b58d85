import type { Tensor } from 'onnxruntime-web';
import type {
  ExternalData,
  InferenceRuntime,
  InferenceSession,
  Tensors,
} from '@/lib/engine/runtime';
import { type FrameKernels, loadFrameKernels } from '../frame-kernels';
import { readFrameProducts } from '../frame-weights';
import {
  cacheFrom,
  type DecoderExport,
  describeExport,
  disposeAll,
  type ExportHints,
  emptyCache,
  encodedFeeds,
  presentNames,
  rowsOf,
  tokenTensor,
} from '../graph/export';
import {
  type DecoderRunner,
  type Fed,
  type GraphTables,
  idleRows,
  type RowCache,
  type RowState,
  ruleFeeds,
  type TokenRows,
  tableFeeds,
} from '../runner';
import { ruleTables } from '../search/rules';
import { crossInput } from './hoist';
import { ADDED_INPUTS, CHOSEN, changes, KEPT, keptOf, loopGraph } from './loop-graph';
import { LOOP, startOf } from './loop-step';

/** Bounds the memory of what one run gives; cancelling takes effect between runs. */
const MAX_STEPS = 32;

/**
 * Many tokens in one run: on `wasm`, where a run copies all it is given into the runtime's memory
 * and out again, and the encoder's keys and values are the most of it.
 * @returns `null` for a graph of another build
 * @throws MODEL_UNSUPPORTED; as `InferenceRuntime.open`
 */
export async function openLoop(
  runtime: InferenceRuntime,
  published: Uint8Array,
  externalData: readonly ExternalData[],
  hints: ExportHints,
): Promise<DecoderRunner | null> {
  const graph = loopGraph(published);
  if (!graph) return null;
  const session = await runtime.open(graph, { externalData });
  try {
    const added = new Set(ADDED_INPUTS.map(({ name }) => name));
    const cross = session.outputs.flatMap(({ name }) =>
      KEPT.test(name) ? [name.replace(KEPT, '')] : [],
    );
    const crossInputs = new Set(cross.map(crossInput));
    const inputs = session.inputs
      .map((input) => ({ ...input, name: input.name.replace(/^start\./, '') }))
      .filter(
        ({ name }) => !added.has(name) && !added.has(startOf(name)) && !crossInputs.has(name),
      );
    const logits = session.outputs
      .filter(({ name }) => name === CHOSEN.logits)
      .map(({ shape, ...rest }) => ({
        ...rest,
        name: 'logits',
        shape: ['rows', 1, shape[1] ?? 'tokens'],
      }));
    const outputs = [...session.outputs, ...logits];
    const shape = describeExport(inputs, outputs, hints);
    const kernels = await openKernels(runtime, published, { externalData, shape, cross, hints });
    return loopRunner(runtime, session, shape, { cross, kernels });
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Our own kernels for what the loop is given of the encoder, where they know it. */
async function openKernels(
  runtime: InferenceRuntime,
  published: Uint8Array,
  options: {
    externalData: readonly ExternalData[];
    shape: DecoderExport;
    cross: readonly string[];
    hints: ExportHints;
  },
): Promise<FrameKernels | null> {
  const { externalData, shape, cross, hints } = options;
  const [entry] = shape.decoder;
  if (!runtime.kernels || !hints.frames?.length || !entry || shape.encodedType !== 'float32')
    return null;
  const files = new Map(externalData.map(({ path, data }) => [path, data]));
  const products = readFrameProducts(published, files, cross, entry.heads);
  return products && loadFrameKernels(runtime, products, hints.frames);
}

interface LoopCall {
  tables: Tensors;
  rows: readonly RowState[];
  forced: TokenRows;
  steps: number;
  endId: number;
  monotonic: boolean;
  timeCount: number;
}

/** @param cross what the loop is given of the encoder, by its names in the published graph */
function loopRunner(
  runtime: InferenceRuntime,
  session: InferenceSession,
  shape: DecoderExport,
  { cross, kernels }: { cross: readonly string[]; kernels: FrameKernels | null },
): DecoderRunner {
  const { Tensor } = runtime;
  const { decoder } = shape;
  const past = presentNames(decoder);
  const nothingKept = new Tensor('float32', new Float32Array(0), [0, 1, 1, 1]);
  const idle = {
    tables: tableFeeds(runtime, ruleTables({ suppressed: [], timestamps: null }, shape.vocabulary)),
    ...{ endId: -1, monotonic: false, timeCount: 0 },
  };
  const integer = (value: number, dims: number[]) =>
    new Tensor('int64', BigInt64Array.of(BigInt(value)), dims);
  const float = (value: number) => new Tensor('float32', Float32Array.of(value), [1]);

  /** All other inputs of the loop, which are required even where they have no effect. */
  const loopFeeds = ({ tables, rows, forced, ...call }: LoopCall): Tensors => {
    const flags = (of: (row: RowState) => boolean) =>
      new Tensor(
        'bool',
        Uint8Array.from(rows, (row) => (of(row) ? 1 : 0)),
        [rows.length, 1],
      );
    const lastTimes = Float32Array.from(rows, ({ rule }) => rule.lastTime);
    const state = {
      ...ruleFeeds(runtime, rows),
      [LOOP.wasTime]: flags(({ rule }) => rule.wasTime),
      [LOOP.ended]: flags(({ ended }) => ended),
      [LOOP.lastTime]: new Tensor('float32', lastTimes, [rows.length, 1]),
    };
    return {
      ...tables,
      ...outside(state),
      [LOOP.forced]: tokenTensor(runtime, forced),
      [LOOP.forcedCount]: integer(forced[0]?.length ?? 0, [1]),
      [LOOP.steps]: integer(call.steps, []),
      [LOOP.endId]: integer(call.endId, [1]),
      [LOOP.monotonic]: float(call.monotonic ? 1 : 0),
      [LOOP.timeCount]: float(call.timeCount),
    };
  };
  const nothing = (rows: number): LoopCall => ({
    ...idle,
    rows: idleRows(rows),
    forced: Array.from({ length: rows }, () => []),
    steps: 0,
  });
  const uncached = (encoded: Tensor, tokens: TokenRows): Tensors => ({
    ...encodedFeeds(runtime, shape, encoded, false),
    ...rename(emptyCache(runtime, shape, decoder, tokens.length)),
    ...Object.fromEntries(cross.map((name) => [crossInput(name), nothingKept])),
    ...loopFeeds(nothing(tokens.length)),
    [startOf('input_ids')]: tokenTensor(runtime, tokens),
  });
  const feed = async (cache: RowCache, tokens: TokenRows): Promise<Fed> => {
    const steps = tokens[0]?.length ?? 0;
    const forced = tokens.map((row) => row.slice(1));
    const results = await session.run(
      {
        ...encodedFeeds(runtime, shape, cache.encoded, true),
        ...cache.cross,
        ...rename(cache.past),
        ...loopFeeds({ ...nothing(tokens.length), forced, steps }),
        [startOf('input_ids')]: tokenTensor(
          runtime,
          tokens.map((row) => row.slice(0, 1)),
        ),
      },
      [CHOSEN.logits, ...past],
    );
    return { logits: await rowsOf(results[CHOSEN.logits]), past: cacheFrom(results, decoder) };
  };
  return {
    shape,
    maxSteps: MAX_STEPS,
    async prompt(encoded, tokens) {
      if (kernels?.knows(encoded)) {
        const made = kernels.project(encoded);
        const past = emptyCache(runtime, shape, decoder, tokens.length);
        return { ...(await feed({ encoded, cross: made, past }, tokens)), cross: made };
      }
      const fetches = [CHOSEN.logits, ...past, ...cross.map(keptOf)];
      const results = await session.run(uncached(encoded, tokens), fetches);
      return {
        logits: await rowsOf(results[CHOSEN.logits]),
        past: cacheFrom(results, decoder),
        cross: Object.fromEntries(
          cross.flatMap((name) => {
            const tensor = results[keptOf(name)];
            return tensor ? [[crossInput(name), tensor]] : [];
          }),
        ),
      };
    },
    recycle(made) {
      kernels?.reuse(made);
      disposeAll(made);
    },
    feed,
    async advance(cache, rows, { tables, feeds }: GraphTables, steps, endId) {
      const results = await session.run(
        {
          ...encodedFeeds(runtime, shape, cache.encoded, true),
          ...cache.cross,
          ...rename(cache.past),
          ...loopFeeds({
            ...{ tables: feeds, rows, steps, endId },
            forced: rows.map(() => []),
            monotonic: tables.rules?.monotonic ?? false,
            timeCount: tables.times.length,
          }),
          [startOf('input_ids')]: tokenTensor(
            runtime,
            rows.map(({ token }) => [token]),
          ),
        },
        [CHOSEN.tokens, CHOSEN.logProbs, ...past],
      );
      const tokens = Array.from((results[CHOSEN.tokens]?.data ?? []) as BigInt64Array, Number);
      const logProbs = Array.from((results[CHOSEN.logProbs]?.data ?? []) as Float32Array);
      return {
        tokens: byStep(tokens, rows.length),
        logProbs: byStep(logProbs, rows.length),
        past: cacheFrom(results, decoder),
      };
    },
    attend: (encoded, sequence, layers) =>
      session.run(
        uncached(encoded, [sequence]),
        layers.map((layer) => `cross_attentions.${layer}`),
      ),
    async release() {
      kernels?.release();
      await session.release();
    },
  };
}

/** Inputs under the names they have outside the loop. */
function outside(feeds: Tensors): Tensors {
  return Object.fromEntries(Object.entries(feeds).map(([name, value]) => [startOf(name), value]));
}

/** A cache under the names it has outside the loop: those of what changes are not the published ones. */
function rename(cache: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(cache).map(([name, value]) => [changes(name) ? startOf(name) : name, value]),
  );
}

function byStep(values: number[], rows: number): number[][] {
  return Array.from({ length: values.length / rows }, (_, step) =>
    values.slice(step * rows, (step + 1) * rows),
  );
}
