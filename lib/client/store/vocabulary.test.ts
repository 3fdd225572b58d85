import { describe, expect, it } from 'vitest';
import { VOCABULARY_LIMITS } from '@/lib/engine/words/vocabulary-limits';
import { parseVocabulary, writtenForms } from './vocabulary';

const problems = (text: string) =>
  parseVocabulary(text).refused.map(({ line, problem }) => `${line} ${problem}`);

describe('the custom vocabulary', () => {
  it('reads one entry per line, as written', () => {
    expect(parseVocabulary('Kubernetes\nAnna Schmidt\r\nctDNA')).toEqual({
      entries: ['Kubernetes', 'Anna Schmidt', 'ctDNA'],
      refused: [],
    });
  });

  it('reads pasted text: comma-separated lists, tables, bullets and quotes', () => {
    const pasted = '- Zelenskyy, Orbán;von der Leyen\n•  “Łódź”\nCeuta\tMelilla\n* "O\'Brien"\n';
    expect(parseVocabulary(pasted).entries).toEqual([
      'Zelenskyy',
      'Orbán',
      'von der Leyen',
      'Łódź',
      'Ceuta',
      'Melilla',
      "O'Brien",
    ]);
  });

  it('drops empty lines, extra spaces and entries that differ only in case', () => {
    expect(parseVocabulary('  Anna   Schmidt \n\n   \nanna schmidt\n,\nAnna').entries).toEqual([
      'Anna Schmidt',
      'Anna',
    ]);
  });

  it('treats a decomposed accent like a composed one', () => {
    expect(parseVocabulary('Cafe\u0301\nCafé').entries).toEqual(['Café']);
  });

  it('reports which lines are rejected, and why', () => {
    const { characters, words } = VOCABULARY_LIMITS;
    const text = ['x'.repeat(characters + 1), 'a '.repeat(words + 1), '2024', 'Київ', 'fine'];
    expect(problems(text.join('\n'))).toEqual([
      '1 too-long',
      '2 too-many-words',
      '3 no-letters',
      '4 no-letters',
    ]);
    expect(problems(`${'x'.repeat(characters)}\n${'a '.repeat(words)}`)).toEqual([]);
  });

  it('reads what a name sounds like, and writes it one way', () => {
    const text = '• “Siobhan”  =  "shivawn"\nsiobhan\nAoife Byrne=eefa burn, Xhosa = \n= nobody';
    expect(parseVocabulary(text)).toEqual({
      entries: ['Siobhan = shivawn', 'Aoife Byrne = eefa burn', 'Xhosa'],
      refused: [],
    });
    expect(writtenForms(['Siobhan = shivawn', 'Xhosa'])).toEqual(['Siobhan', 'Xhosa']);
  });

  it('rejects sounds that do not belong to the words of a name', () => {
    const text = 'Aoife Byrne = eefaburn\nSiobhan = 8\nNguyen = one two three four five six';
    expect(problems(text)).toEqual(['1 sounds-like', '2 sounds-like', '3 too-many-words']);
  });

  it('limits the number of entries', () => {
    const lines = Array.from({ length: VOCABULARY_LIMITS.entries + 2 }, (_, at) => `name${at}`);
    const { entries, refused } = parseVocabulary([...lines, 'NAME0'].join('\n'));
    expect(entries).toEqual(lines.slice(0, VOCABULARY_LIMITS.entries));
    expect(refused.map(({ line, problem }) => [line, problem])).toEqual([
      [501, 'too-many-entries'],
      [502, 'too-many-entries'],
    ]);
  });

  it('parses its own entries to the same entries', () => {
    const { entries } = parseVocabulary('• A, b\n "C d" ;- e');
    expect(parseVocabulary(entries.join('\n')).entries).toEqual(entries);
  });
});
