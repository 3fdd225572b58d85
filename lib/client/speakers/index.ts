export {
  installedSpeakerModels,
  type LabelCallbacks,
  type LabelOptions,
  labelSpeakers,
  readLabelSource,
  type SpeakerLabelling,
  type SpeakerLabels,
} from './label-speakers';
