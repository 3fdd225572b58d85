export { TRANSCRIPT_EXTENSIONS, transcriptExtension } from './kinds';
export { textOf } from './text-of';
