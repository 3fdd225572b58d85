/** What users read here, in ICU MessageFormat. */
export const en = {
  you: 'You',
  tab: 'Tab',
  recordingTitle: 'Recording {moment}',
  'input.microphone': 'Microphone',
  'input.display': 'Shared audio',
} as const;
