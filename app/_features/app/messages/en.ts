/** What users read here, in ICU MessageFormat. */
export const en = {
  recordingTitle: 'Recording {moment}',
  'input.microphone': 'Microphone',
  'input.display': 'Shared audio',
} as const;
