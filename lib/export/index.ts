export {
  type ChangeReport,
  type ReportedChange,
  writeChangeReport,
  writeChangeTable,
} from './change-report';
export type { CueProblem } from './cues';
export { exportFileName } from './file-name';
export {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOption,
  FORMAT_IDS,
  type FormatId,
} from './formats';
export {
  DEFAULT_EXPORT_OPTIONS,
  ENGLISH_LABELS,
  type ExportLabels,
  type ExportOptions,
  exportOptionsSchema,
  type SubtitleRules,
} from './options';
export { parseTemplate, TEMPLATE_NAMES } from './template';
export { isFiller, pauseText } from './verbatim';
