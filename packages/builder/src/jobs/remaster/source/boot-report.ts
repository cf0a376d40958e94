/**
 * The mkisofs options that xorriso reports for a medium's boot set-up (`-report_el_torito
 * as_mkisofs`), without those that differ between a medium and its remaster: file name, positions
 * of partitions, date.
 */
export function comparableBootReport(report: string): readonly string[] {
  return report
    .split('\n')
    .filter((line) => line.startsWith('-') && !line.startsWith('--modification-date='))
    .map((line) =>
      line
        .replace(/--interval:(\w+):\d+([sd])-\d+[sd]:([^:]*):.*/, (all, kind, _unit, what) =>
          // The system area is always at the same position.
          what === '' ? `--interval:${kind}:somewhere` : all.replace(/:'.*'$/, ":'medium'"),
        )
        .replace(/_start_\d+s_/, '_start_somewhere_'),
    );
}

/** Paths of the files that xorriso itself writes into while it makes a medium. */
export function writtenByXorriso(report: string): readonly string[] {
  return report.split('\n').flatMap((line) => {
    const [, path] = /^-[bc] '(.*)'$/.exec(line) ?? [];
    return path === undefined ? [] : [path];
  });
}

/** The firmwares that can boot a medium, according to its El Torito catalog. */
export function bootsBy(report: string): { readonly bios: boolean; readonly uefi: boolean } {
  return { bios: /^-b '/m.test(report), uefi: /^-e '/m.test(report) };
}
