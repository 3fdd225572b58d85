export { withAlternatives } from './alternatives';
export { withConfidence } from './confidence';
export { groupWords, type WordTokens } from './group';
export { writeNumbers } from './numbers/write-numbers';
export { openTokenizer, type TextTokenizer, type WritingTokenizer } from './tokenizer';
export { withVocabularyCase } from './vocabulary-case';
