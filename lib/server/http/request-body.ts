import 'server-only';
import { AppError, abortable, isText } from '@/lib/core';

/**
 * The whole body of a request; what goes beyond the limit is not read.
 * @param maxBytes a declared length is not believed: bytes are counted as they come
 * @throws TOO_LARGE, BAD_REQUEST when the body breaks off, ABORTED
 */
export async function readBody(
  request: Request,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for (;;) {
      const { done, value } = await abortable(next(reader), signal);
      if (done) return joined(parts, sizeBytes);
      sizeBytes += value.byteLength;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      parts.push(value);
    }
  } catch (error) {
    // what is still on its way is of no use; that it cannot be stopped changes nothing
    reader.cancel(error).catch(() => undefined);
    throw error;
  }
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'The body broke off.', { cause });
  }
}

function joined(parts: Uint8Array[], sizeBytes: number): Uint8Array {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('TOO_LARGE', `The body is larger than ${maxBytes} bytes.`);
}

/** JSON can spell what no text is (NUL, halves of characters), which databases refuse. */
function checkText(key: string, value: unknown): unknown {
  if (!isText(key) || (typeof value === 'string' && !isText(value)))
    throw new SyntaxError('A string of it is no text.');
  return value;
}

/**
 * The value of a JSON body, all strings of which are text.
 * @throws BAD_REQUEST when it is declared as something else or is not JSON; TOO_LARGE, ABORTED
 */
export async function readJson(
  request: Request,
  maxBytes: number,
  signal: AbortSignal,
): Promise<unknown> {
  // other types are sent by forms of other sites without asking
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new AppError('BAD_REQUEST', 'The body must be application/json.');
  const bytes = await readBody(request, maxBytes, signal);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), checkText);
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'The body is not valid JSON.', { cause });
  }
}
