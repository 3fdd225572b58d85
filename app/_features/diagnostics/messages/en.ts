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
} as const;
