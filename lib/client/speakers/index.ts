export {
  type LabelCallbacks,
  type LabelOptions,
  labelSpeakers,
  type SpeakerLabelling,
  type SpeakerLabels,
} from './label-speakers';
export { readLabelSource } from './read-source';
export { installedSpeakerModels } from './speaker-models';
