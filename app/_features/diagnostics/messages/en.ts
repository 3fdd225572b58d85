/** What users read here, in ICU MessageFormat. */
export const en = {
  decoding: 'decoding {name}',
  decodedSoFar: 'decoding {name}: {audio} of sound so far',
  speed: 'Speed',
  measureDecoding: 'Measure decoding',
  checkDevice: 'Check this device',
  whatItCanDo: 'What it can do',
  part: 'Part',
  state: 'State',
  good: 'Good',
  notGood: 'Not good',
  requests: 'What this page has sent',
  requestsIntro:
    'Every request of this visit, in all tabs that are open, and why it was made. Audio and text of your transcripts are in none of them, except in a share, where they are encrypted before they leave, and in clips that you give to a training set. The list is kept in memory only.',
  requestCount:
    '{count, plural, =0 {No requests} one {# request} other {# requests}}, {others, plural, =0 {none to another host} other {# to other hosts}}',
  unexplainedCount:
    '{count, plural, =0 {Every request is explained.} one {# request is not explained.} other {# requests are not explained.}}',
  blockedCount:
    '{count, plural, one {The browser stopped # attempt to reach another host: {hosts}} other {The browser stopped # attempts to reach other hosts: {hosts}}}',
  noRequests: 'Nothing has been sent yet.',
  ownServer: 'this server',
  requestSizes: '{sent} sent, {received} received',
  sizeUnknown: 'size unknown',
  showEarlier: 'Show all {count}',
  reasonApp: 'Files of the app',
  reasonPage: 'Pages of the app',
  reasonOfflineCopy: 'Copy of the app for use without a network',
  reasonBuiltInModel: 'Built-in speech models',
  reasonModelList: 'Which models there are',
  reasonModelQuestion: 'Questions to the model hub, for a model that you asked for',
  reasonModelDownload: 'Download of a speech model',
  reasonAccount: 'Signing in, and your account',
  reasonDeviceList: 'The list that your devices share',
  reasonTrainingSet:
    'Clips and text that you gave to the training set, and what was asked about it',
  reasonShare: 'Shares: what you share, encrypted',
  reasonServerFacts: 'State of the server',
  reasonUnexplained: 'Not explained',
  whatCannotBeSeen: 'What this list cannot see',
  cannotSee:
    'Requests that the browser makes for itself, or that its extensions make. Links that you follow to other sites. Requests of parts that a library runs in a thread of its own, and those of earlier visits. Sizes that the browser does not report: what was sent is counted only for requests that the app makes itself.',
  howHeld:
    'The browser enforces this: pages and workers may reach this server alone. There are two exceptions: the worker that downloads models may reach the model hub as well, and pages may reach the operator’s own object store where one is set up for that.',
} as const;
