import { describe, expect, it } from 'vitest';
import { isEmail, normaliseEmail, passwordProblem } from './account-rules';

describe('passwords', () => {
  it('are taken from ten characters to two hundred, whatever these are', () => {
    expect(passwordProblem('123456789', 'a@b.c')).toBe('short');
    expect(passwordProblem('1234567890', 'a@b.c')).toBeNull();
    expect(passwordProblem('x'.repeat(200), 'a@b.c')).toBeNull();
    expect(passwordProblem('x'.repeat(201), 'a@b.c')).toBe('long');
  });

  it('count characters as people do', () => {
    expect(passwordProblem('😀'.repeat(9), 'a@b.c')).toBe('short');
    expect(passwordProblem('😀'.repeat(10), 'a@b.c')).toBeNull();
  });

  it('are not the address itself, however it is written', () => {
    expect(passwordProblem('Anna@Example.org', 'anna@example.org ')).toBe('email');
  });
});

describe('addresses', () => {
  it('are compared without spaces and capitals', () => {
    expect(normaliseEmail('  Anna@Example.ORG ')).toBe('anna@example.org');
  });

  it('have something on both sides of one @', () => {
    for (const email of ['a@b', 'anna.schmidt+x@example.org', 'anna@localhost', 'ä@bücher.example'])
      expect(isEmail(email), email).toBe(true);
    for (const email of ['', 'anna', '@b', 'a@', 'a@b@c', 'a b@c', '<a@b>', `${'x'.repeat(254)}@b`])
      expect(isEmail(email), email).toBe(false);
  });
});
