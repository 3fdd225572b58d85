export { createEditor, type Editor, type EditorState, type EditorView } from './editor';
