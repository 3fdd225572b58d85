import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { emailText, newPasswordText, problemText, signInProblem } from './account-texts';

describe('the words about accounts', () => {
  it('say what is wrong with an address or a password, and nothing when nothing is', () => {
    expect(emailText(' ')).toBe('Enter an address.');
    expect(emailText('anna')).toMatch(/such as/);
    expect(emailText(' Anna@Example.org ')).toBeUndefined();
    expect(newPasswordText('short', 'a@b.c')).toMatch(/at least 10/);
    expect(newPasswordText('long enough', 'a@b.c')).toBeUndefined();
  });

  it('have a sentence for every way a provider is refused, and for one they do not know', () => {
    expect(signInProblem(null)).toBeNull();
    expect(signInProblem('not-linked')).toMatch(/link it in the settings/);
    expect(signInProblem('<script>')).toBe('Signing in failed. Try again.');
    expect(signInProblem('constructor')).toBe('Signing in failed. Try again.');
  });

  it('describe a failure as the page means it, else as everywhere', () => {
    const texts = () => ({ NOT_FOUND: 'This link is over.' });
    expect(problemText(new AppError('NOT_FOUND', 'x'), texts)).toBe('This link is over.');
    expect(problemText(new AppError('RATE_LIMITED', 'x'), texts)).toMatch(/too many attempts/);
  });
});
