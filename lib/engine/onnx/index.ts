export {
  floatValues,
  integersOf,
  type ModelInterface,
  type ModelValue,
  type ReadGraph,
  type ReadNode,
  type ReadTensor,
  readBranch,
  readFloatTensor,
  readGraph,
  readInterface,
} from './read';
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
