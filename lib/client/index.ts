export { createApp, createDocuments, type OpenDocument } from './app';
