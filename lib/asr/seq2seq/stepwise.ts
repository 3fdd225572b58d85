import { appendToGraph, GRAPH, MODEL_GRAPH, opsetOf } from '../../onnx/append';
import { messages, texts } from '../../onnx/read';
import type { ExternalData, Runtime, Session, Tensors } from '../runtime';
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
} from './export';
import {
  CHOICE,
  choiceNodes,
  HEAD_CONSTANTS,
  LAST_LOGITS,
  lastLogitsNodes,
  RULE_INPUTS,
  TABLE_INPUTS,
} from './head';
import { ruleTables } from './rules';
import { type DecoderRunner, idleRows, ruleFeeds, type TokenRows, tableFeeds } from './runner';

/** The published graph with the greedy head behind its logits. */
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

/**
 * One run of the published graph for every token. On `webgpu` the cache stays on the GPU.
 * @throws MODEL_UNSUPPORTED for a graph of another kind; as `Runtime.open`
 */
export async function openStepwise(
  runtime: Runtime,
  graph: Uint8Array,
  externalData: readonly ExternalData[],
  hints: ExportHints,
): Promise<DecoderRunner> {
  const outputsOnGpu = messages(graph, MODEL_GRAPH)
    .flatMap((part) => messages(part, GRAPH.output))
    .flatMap((output) => texts(output, 1).slice(0, 1))
    .filter((name) => /^(?:present|cross_attentions)\./.test(name));
  const session = await runtime.open(appendHead(graph), { externalData, outputsOnGpu });
  try {
    const headInputs = new Set([...TABLE_INPUTS, ...RULE_INPUTS].map(({ name }) => name));
    const inputs = session.inputs.filter(({ name }) => !headInputs.has(name));
    return stepwiseRunner(runtime, session, describeExport(inputs, session.outputs, hints));
  } catch (error) {
    await session.release();
    throw error;
  }
}

function stepwiseRunner(runtime: Runtime, session: Session, shape: DecoderExport): DecoderRunner {
  const { decoder, encoder, vocabulary } = shape;
  const past = presentNames(decoder);
  // a run that chooses nothing is told rules all the same
  const tables = tableFeeds(runtime, ruleTables({ suppressed: [], timestamps: null }, vocabulary));
  const idle = (rows: number) => ({ ...tables, ...ruleFeeds(runtime, idleRows(rows)) });
  const uncached = (
    encoded: Parameters<DecoderRunner['prompt']>[0],
    tokens: TokenRows,
  ): Tensors => ({
    ...encodedFeeds(runtime, shape, encoded, false),
    ...emptyCache(runtime, shape, [...decoder, ...encoder], tokens.length),
    ...idle(tokens.length),
    input_ids: tokenTensor(runtime, tokens),
  });
  return {
    shape,
    maxSteps: 1,
    async prompt(encoded, tokens) {
      const fetches = [LAST_LOGITS, ...past, ...presentNames(encoder)];
      const results = await session.run(uncached(encoded, tokens), fetches);
      return {
        logits: await rowsOf(results[LAST_LOGITS]),
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
          ...cache.cross,
          ...current,
          ...idle(tokens.length),
          input_ids: tokenTensor(
            runtime,
            tokens.map((row) => row.slice(at, at + 1)),
          ),
        };
        try {
          const results = await session.run(feeds, [LAST_LOGITS, ...past]);
          logits = await rowsOf(results[LAST_LOGITS]);
          if (current !== cache.past) disposeAll(current);
          current = cacheFrom(results, decoder);
        } catch (error) {
          if (current !== cache.past) disposeAll(current);
          throw error;
        }
      }
      return { logits, past: current };
    },
    async advance(cache, rows, { feeds }) {
      const tokens = tokenTensor(
        runtime,
        rows.map(({ token }) => [token]),
      );
      const results = await session.run(
        {
          ...encodedFeeds(runtime, shape, cache.encoded, true),
          ...cache.cross,
          ...cache.past,
          ...feeds,
          ...ruleFeeds(runtime, rows),
          input_ids: tokens,
        },
        [CHOICE.token, CHOICE.logProb, ...past],
      );
      return {
        tokens: [Array.from((results[CHOICE.token]?.data ?? []) as BigInt64Array, Number)],
        logProbs: [Array.from((results[CHOICE.logProb]?.data ?? []) as Float32Array)],
        past: cacheFrom(results, decoder),
      };
    },
    attend: (encoded, sequence, layers) =>
      session.run(
        uncached(encoded, [sequence]),
        layers.map((layer) => `cross_attentions.${layer}`),
      ),
    giveBack: disposeAll,
    release: () => session.release(),
  };
}
