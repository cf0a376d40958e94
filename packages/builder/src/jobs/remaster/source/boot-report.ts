/**
 * What xorriso says would have to be told to mkisofs to get a medium's boot set-up
 * (`-report_el_torito as_mkisofs`), without what differs between a medium and its remaster though
 * the set-up is the same: name of the file, places of partitions, the day it was made.
 */
export function comparableBootReport(report: string): readonly string[] {
  return report
    .split('\n')
    .filter((line) => line.startsWith('-') && !line.startsWith('--modification-date='))
    .map((line) =>
      line
        .replace(/--interval:(\w+):\d+([sd])-\d+[sd]:([^:]*):.*/, (all, kind, _unit, what) =>
          // The system area always lies at the same place.
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

/** Which firmwares a medium boots by, as far as its El Torito catalog tells. */
export function bootsBy(report: string): { readonly bios: boolean; readonly uefi: boolean } {
  return { bios: /^-b '/m.test(report), uefi: /^-e '/m.test(report) };
}
