export { addToVocabulary, type CorrectionWatch, watchCorrections } from './corrections';
export { createEditor, type Editor, type EditorView } from './editor';
export { createWordTimer, type WordTimer } from './word-timer';
