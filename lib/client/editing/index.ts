export { addToVocabulary, type CorrectionWatch, watchCorrections } from './corrections';
export { CueTimer } from './cue-timer';
export { createEditor, type Editor, type EditorView } from './editor';
export { type Aligner, createWordTimer, type WordTimer } from './word-timer';
