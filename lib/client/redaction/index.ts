export {
  type CopyOptions,
  createRedactor,
  type RedactedCopy,
  type RedactionDraft,
  type Redactor,
} from './redactor';
