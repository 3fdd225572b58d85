import 'server-only';

export { allowBrowsers, objectStore } from './object-store';
export { hasAddress, S3Bucket } from './s3-bucket';
export type { StoredObject } from './store';
