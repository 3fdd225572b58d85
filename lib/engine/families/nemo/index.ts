export { openNemoCtc, openTdt } from './engine';
