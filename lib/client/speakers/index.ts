export {
  type LabelCallbacks,
  type LabelOptions,
  labelSpeakers,
  type SpeakerLabelling,
  type SpeakerLabels,
} from './label-speakers';
export { readLabelSource } from './read-source';
export { type InstalledSpeakerModels, installedSpeakerModels } from './speaker-models';
