import 'server-only';

export { addToShelf, type CopyFile } from './add-to-shelf';
export { answerShelfFile, readShelf, setDefaultModel } from './shelf';
