/** What users read here, in ICU MessageFormat. */
export const en = {
  entriesBeingRemoved: 'This device’s entries are being removed from the server.',
  showOnOtherDevices: 'Show this device’s transcripts on my other devices',
  whatIsShown: 'Titles, languages and lengths; never words, never audio.',
  nothingMoreIsSent: 'Nothing more is sent. What was sent before is still on your list.',
  removeFromServer: 'Remove it from the server',
  listFull: 'The list on the server is full. Delete transcripts that are no longer needed.',
  sentWhenOnline:
    '{waiting, plural, one {# change} other {# changes}} will be sent when you are online again.',
  couldNotBeSent:
    '{waiting, plural, one {# change could not be sent yet, and is} other {# changes could not be sent yet, and are}} kept until the server can be reached.',
} as const;
