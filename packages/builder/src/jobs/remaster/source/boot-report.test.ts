import { expect, test } from 'vitest';
import { bootsBy, comparableBootReport, writtenByXorriso } from './boot-report.ts';

/** Lines of xorriso for two media with the same boot set-up. */
const report = (name: string, at: number) => `-V 'A B'
--modification-date='20${at}112506162000'
--grub2-mbr --interval:local_fs:0s-15s:zero_mbrpt,zero_gpt:'${name}'
-append_partition 2 28732ac11ff8d211ba4b00a0c93ec93b --interval:local_fs:${at}d-${at + 99}d::'${name}'
-c '/boot.catalog'
-b '/boot/grub/i386-pc/eltorito.img'
-e '--interval:appended_partition_2_start_${at}s_size_10240d:all::'
`;

test('ignores positions and names, and compares everything else', () => {
  const one = comparableBootReport(report('a.iso', 26));
  expect(comparableBootReport(report("/b/it's.iso", 4711))).toEqual(one);
  for (const [from, to] of [
    ['zero_mbrpt,', ''],
    ['28732ac', 'a2a0d0e'],
    ['10240d', '20480d'],
    ['0s-15s', '0s-14s'],
    ["-c '/boot.catalog'\n", ''],
  ] as const) {
    const other = comparableBootReport(report('a.iso', 26).replace(from, to));
    expect([from, other]).not.toEqual([from, one]);
  }
});

test('reports what is written, and which firmware boots it', () => {
  expect(writtenByXorriso(report('a', 26))).toEqual([
    '/boot.catalog',
    '/boot/grub/i386-pc/eltorito.img',
  ]);
  expect(bootsBy(report('a', 26))).toEqual({ bios: true, uefi: true });
  expect(bootsBy("-b 'x'\n")).toEqual({ bios: true, uefi: false });
});
