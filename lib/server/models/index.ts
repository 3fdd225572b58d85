import 'server-only';

export { answerShelfFile, readShelf, setDefaultModel } from './shelf';
