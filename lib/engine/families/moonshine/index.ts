export { openMoonshine } from './engine';
