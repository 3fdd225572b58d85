export { TRANSCRIPT_EXTENSIONS, transcriptExtension } from './kinds';
