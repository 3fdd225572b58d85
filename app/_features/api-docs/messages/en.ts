/** What users read here, in ICU MessageFormat. */
export const en = {
  intro:
    'The requests that the pages of this server make, as JSON. Recordings and text are sent here only when you share or give them, and what you share is encrypted before it leaves your device. Programs can read <link>the same as OpenAPI 3.1</link>.',
  'caller.open': 'Everyone.',
  'caller.user': 'Any signed-in user.',
  'caller.owner': 'The owner.',
  'caller.with': 'With {authorization}.',
  bodyIsBytes: 'The body is bytes as they are.',
  answersNothing: 'Answers with status 204.',
  answersWith: 'Answers with {mediaType}.',
  query: 'Query',
  body: 'Body',
  answer: 'Answer',
} as const;
