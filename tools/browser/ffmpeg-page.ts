// The project's own ffmpeg (wasm) as a command, inside a headless Chromium: no native tool needed.
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { root } from '../command/root';
import { listenLocally } from '../services/listen';
import { CHROMIUM_ARGS, findChromium } from './chromium';

const CORE = join(root, 'node_modules', '@ffmpeg', 'core', 'dist', 'esm');

/** In the worker: one call of ffmpeg with the input in its memory; the output goes back as a body. */
const WORKER = `
import createCore from '/ffmpeg-core.js';
self.onmessage = async ({ data: args }) => {
  try {
    const urls = { wasmURL: location.origin + '/ffmpeg-core.wasm', workerURL: '' };
    const core = await createCore({
      mainScriptUrlOrBlob: location.origin + '/ffmpeg-core.js#' + btoa(JSON.stringify(urls)),
    });
    let log = '';
    core.setLogger(({ message }) => { log = (log + message + '\\n').slice(-2000); });
    core.FS.writeFile('input', new Uint8Array(await (await fetch('/input')).arrayBuffer()));
    core.exec('-nostdin', '-hide_banner', ...args, 'output');
    if (core.ret !== 0) throw new Error('ffmpeg: ' + log);
    const answer = await fetch('/output', { method: 'POST', body: core.FS.readFile('output') });
    if (!answer.ok) throw new Error('The output could not be written.');
    postMessage(null);
  } catch (error) {
    postMessage(String(error?.message ?? error));
  }
};
`;

/**
 * Runs ffmpeg on one file.
 * @param source path of the input
 * @param args with INPUT where the input's name goes; the output's name is added
 * @param target path of the output
 */
export async function runFfmpeg(
  source: string,
  args: readonly string[],
  target: string,
): Promise<void> {
  const server = createServer((request, response) => {
    serve(request, response, source, target).catch((error: Error) => {
      response.destroy(error);
    });
  });
  const port = await listenLocally(server);
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    headless: true,
    args: CHROMIUM_ARGS,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const problem = await page.evaluate(
      (given) =>
        new Promise<string | null>((resolve) => {
          const worker = new Worker('/worker.js', { type: 'module' });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => resolve(message || 'The ffmpeg worker failed.');
          worker.postMessage(given);
        }),
      args.map((arg) => (arg === 'INPUT' ? 'input' : arg)),
    );
    if (problem !== null) throw new Error(problem);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  } finally {
    await browser.close();
    server.close();
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  source: string,
  target: string,
): Promise<void> {
  const send = (type: string, path: string) => {
    response.writeHead(200, { 'content-type': type });
    return pipeline(createReadStream(path), response);
  };
  switch (request.url) {
    case '/':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
      return;
    case '/worker.js':
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(WORKER);
      return;
    case '/ffmpeg-core.js':
      return send('text/javascript', join(CORE, 'ffmpeg-core.js'));
    case '/ffmpeg-core.wasm':
      return send('application/wasm', join(CORE, 'ffmpeg-core.wasm'));
    case '/input':
      return send('application/octet-stream', source);
    case '/output':
      await pipeline(request, createWriteStream(target));
      response.writeHead(200).end();
      return;
    default:
      response.writeHead(404).end();
  }
}
