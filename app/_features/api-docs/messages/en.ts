/** What users read here, in ICU MessageFormat. */
export const en = {
  intro:
    'What the pages of this server ask it, as JSON. Recordings and text go here only where you share or give them, and a share is encrypted before it leaves. For programs there is <link>the same as OpenAPI 3.1</link>.',
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
