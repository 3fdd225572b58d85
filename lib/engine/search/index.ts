export { BeamSearch } from './beam-search';
export { HotWordReader, type HotWords, NO_HOT_WORDS } from './hot-words';
export { FIRST_WORD, LanguageModel, spellingsOf, UNKNOWN_WORD, unitsOf } from './language-model';
export { LetterToSound } from './letter-to-sound';
export { Lexicon } from './lexicon';
export { buildLexicon } from './lexicon-build';
export { ALTERNATIVES_BELOW, SoundAlikes } from './sound-alikes';
export { parseVocabulary, type Vocabulary } from './vocabulary';
