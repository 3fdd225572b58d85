export { isTranscriptFile, TRANSCRIPT_EXTENSIONS } from './kinds';
