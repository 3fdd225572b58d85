import 'server-only';

export { addToShelf } from './add-to-shelf';
export { answerShelfFile, readShelf, setDefaultModel } from './shelf';
