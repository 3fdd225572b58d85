export {
  floatValues,
  integersOf,
  type ReadGraph,
  type ReadNode,
  type ReadTensor,
  readBranch,
  readFloatTensor,
  readGraph,
} from './read-graph';
export { type ModelInterface, type ModelValue, readInterface } from './read-interface';
export { ATTRIBUTE, GRAPH, MODEL, NODE } from './schema';
export { bytesField, joinBytes, messages, numberField, readFields, texts } from './wire';
export {
  appendToGraph,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxType,
  type OnnxValue,
  opsetOf,
  writeGraph,
  writeModel,
  writeNodeWithGraphs,
} from './write';
