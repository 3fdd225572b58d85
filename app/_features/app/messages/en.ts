/** What users read here, in ICU MessageFormat. */
export const en = {
  recordingTitle: 'Recording {moment}',
} as const;
