import { run } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { leaveMarkers, parseProbes, probeScript } from './probes.ts';

test('sh accepts the script and its markers', async () => {
  await run('sh', ['-n', '-c', probeScript('@@x')]);
  await run('sh', ['-n', '-c', leaveMarkers('word')]);
});

test('returns outputs by name with their status, whatever they end with', () => {
  const outputs = parseProbes(
    '@@x begin machineId\nabc\n\n@@x end 0\n@@x begin hostKeys\nno newline\n@@x end 2\nnoise\n',
    '@@x',
  );
  expect(outputs.machineId).toEqual({ status: 0, text: 'abc' });
  expect(outputs.hostKeys).toEqual({ status: 2, text: 'no newline' });
});

test('reports what did not run', () => {
  expect(parseProbes('', '@@x').mounts).toMatchObject({ status: 127 });
});

test('a probe that exits its shell, or has a syntax error, does not stop the others', async () => {
  const script = probeScript('@@x', {
    machineId: 'exit 5',
    bootId: 'no-such-program-here',
    bootInfo: 'printf "no newline"',
  });
  const { stdout } = await run('sh', ['-c', script]);
  expect(parseProbes(stdout, '@@x')).toMatchObject({
    machineId: { status: 5, text: '' },
    bootId: { status: 127, text: expect.stringContaining('not found') },
    bootInfo: { status: 0, text: 'no newline' },
  });
});
