/** What users read here, in ICU MessageFormat. */
export const en = {
  you: 'You',
  tab: 'Tab',
  recordingTitle: 'Recording {moment}',
} as const;
