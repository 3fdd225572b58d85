// The word search in its plainest form: objects, maps and sorts. It is the measure that the app's
// own search (lib/asr/ctc/beam-search.ts) is held against, word for word; it is not used in the app.

const COST_SCALE = 16;
const MAGIC = 'A2TLM01\n';
const NONE = -1e30;

function logAdd(a, b) {
  if (a < b) [a, b] = [b, a];
  return b <= NONE ? a : a + Math.log1p(Math.exp(b - a));
}

function find(array, low, high, value) {
  const end = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (array[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low < end && array[low] === value ? low : -1;
}

/** The trigrams and pronunciations of lm.bin (layout: lib/asr/ctc/language-model.ts). */
export class ReferenceLanguageModel {
  /** @param {ArrayBuffer} buffer */
  constructor(buffer) {
    const bytes = new Uint8Array(buffer);
    if (String.fromCharCode(...bytes.subarray(0, 8)) !== MAGIC) throw new Error('not an lm.bin');
    const view = new DataView(buffer);
    const [words, pairs, triples, block] = [8, 12, 16, 20].map((at) => view.getUint32(at, true));
    let at = 24;
    const rows = new TextDecoder().decode(bytes.subarray(at, at + block)).split('\n');
    at += block;
    this.words = rows.map((row) => row.split('\t')[0]);
    this.pronunciations = rows.map((row) => row.split('\t').slice(1).map((p) => p.split(' ')));
    const take = (Kind, count) => {
      const size = Kind.BYTES_PER_ELEMENT * count;
      const out = new Kind(buffer.slice(at, at + size));
      at += size;
      return out;
    };
    this.cost1 = take(Uint8Array, words);
    this.back1 = take(Uint8Array, words);
    this.start1 = take(Uint32Array, words + 1);
    this.word2 = take(Uint16Array, pairs);
    this.cost2 = take(Uint8Array, pairs);
    this.back2 = take(Uint8Array, pairs);
    this.start2 = take(Uint32Array, pairs + 1);
    this.word3 = take(Uint16Array, triples);
    this.cost3 = take(Uint8Array, triples);
  }

  /** Natural log-probability of word w after u, v (ids). */
  score(u, v, w) {
    let cost = 0;
    const i = find(this.word2, this.start1[u], this.start1[u + 1], v);
    if (i >= 0) {
      const j = find(this.word3, this.start2[i], this.start2[i + 1], w);
      if (j >= 0) return -this.cost3[j] / COST_SCALE;
      cost = this.back2[i];
    }
    const k = find(this.word2, this.start1[v], this.start1[v + 1], w);
    cost += k >= 0 ? this.cost2[k] : this.back1[v] + this.cost1[w];
    return -cost / COST_SCALE;
  }
}

/** CTC prefix beam search over the pronunciation tree of the model's words. */
export class ReferenceSearch {
  /**
   * @param {ReferenceLanguageModel} model
   * @param {string[]} phones units of the network's output; the blank is 0
   * @param options as `search` in public/models/catalogue.json
   */
  constructor(model, phones, options) {
    Object.assign(this, { model, options });
    const unitOf = new Map(phones.map((phone, unit) => [phone, unit]));
    let count = 0;
    const node = (unit) => ({ id: count++, unit, next: null, words: null, best: NONE });
    this.root = node(0);
    for (let word = 3; word < model.words.length; word++) {
      const ahead = -model.cost1[word] / COST_SCALE;
      for (const pronunciation of model.pronunciations[word]) {
        let at = this.root;
        for (const phone of pronunciation) {
          const unit = unitOf.get(phone);
          at.next ??= new Map();
          if (!at.next.has(unit)) at.next.set(unit, node(unit));
          at = at.next.get(unit);
          at.best = Math.max(at.best, ahead);
        }
        at.words ??= [];
        at.words.push(word);
      }
    }
    this.root.best = 0;
  }

  /**
   * @param {Float32Array} logProbs frames x units
   * @returns {{word: string, frame: number}[]} words with the output frame each begins at
   */
  search(logProbs, units) {
    const { model, root } = this;
    const { weight, wordBonus, blankPenalty, beam, phonesPerFrame } = this.options;
    const frames = logProbs.length / units;
    // node, the last two words, scores by last symbol, what is settled, the words so far
    let beams = [{ node: root, u: 0, v: 0, blank: 0, unit: NONE, extra: 0, history: null }];
    for (let t = 0; t < frames; t++) {
      const row = logProbs.slice(t * units, (t + 1) * units);
      row[0] -= blankPenalty;
      const order = Array.from(row.keys())
        .sort((a, b) => row[b] - row[a])
        .slice(0, phonesPerFrame);
      const active = order.filter((unit) => unit && row[unit] > row[order[0]] - 9);
      const fresh = new Map();
      const put = (node, u, v, blank, unit, extra, history) => {
        const key = (node.id * 32768 + u) * 32768 + v;
        const old = fresh.get(key);
        if (!old) {
          fresh.set(key, { node, u, v, blank, unit, extra, history });
          return;
        }
        if (logAdd(blank, unit) + extra > logAdd(old.blank, old.unit) + old.extra) {
          const shift = old.extra - extra;
          Object.assign(old, { blank: old.blank + shift, unit: old.unit + shift, extra, history });
        } else {
          blank += extra - old.extra;
          unit += extra - old.extra;
        }
        old.blank = logAdd(old.blank, blank);
        old.unit = logAdd(old.unit, unit);
      };
      for (const { node, u, v, blank, unit: ended, extra, history } of beams) {
        const total = logAdd(blank, ended);
        const atRoot = node === root;
        const last = atRoot ? (history ? history.unit : 0) : node.unit;
        const stay = last && ended > NONE ? ended + row[last] : NONE;
        put(node, u, v, total + row[0], stay, extra, history);
        if (!node.next) continue;
        for (const unit of active) {
          const base = unit === last ? blank : total;
          const child = base > NONE ? node.next.get(unit) : undefined;
          if (!child) continue;
          const score = base + row[unit];
          const reached = atRoot ? 0 : node.best;
          if (child.next) {
            // a mark remembers the frame at which the word being spelt began
            const mark = atRoot ? { past: history, word: -1, frame: t, unit } : history;
            put(child, u, v, NONE, score, extra + weight * (child.best - reached), mark);
          }
          for (const word of child.words ?? []) {
            // the look-ahead gives way to the real score
            const settled = extra + weight * (model.score(u, v, word) - reached) + wordBonus;
            const begun = history && history.word === -1;
            const past = begun ? history.past : history;
            const frame = begun ? history.frame : t;
            put(root, v, word, NONE, score, settled, { past, word, frame, unit });
          }
        }
      }
      const ranked = [...fresh.values()];
      for (const entry of ranked) entry.rank = logAdd(entry.blank, entry.unit) + entry.extra;
      ranked.sort((a, b) => b.rank - a.rank);
      beams = ranked.slice(0, beam).filter((entry) => entry.rank > ranked[0].rank - 20);
    }
    let best = Number.NEGATIVE_INFINITY;
    let answer = null;
    for (const { node, u, v, blank, unit, extra, history } of beams) {
      const end = node === root ? weight * model.score(u, v, 1) : -6;
      const score = logAdd(blank, unit) + extra + end;
      if (score > best) [best, answer] = [score, history];
    }
    const words = [];
    for (; answer; answer = answer.past)
      if (answer.word !== -1) words.push({ word: model.words[answer.word], frame: answer.frame });
    return words.reverse();
  }
}
