import { AppError, joinWords, plainText } from '@/lib/core';
import { type Transcript, transcriptSchema } from '@/lib/transcript';

/**
 * A transcript in the published form of JSON, checked and kept as it is.
 * @throws AppError SOURCE_UNREADABLE when it is another JSON file, or its times do not follow each other
 */
export function readJson(text: string, name: string): Transcript {
  const parsed = transcriptSchema.safeParse(parse(text, name));
  if (!parsed.success)
    throw new AppError('SOURCE_UNREADABLE', `${name} is not a transcript.`, {
      cause: parsed.error,
    });
  const transcript = parsed.data;
  let freeMs = 0;
  for (const { startMs, endMs, words, text: said } of transcript.segments) {
    const isInOrder = startMs >= freeMs && endMs >= startMs;
    let at = startMs;
    const wordsAreInOrder = words.every((word) => {
      const isRight = word.startMs >= at && word.endMs >= word.startMs && word.endMs <= endMs;
      at = word.endMs;
      return isRight;
    });
    const isJoined = words.length === 0 || joinWords(words.map((word) => word.text)) === said;
    if (!isInOrder || !wordsAreInOrder || !isJoined)
      throw new AppError('SOURCE_UNREADABLE', `${name} is not whole at ${startMs} ms.`);
    freeMs = endMs;
  }
  return { ...transcript, title: plainText(transcript.title) };
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('SOURCE_UNREADABLE', `${name} is not JSON.`, { cause });
  }
}
