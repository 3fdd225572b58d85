export { BeamSearch } from './beam-search';
export { HotWordReader, NO_HOT_WORDS } from './hot-words';
export { FIRST_WORD, LanguageModel, spellingsOf, unitsOf } from './language-model';
export { LetterToSound } from './letter-to-sound';
export { Lexicon } from './lexicon';
export { buildLexicon } from './lexicon-build';
export { parseVocabulary, type Vocabulary } from './vocabulary';
