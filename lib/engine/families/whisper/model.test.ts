import { describe, expect, it, vi } from 'vitest';
import type { TimingAligner } from '@/lib/engine/alignment/optional-aligner';
import {
  heard,
  SPEECH_OPTIONS as options,
  SCRIPT_CONFIG,
  type ScriptedSpeech,
  scriptedModel,
  sound,
  t,
  textsOf,
} from './test-script';

const never = new AbortController().signal;

const oneTwo: ScriptedSpeech = { tokens: [t(0), 0, 1, t(2)] };
const three: ScriptedSpeech = { tokens: [t(0.5), 2, t(1.5)] };

describe('WhisperModel', () => {
  it("gives the decoder the user's words, and favours them in the search", async () => {
    const config = { ...SCRIPT_CONFIG, previousId: 117, shortestWindow: 30 };
    const { model, asked } = scriptedModel(heard([[0.25, oneTwo]]), { config });
    const hotWords = ['two', 'three', ' '];
    for (const words of [hotWords, [], hotWords])
      await model.recognise(
        [sound(0.25, 2)],
        { ...options, hotWords: words, language: 'en' },
        never,
      );
    const [first, none, again] = asked.generated;
    expect(first?.prompts).toEqual([[117, 1, 2, 101, 102, 106]]);
    expect([...(first?.hot?.tree.root.next.keys() ?? [])]).toEqual([1, 2]);
    expect(none?.prompts).toEqual([[101, 102, 106]]);
    expect(none?.hot).toBeNull();
    expect(again?.prompts).toEqual(first?.prompts);
  });

  it('gives no prompt to a model trained on single windows, and still favours the words', async () => {
    const config = { ...SCRIPT_CONFIG, previousId: 117 };
    const { model, asked } = scriptedModel(heard([[0.25, oneTwo]]), { config });
    const wanted = { ...options, hotWords: ['two'], language: 'en' };
    await model.recognise([sound(0.25, 2)], wanted, never);
    expect(asked.generated[0]?.prompts).toEqual([[101, 102, 106]]);
    expect([...(asked.generated[0]?.hot?.tree.root.next.keys() ?? [])]).toEqual([1]);
  });

  it('gives each segment of a window its own words, with times of the segment', async () => {
    // 2 s, half a second of silence, 2 s
    const { model, asked } = scriptedModel(
      heard([[0.25, { tokens: [t(0), 0, 1, t(2), t(2.5), 2, t(4.5)] }]]),
    );
    const result = await model.recognise([sound(0.25, 2), sound(0.5, 2)], options, never);
    expect(asked.encoded).toEqual([[0.25]]);
    expect(result.hypotheses).toEqual([
      {
        words: [
          { text: 'one', startSample: 0, endSample: 16_000, confidence: Math.exp(-0.1) },
          { text: 'two', startSample: 16_000, endSample: 32_000, confidence: Math.exp(-0.1) },
        ],
      },
      {
        words: [{ text: 'three', startSample: 0, endSample: 32_000, confidence: Math.exp(-0.1) }],
      },
    ]);
  });

  it('counts what the network does at once, before it gives way, as the time of the network', async () => {
    const { model, asked } = scriptedModel(heard([[0.25, oneTwo]]));
    let clock = 0;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => clock);
    const push = vi.spyOn(asked.steps, 'push').mockImplementation((step) => {
      clock += { encode: 20, listen: 4, generate: 3 }[step] ?? 0;
      return 0;
    });
    const { inferenceMs, searchMs } = await model.recognise([sound(0.25, 2)], options, never);
    now.mockRestore();
    push.mockRestore();
    expect([inferenceMs, searchMs]).toEqual([27, 0]);
  });

  it('leaves out words after the end of the audio', async () => {
    const { model } = scriptedModel(heard([[0.25, { tokens: [t(0), 0, t(2), t(4), 3, 4, t(6)] }]]));
    expect(textsOf(await model.recognise([sound(0.25, 2)], options, never))).toEqual(['one']);
  });

  it('gives no text for silence, whatever the network would say', async () => {
    const { model, asked } = scriptedModel(heard([[0, oneTwo]]));
    const result = await model.recognise([sound(0, 5), new Float32Array(0)], options, never);
    expect(result.hypotheses).toEqual([{ words: [] }, { words: [] }]);
    expect(result.language).toBeNull();
    expect(asked.encoded).toEqual([]);
  });

  it('gives no text where the network is unsure and gives a high no-speech probability', async () => {
    const { model, asked } = scriptedModel(
      heard([[0.25, { tokens: [0, 1], logProb: -2, noSpeech: 0.9 }]]),
    );
    const result = await model.recognise([sound(0.25, 5)], options, never);
    expect(result.hypotheses).toEqual([{ words: [] }]);
    expect(result.language).toBeNull();
    expect(asked.generated).toHaveLength(1);
  });

  it('runs windows together, as many as a run may have, and frees each run', async () => {
    const script = heard([0.1, 0.2, 0.3, 0.4, 0.5].map((value) => [Math.fround(value), oneTwo]));
    const { model, asked } = scriptedModel(script, { maxRows: 2 });
    const batch = [...script.keys()].map((value) => sound(value, 20));
    expect(textsOf(await model.recognise(batch, options, never))).toEqual(
      new Array(5).fill('one two'),
    );
    expect(asked.encoded.map((rows) => rows.length)).toEqual([2, 2, 1]);
    expect(asked.disposed).toBe(3);
  });

  it('makes the features of the next windows while the network runs', async () => {
    const script = heard([
      [0.25, oneTwo],
      [0.5, three],
    ]);
    const { model, asked } = scriptedModel(script, { maxRows: 1 });
    await model.recognise([sound(0.25, 20), sound(0.5, 20)], options, never);
    expect(asked.steps).toEqual([
      ...['features', 'encode', 'features', 'listen', 'generate'],
      ...['encode', 'listen', 'generate'],
    ]);
  });

  it('gives a window the same text whatever else is recognised', async () => {
    const script = heard([
      [0.25, oneTwo],
      [0.5, three],
    ]);
    const alone = await scriptedModel(script).model.recognise([sound(0.5, 20)], options, never);
    const together = await scriptedModel(script).model.recognise(
      [sound(0.25, 20), sound(0.5, 20)],
      options,
      never,
    );
    expect(together.hypotheses[1]).toEqual(alone.hypotheses[0]);
  });

  describe('languages', () => {
    const german: ScriptedSpeech = { ...oneTwo, languages: [0.05, 0.9, 0.05] };
    const unsure: ScriptedSpeech = { ...three, languages: [0.42, 0.4, 0.18] };
    const languagesAsked = (asked: { generated: { prompts: readonly (readonly number[])[] }[] }) =>
      asked.generated.map(({ prompts }) => prompts.map(([, language]) => language));

    it('finds the language out', async () => {
      const { model, asked } = scriptedModel(heard([[0.25, german]]));
      const result = await model.recognise([sound(0.25, 5)], options, never);
      expect(result.language).toBe('de');
      expect(asked.generated[0]?.prompts).toEqual([[101, 103, 106]]);
    });

    it('decodes both languages where the evidence is thin, and uses the likelier text', async () => {
      const thin: ScriptedSpeech = { ...oneTwo, languages: [0.6, 0.35, 0.05], logProb: -0.5 };
      const recognise = async (logProb: number) => {
        const other = { tokens: three.tokens, logProb };
        const { model, asked } = scriptedModel(heard([[0.25, { ...thin, as: { 103: other } }]]));
        const result = await model.recognise([sound(0.25, 5)], options, never);
        expect(languagesAsked(asked)).toEqual([[102], [103]]);
        return [textsOf(result)[0], result.language];
      };
      expect(await recognise(-0.3)).toEqual(['three', 'de']);
      expect(await recognise(-0.6)).toEqual(['one two', 'en']);
    });

    it('keeps the language that the text decided when later windows are written', async () => {
      const script = heard([
        [
          0.25,
          {
            ...{ ...oneTwo, languages: [0.6, 0.35, 0.05], logProb: -0.5 },
            as: { 103: { tokens: three.tokens, logProb: -0.3 } },
          },
        ],
        [0.5, german],
      ]);
      const { model } = scriptedModel(script, { maxRows: 1 });
      const batch = [sound(0.25, 22), sound(0.5, 18)];
      const result = await model.recognise(batch, options, never);
      expect(textsOf(result)).toEqual(['three', 'one two']);
      expect(result.language).toBe('de');
    });

    it('recognises each part in one of the declared languages', async () => {
      const script = heard([
        [0.25, { ...oneTwo, languages: [0.01, 0.04, 0.95] }],
        [0.5, { ...three, languages: [0.03, 0.001, 0.9] }],
      ]);
      const { model, asked } = scriptedModel(script);
      const both = { ...options, language: 'de-CH, en,tlh' };
      // each segment between two pauses is looked at by itself, however short
      const result = await model.recognise([sound(0.25, 5), sound(0.5, 3)], both, never);
      expect(asked.encoded).toEqual([[0.25, 0.5]]);
      expect(languagesAsked(asked)[0]).toEqual([103, 102]);
      expect(result.language).toBe('de');
      const one = await scriptedModel(script).model.recognise(
        [sound(0.25, 20)],
        { ...options, language: 'jv,tlh' },
        never,
      );
      expect(one.language).toBe('jv');
    });

    it('takes the language that is given, and asks the network for none', async () => {
      const { model, asked } = scriptedModel(heard([[0.25, german]]));
      const pinned = { ...options, language: 'jv-ID' };
      expect((await model.recognise([sound(0.25, 5)], pinned, never)).language).toBe('jv-ID');
      expect(asked.generated[0]?.prompts).toEqual([[101, 104, 106]]);
    });

    it('finds the language out when the model does not know the one that is given', async () => {
      const { model } = scriptedModel(heard([[0.25, german]]));
      const pinned = { ...options, language: 'tlh' };
      expect((await model.recognise([sound(0.25, 5)], pinned, never)).language).toBe('de');
    });

    it('uses the language of a single-language model, whatever is given or detected', async () => {
      const { model, asked } = scriptedModel(heard([[0.25, german]]), { onlyLanguage: 'en' });
      const pinned = { ...options, language: 'jv' };
      expect((await model.recognise([sound(0.25, 5)], pinned, never)).language).toBe('en');
      expect(asked.generated[0]?.prompts).toEqual([[101, 102, 106]]);
    });

    it('does not take "several languages" for a language', async () => {
      const { model } = scriptedModel(heard([[0.25, german]]), { onlyLanguage: 'mul' });
      const recognise = async (language: string | null) =>
        (await model.recognise([sound(0.25, 5)], { ...options, language }, never)).language;
      expect(await recognise(null)).toBe('de');
      expect(await recognise('jv')).toBe('jv');
    });

    it('decides an unsure window by all others, also by those that come later', async () => {
      const script = heard([
        [0.25, unsure],
        [0.5, german],
      ]);
      const { model, asked } = scriptedModel(script, { maxRows: 1 });
      const batch = [sound(0.25, 20), sound(0.5, 20)];
      const result = await model.recognise(batch, options, never);
      expect(textsOf(result)).toEqual(['three', 'one two']);
      expect(result.language).toBe('de');
      // the unsure one waits
      expect(asked.encoded).toEqual([[0.25], [0.5], [0.25]]);
      // and is tried in the language that it alone would have been in
      expect(languagesAsked(asked)).toEqual([[103], [103], [102]]);
      expect(asked.disposed).toBe(3);
    });

    it('lets every sure window have its own language, and reports the one of most speech', async () => {
      const script = heard([
        [0.25, german],
        [0.5, { ...three, languages: [0.9, 0.05, 0.05] }],
      ]);
      const { model, asked } = scriptedModel(script);
      const result = await model.recognise([sound(0.25, 18), sound(0.5, 22)], options, never);
      expect(languagesAsked(asked)).toEqual([[103, 102]]);
      expect(result.language).toBe('en');
      // what is in another language says so
      expect(result.hypotheses.map(({ language }) => language)).toEqual(['de', undefined]);
    });

    it('asks for a translation, and reports English', async () => {
      const { model, asked } = scriptedModel(heard([[0.25, german]]));
      const translate = { ...options, task: 'translate' } as const;
      expect((await model.recognise([sound(0.25, 5)], translate, never)).language).toBe('en');
      expect(asked.generated[0]?.prompts).toEqual([[101, 103, 105]]);
    });

    it('reports English for an English-only model, and gives it no language token', async () => {
      const config = { ...SCRIPT_CONFIG, languages: null, tasks: null };
      const { model, asked } = scriptedModel(heard([[0.25, german]]), { config });
      expect((await model.recognise([sound(0.25, 5)], options, never)).language).toBe('en');
      expect(asked.generated[0]?.prompts).toEqual([[101]]);
    });
  });

  describe('word times', () => {
    it("come from the aligner where it knows the language, by the decoder's attention where it does not", async () => {
      const recognisedBy = async (language: string, align: TimingAligner['align']) => {
        const aligner = { language, align, release: () => Promise.resolve() };
        const onsetHeads = [{ layer: 1, head: 0, lagMs: 0 }];
        const { model, asked } = scriptedModel(heard([[0.25, oneTwo]]), { aligner, onsetHeads });
        await model.recognise([sound(0.25, 2)], options, never);
        return asked.steps;
      };
      const times = [
        { startSample: 4000, endSample: 9000, agreement: 0.9 },
        { startSample: 11_000, endSample: 40_000, agreement: 0.2 },
      ];
      expect(await recognisedBy('en', async () => times)).not.toContain('attend');
      expect(await recognisedBy('fr', async () => times)).toContain('attend');
      // it could not be opened
      expect(await recognisedBy('en', async () => null)).toContain('attend');
    });

    it('come from the aligner where the network shows no attention', async () => {
      const asked: string[][] = [];
      const aligner = {
        language: 'fr',
        async align(pcm: Float32Array, words: readonly string[]) {
          asked.push([...words]);
          expect(pcm.length).toBe(32_000);
          return [
            { startSample: 4000, endSample: 9000 },
            { startSample: 11_000, endSample: 40_000 },
          ];
        },
        release: () => Promise.resolve(),
      };
      const { model } = scriptedModel(heard([[0.25, oneTwo]]), { aligner });
      const { hypotheses } = await model.recognise([sound(0.25, 2)], options, never);
      expect(asked).toEqual([['one', 'two']]);
      expect(hypotheses[0]?.words).toMatchObject([
        { startSample: 4000, endSample: 9000 },
        { startSample: 11_000, endSample: 32_000 },
      ]);
    });
  });

  it.each(['encode', 'listen', 'generate'])(
    'stops after the step "%s" when it is aborted',
    async (step) => {
      const controller = new AbortController();
      const script = heard([
        [0.25, { ...oneTwo, logProb: -2 }],
        [0.5, three],
      ]);
      const { model, asked } = scriptedModel(script, { maxRows: 1 });
      const push = asked.steps.push.bind(asked.steps);
      asked.steps.push = (...steps) => {
        if (steps.includes(step)) controller.abort();
        return push(...steps);
      };
      const work = model.recognise([sound(0.25, 20), sound(0.5, 20)], options, controller.signal);
      await expect(work).rejects.toMatchObject({ code: 'ABORTED' });
      expect(asked.steps.at(-1)).toBe(step === 'encode' ? 'features' : step);
      expect(asked.steps.filter((one) => one === step)).toHaveLength(1);
      expect(asked.disposed).toBe(1);
    },
  );

  it('stops before the words are timed, and before the next windows are encoded, when it is aborted', async () => {
    const script = heard([
      [0.25, oneTwo],
      [0.5, oneTwo],
    ]);
    for (const step of ['generate', 'align']) {
      const controller = new AbortController();
      const steps: string[] = [];
      const note = (name: string) => {
        steps.push(name);
        if (name === step) controller.abort();
      };
      const aligner = {
        language: 'en',
        async align(_: Float32Array, words: readonly string[]) {
          note('align');
          return words.map((_word, at) => ({ startSample: at * 100, endSample: at * 100 + 100 }));
        },
        release: () => Promise.resolve(),
      };
      const { model, asked } = scriptedModel(script, { aligner, maxRows: 1 });
      asked.steps.push = (...names) => names.forEach(note) ?? 0;
      const work = model.recognise([sound(0.25, 20), sound(0.5, 20)], options, controller.signal);
      await expect(work).rejects.toMatchObject({ code: 'ABORTED' });
      expect(steps.at(-1)).toBe(step);
    }
  });

  it('reports inference and search times', async () => {
    const { model } = scriptedModel(heard([[0.25, oneTwo]]));
    const result = await model.recognise([sound(0.25, 2)], options, never);
    expect(result.inferenceMs).toBeGreaterThanOrEqual(0);
    expect(result.searchMs).toBeGreaterThan(0);
  });

  it('frees encoder and decoder', async () => {
    const { model, asked } = scriptedModel(new Map());
    await model.release();
    expect(asked.steps).toEqual(['release encoder', 'release decoder']);
  });
});
