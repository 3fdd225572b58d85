export {
  BASE_MODEL_ID,
  type Catalogue,
  type CatalogueModel,
  type ConfidenceMap,
  type CtcSearch,
  ctcSearchSchema,
  DRAFT_MODEL_ID,
  type DraftModel,
  type ModelFile,
  modelSchema,
  type PublishedFile,
  type PublishedModel,
  type PublishedVariant,
  publishedModelSchema,
} from './catalogue';
export {
  FAMILY_ROLES,
  isRecogniserModel,
  isSpeakerModel,
  type RecogniserModel,
  type SpeakerModel,
} from './families';
export { fetchCatalogue, fetchModelFile, requireSha256 } from './files';
export {
  DEFAULT_HUB,
  descriptionUrl,
  fileUrl,
  modelFileUrl,
  parseHub,
  repositoryName,
  treeUrl,
} from './hub-address';
