import { type Runner, run } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { generatePassword, hashPassword } from './password.ts';

describe('generatePassword', () => {
  it('has at least 96 bits and never repeats', () => {
    const passwords = new Set(Array.from({ length: 1000 }, generatePassword));
    expect(passwords.size).toBe(1000);
    const signs = [...passwords][0]?.replaceAll('-', '') ?? '';
    expect(signs.length * Math.log2(56)).toBeGreaterThan(96);
  });
});

describe('hashPassword', () => {
  it('makes a SHA-512-crypt hash with a new salt each time', async () => {
    const [one, two] = [await hashPassword('secret', run), await hashPassword('secret', run)];
    expect(one).toMatch(/^\$6\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{86}$/);
    expect(one).not.toBe(two);
  });

  it('never puts the password into the argument list', async () => {
    const seen: string[] = [];
    const watching: Runner = (file, args, options) => {
      seen.push(file, ...args, ...Object.values(options?.env ?? {}));
      return run(file, args, options);
    };
    await hashPassword('s3cr3t-value', watching);
    expect(seen.join(' ')).not.toContain('s3cr3t-value');
  });
});
