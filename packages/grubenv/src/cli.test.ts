import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBlock } from '../test/make-block.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { runCli } from './cli.ts';

/** Runs the program; stdout as latin1 where it is bytes. */
function grubenv(...argv: string[]) {
  const chunks: Buffer[] = [];
  let stderr = '';
  const exitCode = runCli(argv, {
    stdout: { write: (chunk) => chunks.push(Buffer.from(chunk)) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exitCode, stdout: Buffer.concat(chunks), stderr };
}

function newBlock(): string {
  const path = join(scratchDirectory(), 'grubenv');
  expect(grubenv(path, 'create')).toMatchObject({ exitCode: 0, stderr: '' });
  return path;
}

describe('grubenv', () => {
  it('creates, sets, lists and unsets', () => {
    const file = newBlock();
    expect(grubenv(file, 'set', 'a=1', 'b=x=y', 'c=Größe', '-d=')).toMatchObject({ exitCode: 0 });
    expect(grubenv(file, 'unset', 'a', 'never')).toMatchObject({ exitCode: 0 });
    expect(grubenv(file, 'list').stdout.toString('utf8')).toBe('b=x=y\nc=Größe\n-d=\n');
  });

  it('lists bytes that are not UTF-8 unchanged', () => {
    const file = newBlock();
    writeFileSync(file, makeBlock('a=\xff\\\\\n'));
    expect(grubenv(file, 'list').stdout).toEqual(Buffer.from('a=\xff\\\n', 'latin1'));
  });

  it('lists as JSON, and says how to read bytes that are not UTF-8', () => {
    const file = newBlock();
    grubenv(file, 'set', 'saved_entry=B', 'title=Größe');
    expect(JSON.parse(grubenv(file, 'list', '--json').stdout.toString())).toEqual({
      schema: 1,
      ok: true,
      encoding: 'utf8',
      variables: { saved_entry: 'B', title: 'Größe' },
      usedBytes: 122,
      freeBytes: 902,
      fitsFirstSector: true,
    });
    writeFileSync(file, makeBlock('a\xc3=\xa9\n'));
    expect(JSON.parse(grubenv('--json', file, 'list').stdout.toString())).toMatchObject({
      encoding: 'latin1',
      variables: { 'a\xc3': '\xa9' },
    });
  });

  it('changes nothing if one of several settings does not fit', () => {
    const file = newBlock();
    const before = readFileSync(file);
    const result = grubenv(file, 'set', 'a=1', `b=${'x'.repeat(1024)}`);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(
      /^error\[block-full\]: environment block too small.*\n {2}why: .*\n {2}try: .*\n$/,
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it('reports a failure as JSON if requested', () => {
    const file = join(scratchDirectory(), 'none');
    const result = grubenv(file, 'list', '--json');
    expect(result.exitCode).toBe(1);
    expect(JSON.parse(result.stdout.toString())).toMatchObject({
      schema: 1,
      ok: false,
      code: 'not-found',
      exitCode: 1,
    });
    expect(result.stderr).toContain('error[not-found]');
  });

  it('makes a missing file only with create', () => {
    const file = join(scratchDirectory(), 'none');
    expect(grubenv(file, 'set', 'a=1').stderr).toContain('error[not-found]');
    expect(grubenv(file, 'unset', 'a').stderr).toContain('error[not-found]');
  });

  it.each([['--help'], ['-h'], ['file', 'list', '--help']])(
    'prints help for %s %s %s',
    (...argv) => {
      const result = grubenv(...argv.filter((word) => word !== undefined));
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      expect(result.stdout.toString()).toMatch(/^Usage: grubenv FILE create\n/);
    },
  );

  it('prints its version', () => {
    expect(grubenv('--version').stdout.toString()).toMatch(/^grubenv \d+\.\d+\.\d+\n$/);
  });

  it.each([
    [[]],
    [['file']],
    [['-', 'list']],
    [['file', 'delete']],
    [['file', 'list', 'more']],
    [['file', 'set']],
    [['file', 'unset']],
    [['file', 'set', 'a']],
    [['file', 'set', 'a=\uFFFD']],
    [['file', 'create', '--json']],
    [['--frob', 'file', 'list']],
  ])('exits with 2 for %j', (argv) => {
    const result = grubenv(...argv);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/^error\[usage\]: .*\n {2}why: .*\n {2}try: grubenv --help\n$/);
  });
});
