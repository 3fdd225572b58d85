import {
  DIMENSION,
  ELEMENT_TYPES,
  ENTRY,
  GRAPH,
  MODEL,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './schema';
import { messages, readFields, texts } from './wire';

/** An input or output of a model. */
export interface ModelValue {
  name: string;
  type: keyof typeof ELEMENT_TYPES | 'other';
  /** One entry for each dimension; `null` for a free one. */
  dims: (number | null)[];
}

/** How a model is run, and what its publisher says about it. */
export interface ModelInterface {
  inputs: ModelValue[];
  outputs: ModelValue[];
  /** `metadata_props`, by key. */
  metadata: ReadonlyMap<string, string>;
}

/**
 * Reads what a model takes and gives, without its weights.
 * @throws RangeError when the bytes are not an ONNX file
 */
export function readInterface(model: Uint8Array): ModelInterface {
  const inputs: ModelValue[] = [];
  const outputs: ModelValue[] = [];
  const weights = new Set<string>();
  for (const graph of messages(model, MODEL.graph))
    for (const { number, value } of readFields(graph)) {
      if (!(value instanceof Uint8Array)) continue;
      if (number === GRAPH.input) inputs.push(readValue(value));
      if (number === GRAPH.output) outputs.push(readValue(value));
      if (number === GRAPH.initializer) weights.add(texts(value, TENSOR.name)[0] ?? '');
    }
  const metadata = messages(model, MODEL.metadata).map(
    (entry) => [texts(entry, ENTRY.key)[0] ?? '', texts(entry, ENTRY.value)[0] ?? ''] as const,
  );
  // older exporters list weights among the inputs, too
  const graphInputs = inputs.filter(({ name }) => !weights.has(name));
  return { inputs: graphInputs, outputs, metadata: new Map(metadata) };
}

function readValue(bytes: Uint8Array): ModelValue {
  const tensor = messages(bytes, VALUE.type).flatMap((type) => messages(type, TYPE.tensor))[0];
  let type: ModelValue['type'] = 'other';
  const dims: ModelValue['dims'] = [];
  if (tensor) {
    const code = numberOf(tensor, TENSOR_TYPE.elementType);
    for (const [name, value] of Object.entries(ELEMENT_TYPES))
      if (value === code) type = name as keyof typeof ELEMENT_TYPES; // entries lose the keys' type
    for (const shape of messages(tensor, TENSOR_TYPE.shape))
      for (const dimension of messages(shape, SHAPE.dimension))
        dims.push(numberOf(dimension, DIMENSION.size));
  }
  return { name: texts(bytes, VALUE.name)[0] ?? '', type, dims };
}

function numberOf(bytes: Uint8Array, field: number): number | null {
  for (const { number, value } of readFields(bytes))
    if (number === field && typeof value === 'number') return value;
  return null;
}
