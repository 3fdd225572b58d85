/** Field numbers of onnx.proto3, and the values of its enumerations that are used here. */

export const MODEL = { irVersion: 1, graph: 7, opsetImport: 8, metadata: 14 } as const;

/** `OperatorSetIdProto` */
export const OPSET = { domain: 1, version: 2 } as const;

/** `GraphProto` */
export const GRAPH = {
  node: 1,
  name: 2,
  initializer: 5,
  doc: 10,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparse: 15,
} as const;

/** `NodeProto` */
export const NODE = { input: 1, output: 2, name: 3, op: 4, attribute: 5, domain: 7 } as const;

/** `AttributeProto` */
export const ATTRIBUTE = {
  name: 1,
  float: 2,
  integer: 3,
  text: 4,
  tensor: 5,
  graph: 6,
  integers: 8,
  type: 20,
} as const;

/** `AttributeProto.AttributeType` */
export const ATTRIBUTE_TYPE = { float: 1, integer: 2, text: 3, graph: 5, integers: 7 } as const;

/** `TensorProto` */
export const TENSOR = {
  dims: 1,
  type: 2,
  floats: 4,
  ints: 5,
  name: 8,
  raw: 9,
  external: 13,
  location: 14,
} as const;

/** `TensorProto.DataLocation`: in a file of its own. */
export const EXTERNAL = 1;

/** `StringStringEntryProto`: where external data lies; what a publisher writes into a model. */
export const ENTRY = { key: 1, value: 2 } as const;

/** `TensorProto.DataType`, by the names of element types in ONNX Runtime. */
export const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const;

/** `ValueInfoProto`, the `TypeProto` in it, and the tensor type, shape and dimension in that. */
export const VALUE = { name: 1, type: 2 } as const;
export const TYPE = { tensor: 1 } as const;
export const TENSOR_TYPE = { elementType: 1, shape: 2 } as const;
export const SHAPE = { dimension: 1 } as const;
export const DIMENSION = { size: 1, name: 2 } as const;
