export {
  appendToGraph,
  bytesField,
  GRAPH,
  joinBytes,
  MODEL_GRAPH,
  numberField,
  opsetOf,
  writeGraph,
  writeNodeWithGraphs,
} from './append';
export {
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxType,
  type OnnxValue,
  writeModel,
} from './format';
export {
  floatValues,
  integersOf,
  type ReadGraph,
  type ReadNode,
  type ReadTensor,
  readBranch,
  readGraph,
} from './graph';
export { messages, readFields, readFloatTensor, texts } from './read';
