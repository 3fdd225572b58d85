import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { PlainError } from '../command/errors';

const wholeNumber = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const variables = z.object({
  DATA_DIR: z.string().default('./data'),
  /** Where jobs come from: the address of the app. */
  WORKER_URL: z.url({ protocol: /^https?$/ }).optional(),
  WORKER_TOKEN: z.string().min(16).optional(),
  WORKER_API_KEY: z
    .string()
    .regex(/^\S{16,}$/, 'at least 16 letters and digits')
    .optional(),
  WORKER_HOST: z.string().default('127.0.0.1'),
  WORKER_MODEL: z.string().optional(),
  WORKER_LANGUAGE: z.string().optional(),
  WORKER_THREADS: wholeNumber(1, 64).optional(),
  WORKER_RUNTIME: z.enum(['auto', 'native', 'wasm']).default('auto'),
  WORKER_HEALTH_FILE: z.string().optional(),
  FFMPEG_PATH: z.string().optional(),
});

/** How this worker is set up. */
export interface WorkerSettings {
  /** Absolute. */
  dataDir: string;
  appUrl: string | null;
  token: string | null;
  /** What clients of OpenAI's route bring. */
  apiKey: string | null;
  /** Where it listens: this machine alone, unless it is set. */
  host: string;
  /** `null`: the server's default, else the built-in one. */
  modelId: string | null;
  /** BCP 47; `null`: to be detected. */
  language: string | null;
  /** Of the recogniser; `null`: what its runtime gains from. */
  threads: number | null;
  runtime: 'auto' | 'native' | 'wasm';
  /** Touched whenever the app answers; `null`: nobody looks. */
  healthFile: string | null;
  /** An installed ffmpeg; `null`: the app's own decodes. */
  ffmpegPath: string | null;
}

/** @param path folders of programs, as shells take them @returns `null`: there is none */
function installedFfmpeg(path = ''): string | null {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const files = path.split(delimiter).map((folder) => join(folder, name));
  return files.find((file) => existsSync(file)) ?? null;
}

/**
 * Reads the variables of the environment.
 * @throws {PlainError} one of them is not what it should be
 */
export function readSettings(
  source: Readonly<Record<string, string | undefined>> = process.env,
): WorkerSettings {
  // compose files pass unset variables on as empty ones
  const set = Object.entries(source).filter(([, value]) => value?.trim());
  const result = variables.safeParse(Object.fromEntries(set));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new PlainError(`${String(issue?.path[0])} is not valid: ${issue?.message}.`);
  }
  const { data } = result;
  return {
    dataDir: resolve(data.DATA_DIR),
    appUrl: data.WORKER_URL?.replace(/\/+$/, '') ?? null,
    token: data.WORKER_TOKEN ?? null,
    apiKey: data.WORKER_API_KEY ?? null,
    host: data.WORKER_HOST,
    modelId: data.WORKER_MODEL ?? null,
    language: data.WORKER_LANGUAGE ?? null,
    threads: data.WORKER_THREADS ?? null,
    runtime: data.WORKER_RUNTIME,
    healthFile: data.WORKER_HEALTH_FILE ?? null,
    ffmpegPath: data.FFMPEG_PATH ?? installedFfmpeg(source.PATH),
  };
}
