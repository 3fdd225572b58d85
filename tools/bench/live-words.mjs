// Live words as they are on the page, and how late they were.

/**
 * Runs in the page: notes when each word of the live text is first there, and when it is settled.
 * `globalThis.liveWords()` gives `{words: [{text, startMs, endMs, shownAtMs, settledAtMs, first}],
 * startsAtMs}`: times of the page's clock; `startsAtMs` is when the recording began by what is heard in
 * each five seconds of it. It moves on where sound never came: the recording is then shorter than
 * the time it took.
 */
export function watchWords() {
  /** By the place in the recording; words change, places do less. */
  const settled = new Map();
  let partial = [];
  /** Words shown first at about this place with this text: [text, startMs, atMs]. */
  const shown = [];
  const startsAtMs = [];
  const STRETCH_MS = 5000;
  const NEAR_MS = 400;
  const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}']/gu, '');
  /** Elements of settled words: looked at once, or this would cost more than what is measured. */
  const done = new WeakSet();
  const lookAtClock = (nowMs) => {
    const clock = document.querySelector('[data-elapsed-ms]');
    const elapsedMs = Number(clock?.getAttribute('data-elapsed-ms') ?? 0);
    // a message may come late, never early: the earliest that fits is nearest to the truth
    const stretch = Math.floor(elapsedMs / STRETCH_MS);
    if (elapsedMs > 0)
      startsAtMs[stretch] = Math.min(startsAtMs[stretch] ?? Infinity, nowMs - elapsedMs);
  };
  const lookAtWords = (nowMs) => {
    const spans = [...document.querySelectorAll('[data-end-ms]')];
    for (const span of spans) {
      if (done.has(span)) continue;
      const word = {
        text: plain(span.textContent ?? ''),
        startMs: Number(span.getAttribute('data-start-ms')),
        endMs: Number(span.getAttribute('data-end-ms')),
      };
      if (word.text === '') continue;
      let first = shown.findLast(
        (one) => one.text === word.text && Math.abs(one.startMs - word.startMs) < NEAR_MS,
      );
      if (!first) {
        first = { ...word, atMs: nowMs };
        shown.push(first);
      }
      if (span.closest('[data-partial]')) continue;
      done.add(span);
      if (!settled.has(word.startMs))
        settled.set(word.startMs, { ...word, shownAtMs: first.atMs, settledAtMs: nowMs });
    }
    partial = spans;
  };
  const look = (changes) => {
    const nowMs = performance.now();
    lookAtClock(nowMs);
    if (changes.some(({ attributeName }) => attributeName !== 'data-elapsed-ms'))
      lookAtWords(nowMs);
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['data-elapsed-ms', 'data-end-ms'],
  });
  globalThis.liveWords = () => ({
    words: [...settled.values()].sort((a, b) => a.startMs - b.startMs),
    shown: shown.length,
    partial: partial.length,
    stretchMs: STRETCH_MS,
    startsAtMs,
  });
}

/** Pairs of equal words in both lists, in order: the longest common subsequence. */
function commonWords(left, right) {
  const rows = left.length;
  const columns = right.length;
  const best = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--)
      best[i][j] =
        left[i].text === right[j].text
          ? best[i + 1][j + 1] + 1
          : Math.max(best[i + 1][j], best[i][j + 1]);
  const pairs = [];
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (left[i].text === right[j].text) pairs.push([left[i++], right[j++]]);
    else if (best[i + 1][j] >= best[i][j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/**
 * How late each live word was against the end of the word in the final pass. The two count from
 * starts that lie a little apart (recorder and live text begin one after the other): by how much is
 * told by the words themselves.
 * @returns {{settledMs: number[], partialMs: number[], share: number, agreed: number}} sorted; of
 *   the final words, how many the live text had; of the settled words, how many changed nothing
 */
export function matchWords({ words, startsAtMs, stretchMs, shown }, final) {
  const plain = final.map(({ text, startMs, endMs }) => ({
    text: text.toLowerCase().replace(/[^\p{L}\p{N}']/gu, ''),
    startMs,
    endMs,
  }));
  const lastMs = words.at(-1)?.endMs ?? 0;
  const said = plain.filter(({ endMs }) => endMs <= lastMs);
  const pairs = commonWords(words, said);
  const offsetMs = median(pairs.map(([live, word]) => live.startMs - word.startMs));
  // the same word at another place is no match
  const near = pairs.filter(
    ([live, word]) => Math.abs(live.startMs - word.startMs - offsetMs) < 500,
  );
  // its own stretch and those beside it: within one, every message may have been late
  const startAtMs = (ms) => {
    const at = Math.floor(ms / stretchMs);
    return Math.min(...startsAtMs.slice(Math.max(0, at - 1), at + 2).filter(Number.isFinite));
  };
  const late = (atMs, word) => {
    const endMs = word.endMs + offsetMs;
    return atMs - (startAtMs(endMs) + endMs);
  };
  const sorted = (values) => values.sort((a, b) => a - b);
  return {
    settledMs: sorted(near.map(([live, word]) => late(live.settledAtMs, word))),
    partialMs: sorted(near.map(([live, word]) => late(live.shownAtMs, word))),
    share: near.length / Math.max(1, said.length),
    agreed: words.length / Math.max(1, shown),
  };
}
