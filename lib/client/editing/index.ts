export { addToVocabulary, watchCorrections } from './corrections';
export { CueTimer } from './cue-timer';
export { type Editor, type EditorView, openEditor } from './editor';
export { type Aligner, createWordTimer, type WordTimer } from './word-timer';
