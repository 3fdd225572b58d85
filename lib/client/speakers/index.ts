export {
  type LabelCallbacks,
  type LabelOptions,
  labelSpeakers,
  type SpeakerLabelling,
} from './label-speakers';
export { readLabelSource } from './read-source';
export { installedSpeakerModels } from './speaker-models';
