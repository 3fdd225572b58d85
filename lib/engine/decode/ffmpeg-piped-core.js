// @ts-check
// What ffmpeg.wasm's worker loads as its core: `@ffmpeg/core` and what its file system lacks. What serves the app
// puts it beside that core as it stands.

// @ts-expect-error it has no types, and lies elsewhere until it is served
import createCore from './ffmpeg-core.js';
import { addFileSystems } from './ffmpeg-file-systems.js';

/**
 * Makes the core.
 * @param {object} options what ffmpeg.wasm's worker tells the core, which is where its other files are
 * @returns {Promise<import('./ffmpeg-file-systems.js').Core>}
 */
// biome-ignore lint/style/noDefaultExport: ffmpeg.wasm's worker takes the default
export default async function createPipedCore(options) {
  const core = await createCore(options);
  addFileSystems(core, new FileReaderSync());
  return core;
}
