/** What users read here, in ICU MessageFormat. */
export const en = {
  title: 'Inbox',
  intro:
    'Recordings that were put into the inbox of this server are transcribed without a browser. Add what you need to your library.',
  signedOut: 'Sign in to see your inbox.',
  signIn: 'Sign in',
  noInboxInPrivate: 'A private session has no inbox.',
  loading: 'Loading the inbox…',
  recordings: 'Recordings',
  empty: 'The inbox is empty.',
  emptyHint:
    'Recordings in the folder {folder} belong to you alone, all others to the whole team. The operator of this server knows how to put them there.',
  new: 'New',
  waiting: 'Waiting',
  leased: 'Being transcribed',
  failed: 'Failed',
  done: 'Transcribed',
  dropped: 'Given up',
  ofTeam: 'Belongs to the whole team, not encrypted',
  sealed: 'Encrypted for you',
  add: 'Add to library',
  addOf: 'Add {name} to the library',
  addWithSound: 'Add with recording',
  addWithSoundOf: 'Add {name} to the library with its recording',
  adding: 'Adding…',
  cancel: 'Cancel',
  cancelOf: 'Cancel adding {name}',
  added: '{name} is in your library.',
  open: 'Open',
  openOf: 'Open {name}',
  downloadOf: 'Download the recording {name}',
  removeOf: 'Remove {name}',
  removed: '{name} was removed from the inbox. The file is still where it was.',
  undo: 'Undo',
  unread:
    '{count, plural, one {# new transcript in the inbox.} other {# new transcripts in the inbox.}}',
  goToInbox: 'Open inbox',
  privacy: 'Who can read them',
  plainHint:
    'Transcripts of your recordings are stored on the server as text. Anyone who can read its database can read them.',
  sealedHint:
    'Transcripts of your recordings are encrypted with your key before they are stored. Only your devices that have the key can read them.',
  soundHint:
    'The recordings themselves, and what belongs to the whole team, are not encrypted. Your choice applies to recordings whose transcription has not started yet.',
  seal: 'Encrypt my transcripts',
  sealedNow:
    'From now on your transcripts are encrypted. Keep the key file that was saved: without either it or this browser, nobody can read them.',
  unseal: 'Stop encrypting',
  unsealedNow: 'Transcripts of your recordings are stored as text from now on.',
  saveKey: 'Save key file',
  keyFileHint:
    'On another device you need the key file. Anyone who has it can read your transcripts.',
  keyMissing:
    'This device does not have the key of your encrypted transcripts. Choose the key file that you saved on another device.',
  chooseKeyFile: 'Choose key file',
  keyKept: 'The key is on this device now.',
  noKeyFile: 'This is not an AI2Text key file.',
} as const;
