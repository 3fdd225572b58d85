import 'server-only';

export { addToShelf, answerShelfFile, readShelf, setDefaultModel } from './shelf';
