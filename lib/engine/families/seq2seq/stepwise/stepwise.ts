import { appendToGraph, GRAPH, MODEL, messages, opsetOf, texts } from '@/lib/engine/onnx';
import type {
  ExternalData,
  InferenceRuntime,
  InferenceSession,
  Tensors,
} from '@/lib/engine/runtime';
import {
  cacheFrom,
  type DecoderExport,
  describeExport,
  disposeAll,
  type ExportHints,
  emptyCache,
  encodedFeeds,
  lengthOf,
  positionFeeds,
  presentNames,
  rowsOf,
  tokenTensor,
} from '../graph/export';
import {
  CHOICE,
  choiceNodes,
  HEAD_CONSTANTS,
  LAST_LOGITS,
  lastLogitsNodes,
  RULE_INPUTS,
  TABLE_INPUTS,
} from '../graph/head';
import {
  type DecoderRunner,
  idleRows,
  type RowState,
  ruleFeeds,
  type TokenRows,
  tableFeeds,
} from '../runner';
import { type Choice, chooseToken } from '../search/choose-token';
import { type RuleTables, ruleTables } from '../search/rules';

/** The published graph with the greedy head after its logits. */
export function appendHead(graph: Uint8Array): Uint8Array<ArrayBuffer> {
  return appendToGraph(graph, {
    inputs: [...TABLE_INPUTS, ...RULE_INPUTS],
    outputs: [
      { name: LAST_LOGITS, dims: ['rows', 'head_vocabulary'] },
      { name: CHOICE.token, dims: ['rows', 1], type: 'int64' },
      { name: CHOICE.logProb, dims: ['rows', 1] },
    ],
    constants: HEAD_CONSTANTS,
    nodes: [...lastLogitsNodes('logits'), ...choiceNodes(opsetOf(graph))],
  });
}

interface StepwiseOptions {
  externalData: readonly ExternalData[];
  hints: ExportHints;
  /** The graph chooses tokens; else it is run as it was published, and hands out all its logits. */
  chooses: boolean;
}

/**
 * One run of the published graph for every token. On `webgpu` the cache stays on the GPU.
 * @throws MODEL_UNSUPPORTED for a graph of another kind; as `InferenceRuntime.open`
 */
export async function openStepwise(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  { externalData, hints, chooses }: StepwiseOptions,
): Promise<DecoderRunner> {
  const outputsOnGpu = messages(graph, MODEL.graph)
    .flatMap((part) => messages(part, GRAPH.output))
    .flatMap((output) => texts(output, 1).slice(0, 1))
    .filter((name) => /^(?:present|cross_attentions)\./.test(name));
  const run = chooses ? appendHead(graph) : graph;
  const session = await runtime.open(run, { externalData, outputsOnGpu });
  try {
    const headInputs = new Set([...TABLE_INPUTS, ...RULE_INPUTS].map(({ name }) => name));
    const inputs = session.inputs.filter(({ name }) => !headInputs.has(name));
    const shape = describeExport(inputs, session.outputs, hints);
    return stepwiseRunner(runtime, session, shape, chooses ? GRAPH_CHOOSES : chosenHere(shape));
  } catch (error) {
    await session.release();
    throw error;
  }
}

function stepwiseRunner(
  runtime: InferenceRuntime,
  session: InferenceSession,
  shape: DecoderExport,
  chooser: Chooser,
): DecoderRunner {
  const { decoder, encoder, vocabulary } = shape;
  const past = presentNames(decoder);
  // a run that chooses nothing needs the rules as inputs all the same
  const tables = tableFeeds(runtime, ruleTables({ suppressed: [], timestamps: null }, vocabulary));
  const idle = (rows: number) => chooser.feeds(runtime, tables, idleRows(rows));
  const uncached = (
    encoded: Parameters<DecoderRunner['prompt']>[0],
    tokens: TokenRows,
  ): Tensors => ({
    ...encodedFeeds(runtime, shape, encoded, false),
    ...positionFeeds(runtime, shape, 0, tokens[0]?.length ?? 0),
    ...emptyCache(runtime, shape, [...decoder, ...encoder], tokens.length),
    ...idle(tokens.length),
    input_ids: tokenTensor(runtime, tokens),
  });
  return {
    shape,
    maxSteps: 1,
    async prompt(encoded, tokens) {
      const fetches = [chooser.logits, ...past, ...presentNames(encoder)];
      const results = await session.run(uncached(encoded, tokens), fetches);
      return {
        logits: await chooser.lastLogits(results),
        past: cacheFrom(results, decoder),
        cross: cacheFrom(results, encoder),
      };
    },
    async feed(cache, tokens) {
      // published graphs with past take one new token at a time: they mask none of several
      let logits: Float32Array[] = [];
      let current = cache.past;
      for (let at = 0; at < (tokens[0]?.length ?? 0); at++) {
        const feeds = {
          ...encodedFeeds(runtime, shape, cache.encoded, true),
          ...positionFeeds(runtime, shape, lengthOf(current), 1),
          ...cache.cross,
          ...current,
          ...idle(tokens.length),
          input_ids: tokenTensor(
            runtime,
            tokens.map((row) => row.slice(at, at + 1)),
          ),
        };
        try {
          const results = await session.run(feeds, [chooser.logits, ...past]);
          logits = await chooser.lastLogits(results);
          if (current !== cache.past) disposeAll(current);
          current = cacheFrom(results, decoder);
        } catch (error) {
          if (current !== cache.past) disposeAll(current);
          throw error;
        }
      }
      return { logits, past: current };
    },
    async advance(cache, rows, choice) {
      const tokens = tokenTensor(
        runtime,
        rows.map(({ token }) => [token]),
      );
      const results = await session.run(
        {
          ...encodedFeeds(runtime, shape, cache.encoded, true),
          ...positionFeeds(runtime, shape, lengthOf(cache.past), 1),
          ...cache.cross,
          ...cache.past,
          ...chooser.feeds(runtime, choice.feeds, rows),
          input_ids: tokens,
        },
        [...chooser.fetches, ...past],
      );
      const chosen = await chooser.choose(results, rows, choice.tables);
      return {
        tokens: [chosen.map(({ token }) => token)],
        logProbs: [chosen.map(({ logProb }) => logProb)],
        past: cacheFrom(results, decoder),
      };
    },
    attend: (encoded, sequence, layers) =>
      session.run(
        uncached(encoded, [sequence]),
        layers.map((layer) => `cross_attentions.${layer}`),
      ),
    recycle: disposeAll,
    release: () => session.release(),
  };
}

/** What chooses a token, and the inputs and outputs that it needs. */
interface Chooser {
  /** Output with the logits. */
  logits: string;
  /** Outputs that a choice is made of. */
  fetches: readonly string[];
  /** @param tables those of `tableFeeds` */
  feeds(runtime: InferenceRuntime, tables: Tensors, rows: readonly RowState[]): Tensors;
  /** Behind the last token, by row. */
  lastLogits(results: Tensors): Promise<Float32Array[]>;
  choose(results: Tensors, rows: readonly RowState[], tables: RuleTables): Promise<Choice[]>;
}

/** The nodes that were appended. */
const GRAPH_CHOOSES: Chooser = {
  logits: LAST_LOGITS,
  fetches: [CHOICE.token, CHOICE.logProb],
  feeds: (runtime, tables, rows) => ({ ...tables, ...ruleFeeds(runtime, rows) }),
  lastLogits: (results) => rowsOf(results[LAST_LOGITS]),
  async choose(results, rows) {
    const tokens = (results[CHOICE.token]?.data ?? []) as BigInt64Array;
    const logProbs = (results[CHOICE.logProb]?.data ?? []) as Float32Array;
    return rows.map((_, row) => ({
      token: Number(tokens[row] ?? 0),
      logProb: logProbs[row] ?? -Infinity,
    }));
  },
};

/** Nothing was appended: from the logits, by the same rules. */
function chosenHere({ vocabulary }: DecoderExport): Chooser {
  const lastLogits = async (results: Tensors) =>
    (await rowsOf(results[LOGITS])).map((row) => row.slice(-vocabulary));
  return {
    logits: LOGITS,
    fetches: [LOGITS],
    feeds: () => ({}),
    lastLogits,
    async choose(results, rows, tables) {
      const logits = await lastLogits(results);
      return rows.map(({ rule }, row) =>
        chooseToken(logits[row] ?? new Float32Array(vocabulary), {
          rule,
          tables,
          suppressed: NONE,
          temperature: 0,
          random: () => 0,
        }),
      );
    },
  };
}

const LOGITS = 'logits';
const NONE: ReadonlySet<number> = new Set();
