import { describe, expect, it } from 'vitest';
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

describe('a text that ends before its speech', () => {
  const config = { ...SCRIPT_CONFIG, shortestWindow: 30 };
  /** Sound of one value, then of another: the script knows the rest by its value. */
  const then = (parts: [value: number, seconds: number][]) => {
    const pcm = parts.map(([value, seconds]) => sound(value, seconds));
    const whole = new Float32Array(pcm.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of pcm) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };
  const four: ScriptedSpeech = { tokens: [t(0), 3, t(3)] };
  const five: ScriptedSpeech = { tokens: [t(0), 4, t(4.5)] };

  it('is followed by what is left, as often as that ends early, too', async () => {
    const script = heard([
      [0.25, { tokens: [t(0), 0, 1, t(5)] }],
      [0.5, four],
      [0.75, five],
    ]);
    const { model, asked } = scriptedModel(script, { config });
    const pcm = then([
      [0.25, 5],
      [0.5, 3],
      [0.75, 5],
    ]);
    const { hypotheses } = await model.recognise([pcm], { ...options, language: 'en' }, never);
    expect(textsOf({ hypotheses })).toEqual(['one two four five']);
    expect(hypotheses[0]?.words.map(({ startSample }) => startSample / 16_000)).toEqual([
      0, 2.5, 5, 8,
    ]);
    expect(asked.encoded).toEqual([[0.25], [0.5], [0.75]]);
    // in the language of what came before
    expect(asked.generated.map(({ prompts }) => prompts[0]?.[1])).toEqual([102, 102, 102]);
  });

  it('is followed by the segments behind it, each with its own words', async () => {
    const script = heard([
      [0.25, { tokens: [t(0), 0, t(4)] }],
      [0.5, five],
    ]);
    const { model } = scriptedModel(script, { config });
    // the second begins behind half a second of silence
    const result = await model.recognise([sound(0.25, 4), sound(0.5, 5)], options, never);
    expect(textsOf(result)).toEqual(['one', 'five']);
    expect(result.hypotheses[1]?.words[0]?.startSample).toBe(0);
  });

  it('has nothing added where next to nothing is left, and where nothing was said', async () => {
    const silent: ScriptedSpeech = { tokens: [0, 1], logProb: -2, noSpeech: 0.9 };
    const script = heard([
      [0.25, { tokens: [t(0), 0, t(8.2)] }],
      [0.5, silent],
    ]);
    const { model, asked } = scriptedModel(script, { config });
    const short = then([
      [0.25, 8.2],
      [0.5, 1.8],
    ]);
    expect(textsOf(await model.recognise([short], options, never))).toEqual(['one']);
    expect(asked.encoded).toHaveLength(1);
    const noise = then([
      [0.25, 8.2],
      [0.5, 6],
    ]);
    expect(textsOf(await model.recognise([noise], options, never))).toEqual(['one']);
    expect(asked.encoded).toHaveLength(3);
  });

  it('is final for a model that was trained on shorter windows', async () => {
    const script = heard([[0.25, { tokens: [t(0), 0, 1, t(5)] }]]);
    const { model, asked } = scriptedModel(script);
    expect(textsOf(await model.recognise([sound(0.25, 12)], options, never))).toEqual(['one two']);
    expect(asked.encoded).toHaveLength(1);
  });
});
