export { CtcEngine } from './engine';
