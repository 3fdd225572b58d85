export type { Cue } from './cues';
export { exportFileName } from './file-name';
export {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOption,
  FORMAT_IDS,
  type FormatId,
} from './formats';
export { type CueProblem, type CueRule, lintCues } from './lint';
export {
  DEFAULT_EXPORT_OPTIONS,
  DEFAULT_TEMPLATE,
  type ExportLabels,
  type ExportOptions,
  exportOptionsSchema,
  type SubtitleRules,
} from './options';
export { parseTemplate, TEMPLATE_NAMES } from './template';
export { cleanTranscript, cleanWords, isFiller, pausesOf, pauseText } from './verbatim';
