import { finding, type SeedFinding } from '../check/finding.ts';
import type { RuleId } from '../check/rules.ts';
import { BARE_SEMICOLON } from '../lint/commands.ts';

/** Whether a text is a configuration of GRUB and no seed. */
export function isBootConfig(text: string): boolean {
  return /^\s*(?:linux|linuxefi)\s+\S/m.test(text) && !/^\s*autoinstall:/m.test(text);
}

/**
 * Looks at each line of a grub.cfg that boots a kernel of the installer (`/casper/…`). An entry
 * without any word of a seed is let through while another has one: media keep their old entries.
 */
export function bootConfigFindings(text: string): SeedFinding[] {
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  const kernels = lines.filter(({ line }) => /^\s*linux(?:efi)?\s+\S*\/casper\//.test(line));
  const meant = kernels.filter(({ line }) => /autoinstall|nocloud|subiquity/.test(line));
  return (meant.length > 0 ? meant : kernels.slice(0, 1)).flatMap(({ line, number }) =>
    kernelLine(line).map(({ rule, at, problem, fix }) =>
      finding(rule, { path: 'linux', line: number, column: at + 1, problem, fix }),
    ),
  );
}

interface LineRemark {
  readonly rule: RuleId;
  /** Where in the line, from 0. */
  readonly at: number;
  readonly problem: string;
  readonly fix: string;
}

function kernelLine(line: string): LineRemark[] {
  const start = line.search(/\S/);
  const separator = line.search(/\s---(?:\s|$)/);
  const autoinstall = line.search(/(?<=\s)autoinstall(?=\s|$)/);
  const seed = /ds=nocloud(?:-net)?\\?;s=([^\s"';\\]*)/.exec(line);
  const bare = BARE_SEMICOLON.exec(line);
  return [
    ...(autoinstall === -1
      ? [
          {
            rule: 'boot-autoinstall',
            at: start,
            problem: 'has no word autoinstall: the installer asks "Continue with autoinstall?"',
            fix: 'write autoinstall before ---',
          } as const,
        ]
      : []),
    ...(bare
      ? [
          {
            rule: 'semicolon',
            at: line.indexOf('ds=nocloud', bare.index),
            problem: 'has ds=nocloud; without quotes: GRUB ends the command at the `;`',
            fix: 'write "ds=nocloud;s=/cdrom/nocloud/" with the quotes, or ds=nocloud\\;s=…',
          } as const,
        ]
      : []),
    ...(seed && !seed[1]?.endsWith('/')
      ? [
          {
            rule: 'boot-seed-path',
            at: seed.index,
            problem: 'names a folder without a slash at its end: nothing is found in it',
            fix: `write s=${seed[1]}/`,
          } as const,
        ]
      : []),
    ...[autoinstall, seed?.index ?? -1]
      .filter((at) => at !== -1 && separator !== -1 && at > separator)
      .map(
        (at) =>
          ({
            rule: 'boot-arguments',
            at,
            problem: 'stands after ---: it goes to the installed system, not to the installer',
            fix: 'move it before ---',
          }) as const,
      ),
    ...(autoinstall !== -1 && !/subiquity-storage-version=2/.test(line)
      ? [
          {
            rule: 'boot-storage',
            at: start,
            problem: 'has no subiquity-storage-version=2: partitions get no names and types',
            fix: 'write subiquity-storage-version=2 before ---',
          } as const,
        ]
      : []),
  ];
}
