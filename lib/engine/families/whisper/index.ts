export { openWhisper } from './engine';
