import { expect, it } from 'vitest';
import { renderSizeReport, sizeReport } from './size-report.ts';

it('adds up files by part, largest first', () => {
  const parts = sizeReport(
    '10\tusr/lib/modules/6.1/a.ko\n5\tusr/lib/modules/6.1/b.ko\n100\tusr/lib/ota-agent/node\n1\tsrv/odd\n',
  );
  expect(parts).toEqual([
    { part: 'Node', bytes: 100, files: 1 },
    { part: 'kernel modules', bytes: 15, files: 2 },
    { part: 'other', bytes: 1, files: 1 },
  ]);
  expect(renderSizeReport(parts)).toContain('total');
});
