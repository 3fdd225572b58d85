// The models' shelf of the server, as `npm run models` sees it.
export { parseHub } from '../../../lib/models/hub-address';
export { ShelfFolder } from '../../../lib/server/shelf-folder';
export { addModel } from './adding';
export { exportModel, listModels, removeModel, setDefault, verifyModels } from './keeping';
export { sentencesOf } from './told';
