import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStateFile, removeStateFile, writeStateFile } from './state-file.ts';
import { temporaryDirectory } from './temporary-directory.testdata.ts';

describe('a state file', () => {
  it('is readable only by its owner, and so is a directory created for it', () => {
    const directory = join(temporaryDirectory(), 'state');
    writeStateFile(join(directory, 'slots/x'), 'text');
    expect(readStateFile(join(directory, 'slots/x'))).toBe('text');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'slots/x')).mode & 0o777).toBe(0o600);
  });

  it('is replaced atomically, despite leftovers of a power cut', () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'x');
    writeStateFile(path, 'old');
    writeFileSync(`${path}.new`, 'half of something that was longer');
    const before = statSync(path).ino;
    writeStateFile(path, 'new');
    expect(readStateFile(path)).toBe('new');
    expect(statSync(path).ino).not.toBe(before);
    expect(readdirSync(directory)).toEqual(['x']);
  });

  it('that is missing is read as undefined and removed without an error', () => {
    const path = join(temporaryDirectory(), 'nowhere/x');
    expect(readStateFile(path)).toBeUndefined();
    expect(() => removeStateFile(path)).not.toThrow();
  });

  it('that cannot be read or written is a MicroLinuxError', () => {
    const path = join(temporaryDirectory(), 'x');
    mkdirSync(join(path, 'y'), { recursive: true });
    expect(() => readStateFile(path)).toThrow(
      expect.objectContaining({ code: 'state-unreadable' }),
    );
    expect(() => writeStateFile(path, '')).toThrow(
      expect.objectContaining({ code: 'state-unwritable' }),
    );
  });
});
