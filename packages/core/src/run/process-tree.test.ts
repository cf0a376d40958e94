import { expect, test } from 'vitest';
import { type ProcessFacts, parseStat, readProcess, treeOf } from './process-tree.ts';

test('a program name may contain blanks and parentheses', () => {
  const fields = Array.from({ length: 30 }, (_, index) => String(index + 7)).join(' ');
  expect(parseStat(`41 (a) S 9 (b)) S 7 41 40 ${fields}`)).toEqual({
    pid: 41,
    parent: 7,
    session: 40,
    startTime: '22',
    ended: false,
  });
  expect(parseStat('')).toBeUndefined();
  expect(parseStat('12 (cut')).toBeUndefined();
});

test('finds this process', () => {
  expect(readProcess('self')).toMatchObject({ pid: process.pid, parent: process.ppid });
  expect(readProcess(2 ** 30)).toBeUndefined();
});

const of = (pid: number, parent: number, session: number, ended = false): ProcessFacts => ({
  pid,
  parent,
  session,
  startTime: '1',
  ended,
});

test('a tree consists of the descendants and the sessions that they started', () => {
  const processes = [
    of(10, 1, 10), // the shell
    of(20, 10, 10), // this process
    of(30, 20, 30), // its child
    of(31, 30, 30),
    of(40, 31, 40), // a session below
    of(41, 1, 40), // an orphan of it
    of(42, 41, 10), // below the orphan
    of(43, 31, 30, true),
    of(50, 10, 10), // a sibling
  ];
  expect(treeOf(30, processes).map(({ pid }) => pid)).toEqual([30, 31, 40, 41, 42]);
  expect(treeOf(20, processes).map(({ pid }) => pid)).toEqual([20, 30, 31, 40, 41, 42]);
});

test('a session is still found after its first process has ended', () => {
  const processes = [of(30, 20, 30), of(41, 1, 40)];
  expect(treeOf(30, processes).map(({ pid }) => pid)).toEqual([30]);
  expect(treeOf(30, processes, [40]).map(({ pid }) => pid)).toEqual([30, 41]);
});
