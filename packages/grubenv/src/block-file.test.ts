import { execFileSync } from 'node:child_process';
import { constants, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBlock } from '../test/make-block.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { thrownBy } from '../test/thrown-by.ts';
import { failWith, watchedOps } from '../test/watched-ops.ts';
import { emptyBlock, getVariable } from './block.ts';
import { readBlockFile, updateBlockFile, writeBlockFile } from './block-file.ts';
import { setVariable, setVariables } from './edit.ts';
import { serializeBlock } from './serialize.ts';

const block = setVariables(emptyBlock(), { saved_entry: 'A' });
const setB = (before: typeof block) => setVariable(before, 'saved_entry', 'B');

function fileWith(bytes: Uint8Array): string {
  const path = join(scratchDirectory(), 'grubenv');
  writeFileSync(path, bytes);
  return path;
}

describe('writing', () => {
  it('opens without create or truncate, writes 1024 bytes at offset 0 once, syncs and closes', () => {
    const path = fileWith(makeBlock('old=1\n'));
    const { ops, calls } = watchedOps();
    writeBlockFile(path, block, ops);
    expect(calls).toEqual([
      ['open', path, constants.O_RDWR],
      ['fstat'],
      ['write', 1024, 0],
      ['fsync'],
      ['close'],
    ]);
    expect(readFileSync(path)).toEqual(serializeBlock(block));
  });

  it('needs only one more read to edit', () => {
    const path = fileWith(serializeBlock(block));
    const { ops, calls } = watchedOps();
    const written = updateBlockFile(path, setB, ops);
    expect(calls.map((call) => call[0])).toEqual([
      'open',
      'fstat',
      'read',
      'write',
      'fsync',
      'close',
    ]);
    expect(getVariable(written, 'saved_entry')).toBe('B');
    expect(getVariable(readBlockFile(path), 'saved_entry')).toBe('B');
  });

  it('keeps the inode, the mode and the blocks on the disk', () => {
    const path = fileWith(serializeBlock(block));
    const before = statSync(path);
    updateBlockFile(path, setB);
    writeBlockFile(path, block);
    const after = statSync(path);
    expect([after.ino, after.mode, after.size]).toEqual([before.ino, before.mode, 1024]);
  });

  it('repairs a damaged block of the right size', () => {
    const path = fileWith(Buffer.alloc(1024));
    writeBlockFile(path, block);
    expect(getVariable(readBlockFile(path), 'saved_entry')).toBe('A');
  });
});

describe('a refused write leaves the file unchanged', () => {
  const untouched = (bytes: Buffer, code: string, edit = setB) => {
    const path = fileWith(bytes);
    const { ops, calls } = watchedOps();
    expect(thrownBy(() => updateBlockFile(path, edit, ops)).code).toBe(code);
    expect(readFileSync(path)).toEqual(bytes);
    expect(calls.map((call) => call[0])).not.toContain('write');
    expect(calls.at(-1)).toEqual(['close']);
  };

  it('if the block would overflow', () => {
    untouched(Buffer.from(serializeBlock(block)), 'block-full', (before) =>
      setVariable(before, 'a', 'x'.repeat(1024)),
    );
  });

  it('if it is damaged', () => {
    untouched(makeBlock('a=1'), 'unterminated-value');
    untouched(Buffer.alloc(1024), 'missing-header');
  });

  it.each([0, 512, 1023, 1025, 2048])('if it has %i bytes', (size) => {
    const bytes = Buffer.alloc(size, makeBlock('a=1\n'));
    untouched(bytes, 'wrong-size');
    const path = fileWith(bytes);
    expect(thrownBy(() => writeBlockFile(path, block)).code).toBe('wrong-size');
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('if the new block is invalid', () => {
    const path = fileWith(serializeBlock(block));
    const { ops, calls } = watchedOps();
    const unsound = { warning: true, lines: [{ kind: 'comment', raw: 'x' } as const] };
    expect(thrownBy(() => writeBlockFile(path, unsound, ops)).code).toBe('entry-without-equals');
    expect(calls).toEqual([]);
  });
});

describe('failures of the operating system', () => {
  it('are distinguished: missing, a directory, a pipe', () => {
    const directory = scratchDirectory();
    const pipe = join(directory, 'pipe');
    mkdirSync(join(directory, 'sub'));
    execFileSync('mkfifo', [pipe]);
    const codeOf = (path: string) => [
      thrownBy(() => readBlockFile(path)).code,
      thrownBy(() => writeBlockFile(path, block)).code,
    ];
    expect(codeOf(join(directory, 'none'))).toEqual(['not-found', 'not-found']);
    expect(codeOf(join(directory, 'sub'))).toEqual(['not-a-file', 'not-a-file']);
    expect(codeOf(pipe)).toEqual(['not-a-file', 'not-a-file']);
  });

  it('are reported: fsync fails, fewer bytes are written or read', () => {
    const path = fileWith(serializeBlock(block));
    const codeWith = (replace: Parameters<typeof watchedOps>[0]) =>
      thrownBy(() => updateBlockFile(path, setB, watchedOps(replace).ops)).code;
    expect(codeWith({ fsync: failWith('EIO') })).toBe('io');
    expect(codeWith({ write: () => 512 })).toBe('short-transfer');
    expect(codeWith({ read: () => 512 })).toBe('short-transfer');
    expect(codeWith({ open: failWith('EROFS') })).toBe('io');
  });

  it('still close the file', () => {
    const path = fileWith(serializeBlock(block));
    const { ops, calls } = watchedOps({ write: failWith('EIO') });
    expect(thrownBy(() => updateBlockFile(path, setB, ops)).why).toContain('EIO');
    expect(calls.at(-1)).toEqual(['close']);
  });
});
