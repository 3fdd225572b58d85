import { GraphProducts, type WeightMatrix } from '@/lib/engine/kernels';
import {
  floatValues,
  integersOf,
  type ReadGraph,
  type ReadNode,
  readBranch,
  readGraph,
} from '@/lib/engine/onnx';
import { splitMergedDecoder } from './graph/merged-decoder';
import { crossInput, FRAMES } from './loop/hoist';

/** Keys or values made from the encoder's frames, as the loop takes them. */
export interface FrameProduct {
  /** What the loop calls them. */
  name: string;
  /** What frames are multiplied by, scaled as the loop needs it. */
  matrix: WeightMatrix;
  heads: number;
  /** [heads][size][frames]; else [heads][frames][size]. */
  isTurned: boolean;
}

const ENCODED = 'encoder_hidden_states';
const TURN = '0,1,3,2';
const TO_HEADS = '0,2,1,3';

/**
 * Finds the weights that turn the encoder's frames into the keys and values that the loop takes.
 * @param model a merged decoder
 * @param names the loop's inputs, see `hoistFrames`
 * @returns `null` when one of them is made in a way that we do not know
 */
export function readFrameProducts(
  model: Uint8Array,
  externalData: ReadonlyMap<string, Uint8Array>,
  names: readonly string[],
  heads: number,
): FrameProduct[] | null {
  const merged = splitMergedDecoder(model);
  const graph = readGraph(model, externalData);
  const split = graph.nodes.find(({ op }) => op === 'If');
  if (!merged || !split) return null;
  const { results, withoutPast } = merged;
  // the nodes before both branches belong to each: quantisers put the quantisation of inputs there
  const before = graph.nodes.filter((node) => node !== split);
  const branchOf = (name: string) => {
    const { nodes, constants } = readBranch(graph, split, name, externalData);
    return { nodes: [...before, ...nodes], constants };
  };
  const withPast = new GraphProducts(branchOf('then_branch'), () => false);
  const begin = productsOfFrames(branchOf('else_branch'));
  const products: FrameProduct[] = [];
  for (const name of names) {
    const reading = readingOf(withPast, name);
    const present = reading?.frames.replace('past_key_values', 'present') ?? '';
    const matrix = matrixOf(begin, withoutPast.outputs[results.indexOf(present)] ?? '');
    const scaled = reading && matrix && scaledBy(matrix, reading.factor);
    if (!scaled) return null;
    products.push({ name: crossInput(name), matrix: scaled, heads, isTurned: reading.isTurned });
  }
  return products;
}

/** The products that the encoder's frames go into, also after being quantised. */
function productsOfFrames(branch: ReadGraph): GraphProducts {
  const frames = new Set([ENCODED]);
  for (const { op, inputs, outputs } of branch.nodes)
    if (op === 'DynamicQuantizeLinear' && inputs[0] === ENCODED && outputs[0])
      frames.add(outputs[0]);
  return new GraphProducts(branch, ({ inputs }) => frames.has(inputs[0] ?? ''));
}

/** How the branch with past transposes and scales keys or values before it reads them in every step. */
function readingOf(
  branch: GraphProducts,
  name: string,
): { frames: string; isTurned: boolean; factor: number } | null {
  let at = name;
  let isTurned = false;
  let factor = 1;
  while (!FRAMES.test(at)) {
    const maker = branch.makers.get(at);
    if (maker?.op === 'Transpose' && isTranspose(maker, TURN)) {
      isTurned = !isTurned;
      at = maker.inputs[0] ?? '';
    } else if (maker?.op === 'Mul' || maker?.op === 'Div') {
      const { constant, value } = branch.splitConstant(maker);
      const numbers = constant && floatValues(constant);
      const [number = 0, ...others] = numbers ?? [];
      const isDivided = maker.op === 'Div';
      if (!number || others.length > 0 || value === null) return null;
      if (isDivided && value !== maker.inputs[0]) return null;
      factor *= isDivided ? 1 / number : number;
      at = value;
    } else return null;
  }
  return { frames: at, isTurned, factor };
}

/** What frames are multiplied by, before the result is divided into heads. */
function matrixOf(branch: GraphProducts, present: string): WeightMatrix | null {
  const before = (name: string, fits: (maker: ReadNode) => boolean): string | null => {
    const maker = branch.makers.get(name);
    if (maker?.op === 'Identity') return before(maker.inputs[0] ?? '', fits);
    return maker && fits(maker) ? (maker.inputs[0] ?? '') : null;
  };
  const cut = before(present, (maker) => isTranspose(maker, TO_HEADS));
  const whole = cut === null ? null : before(cut, ({ op }) => op === 'Reshape');
  return branch.byOutput.get(whole ?? '')?.matrix ?? null;
}

function isTranspose(node: ReadNode, order: string): boolean {
  return node.op === 'Transpose' && integersOf(node, 'perm').join() === order;
}

function scaledBy(matrix: WeightMatrix, factor: number): WeightMatrix | null {
  if (factor === 1) return matrix;
  const scaled = (values: Float32Array) => values.map((value) => value * factor);
  const { data, steps, bias } = matrix;
  if (steps)
    return { ...matrix, bias: scaled(bias), steps: { ...steps, scales: scaled(steps.scales) } };
  if (!(data instanceof Float32Array)) return null;
  return { ...matrix, bias: scaled(bias), data: scaled(data) };
}
