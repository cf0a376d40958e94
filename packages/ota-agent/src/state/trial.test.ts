import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from './temporary-directory.testdata.ts';
import { TRIAL } from './trial.testdata.ts';
import { readTrial, readTrialFailure, removeTrial, writeTrial } from './trial.ts';

describe('the trial', () => {
  it('is read as it was written, with its deadline in a plain text file for sh', () => {
    const directory = temporaryDirectory();
    expect(readTrial(directory)).toBeUndefined();
    writeTrial(directory, TRIAL);
    expect(readTrial(directory)).toEqual(TRIAL);
    expect(readFileSync(join(directory, 'trial-deadline'), 'utf8')).toBe('300\n');
    removeTrial(directory);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('removes the files of earlier trials at its start, and its own files when it is settled', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'trial-health.json'), '{}');
    writeFileSync(join(directory, 'trial-failure'), 'it hung');
    expect(readTrialFailure(directory)).toBe('it hung');
    writeTrial(directory, TRIAL);
    expect(readdirSync(directory).sort()).toEqual(['trial-deadline', 'trial.json']);
    writeFileSync(join(directory, 'trial-failure'), 'it hung');
    writeFileSync(join(directory, 'trial-health.json'), '{}');
    removeTrial(directory);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('never exists without its deadline, wherever writing stops', () => {
    const directory = temporaryDirectory();
    const at = (name: string) => join(directory, name);
    const blocked = (name: string) => {
      mkdirSync(join(at(name), 'in-the-way'), { recursive: true });
      expect(() => writeTrial(directory, TRIAL)).toThrow(
        expect.objectContaining({ code: 'state-unwritable' }),
      );
      rmSync(at(name), { recursive: true });
    };
    blocked('trial-deadline');
    expect(existsSync(at('trial.json'))).toBe(false);
    blocked('trial.json');
    expect(readFileSync(at('trial-deadline'), 'utf8')).toBe('300\n');
  });

  it('of a newer agent is readable by an older one after a fallback', () => {
    const directory = temporaryDirectory();
    const newer = { ...TRIAL, color: 'blue', baseline: { ...TRIAL.baseline, moon: true } };
    writeFileSync(join(directory, 'trial.json'), JSON.stringify(newer));
    expect(readTrial(directory)).toEqual(TRIAL);
  });

  it.each(['', '{', '[]', '{"schema":2}', JSON.stringify({ ...TRIAL, slot: 'C' })])(
    'that is damaged (%j) counts as none',
    (text) => {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, 'trial.json'), text);
      expect(readTrial(directory)).toBeUndefined();
    },
  );
});
