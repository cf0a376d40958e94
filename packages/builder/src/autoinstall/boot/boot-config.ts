import { basename } from 'node:path';
import { LineCounter } from 'yaml';
import { finding, type SeedFinding } from '../check/finding.ts';
import type { RuleId } from '../check/rules.ts';
import { type GrubCommand, type GrubWord, parseGrubScript } from './grub-script.ts';

/** Whether a text is a GRUB configuration, not a seed. */
export function isBootConfig(text: string, file: string): boolean {
  if (/\.cfg$/i.test(basename(file))) {
    return true;
  }
  return (
    /(?:^|[{;]|\bthen\b|\belse\b)\s*(?:linux|linuxefi|linux16|menuentry|submenu)\s+\S/m.test(
      text,
    ) &&
    !/^\s*#cloud-config|^\s*(?:autoinstall|version|identity|storage|\S+-commands)\s*:/m.test(text)
  );
}

const KERNEL_COMMANDS = ['linux', 'linuxefi', 'linux16', 'kernel'];

/** Arguments that only the installer's kernel gets. */
const INSTALLER_WORD =
  /^(?:autoinstall|subiquity|ds=|url=|iso-url=|netboot=|boot=casper|layerfs-path=|cloud-config-url=)/;
const SEED_WORD = /^(?:autoinstall|subiquity|ds=)/;

/** Arguments that say where cloud-init finds a seed. */
const SEED_START = /^(?:\/|file:\/\/|https?:\/\/|ftps?:\/\/)/;

/** A line that boots a kernel, with its arguments as the kernel gets them. */
interface KernelLine {
  readonly words: readonly GrubWord[];
  /** A `ds=nocloud` that GRUB cuts off at the next `;`. */
  readonly cut: GrubWord | undefined;
}

/**
 * Checks each command of a grub.cfg that boots an installer's kernel. An entry without
 * seed arguments is accepted if another has them, because media keep their old entries.
 */
export function bootConfigFindings(text: string): SeedFinding[] {
  const { commands, problem } = parseGrubScript(text);
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines.addNewLine(at + 1);
  }
  const say = ({ rule, offset, problem: what, fix }: LineRemark): SeedFinding => {
    const { line, col } = lines.linePos(offset);
    return finding(rule, {
      path: rule === 'boot-nothing' || rule === 'boot-syntax' ? '' : 'linux',
      line,
      column: col,
      problem: what,
      fix,
    });
  };
  const kernels = kernelLines(commands);
  const installers = kernels.filter(
    ({ words }) =>
      words.some(({ text: word }) => INSTALLER_WORD.test(word)) ||
      /\/casper\//.test(words[1]?.text ?? ''),
  );
  const meant = installers.filter(
    ({ words, cut }) => cut !== undefined || words.some(({ text: word }) => SEED_WORD.test(word)),
  );
  const looked = meant.length > 0 ? meant : installers.slice(0, 1);
  const open = looked.length === 0 ? kernels.filter(({ words }) => words.some(isOpen)) : [];
  return [
    ...(problem === undefined
      ? []
      : [
          say({
            rule: 'boot-syntax',
            offset: problem.offset,
            problem: `${problem.what}: GRUB does not read the file`,
            fix: 'close it; `grub-script-check FILE` checks the rest',
          }),
        ]),
    ...(looked.length === 0
      ? [
          say({
            rule: 'boot-nothing',
            offset: open[0]?.words[0]?.offset ?? 0,
            problem:
              open.length > 0
                ? 'variables decide what is booted, so nothing could be checked'
                : 'no line boots a kernel of the installer: nothing was checked',
            fix: 'name the file that has the `linux` line with autoinstall, written out',
          }),
        ]
      : []),
    ...looked.flatMap((line) => kernelRemarks(line).map(say)),
  ];
}

function isOpen({ hasUnknown, text }: GrubWord): boolean {
  // A value with a name of its own, as in iso-scan/filename=${iso_path}, cannot be another argument.
  return hasUnknown && !/^[\w./-]+=/.test(text);
}

function kernelLines(commands: readonly GrubCommand[]): KernelLine[] {
  return commands.flatMap(({ words, end }, index): KernelLine[] => {
    const [name] = words;
    if (name === undefined || !KERNEL_COMMANDS.includes(name.text)) {
      return [];
    }
    const last = words.at(-1);
    const isCut = end === ';' && /^ds=nocloud(?:-net)?\\*$/.test(last?.text ?? '');
    // After the `;` are arguments that were meant for the kernel.
    const rest = isCut ? (commands[index + 1]?.words ?? []) : [];
    return [{ words: [...words, ...rest], cut: isCut ? last : undefined }];
  });
}

interface LineRemark {
  readonly rule: RuleId;
  /** In the file, from 0. */
  readonly offset: number;
  readonly problem: string;
  readonly fix: string;
}

function kernelRemarks({ words, cut }: KernelLine): LineRemark[] {
  const start = words[0]?.offset ?? 0;
  const separator = words.findIndex(({ text }) => text === '---');
  const autoinstall = words.findIndex(({ text }) => text === 'autoinstall');
  const seed = words.findIndex(({ text }) => /^ds=nocloud(?:-net)?(?:;|\\*$)/.test(text));
  const hasUnknown = words.some(isOpen);
  return [
    ...(hasUnknown
      ? [
          {
            rule: 'boot-variable',
            offset: words.find(isOpen)?.offset ?? start,
            problem: 'contains a variable that this file does not set: it was not checked',
            fix: 'write its value instead, or check what sets it',
          } as const,
        ]
      : []),
    ...(autoinstall === -1 && !hasUnknown
      ? [
          {
            rule: 'boot-autoinstall',
            offset: start,
            problem: 'has no word autoinstall: the installer asks "Continue with autoinstall?"',
            fix: 'write autoinstall before ---',
          } as const,
        ]
      : []),
    ...(cut
      ? [
          {
            rule: 'semicolon',
            offset: cut.offset,
            problem: cut.text.endsWith('\\')
              ? 'has two \\ before the `;`, which make one \\: GRUB ends the command there'
              : 'has ds=nocloud; without quotes: GRUB ends the command at the `;`',
            fix: 'write "ds=nocloud;s=/cdrom/nocloud/" with the quotes, or ds=nocloud\\;s=…',
          } as const,
        ]
      : []),
    ...seedFolder(words[seed]),
    ...[autoinstall, seed]
      .filter((at) => at !== -1 && separator !== -1 && at > separator)
      .map(
        (at) =>
          ({
            rule: 'boot-arguments',
            offset: words[at]?.offset ?? start,
            problem: 'is after ---: it goes to the installed system, not to the installer',
            fix: 'move it before ---',
          }) as const,
      ),
    ...(autoinstall !== -1 &&
    !hasUnknown &&
    !words.some(({ text }) => text === 'subiquity-storage-version=2')
      ? [
          {
            rule: 'boot-storage',
            offset: start,
            problem: 'has no subiquity-storage-version=2: partitions get no names and types',
            fix: 'write subiquity-storage-version=2 before ---',
          } as const,
        ]
      : []),
  ];
}

/** The folder of a seed: cloud-init appends a slash, but supports only some schemes. */
function seedFolder(word: GrubWord | undefined): LineRemark[] {
  const folder = /;(?:s|seedfrom)=([^;]*)/.exec(word?.text ?? '')?.[1];
  return word === undefined || word.hasUnknown || folder === undefined || SEED_START.test(folder)
    ? []
    : [
        {
          rule: 'boot-seed-path',
          offset: word.offset,
          problem: 'names a folder that cloud-init does not read',
          fix: 'begin it with /, http:// or https://: s=/cdrom/nocloud/',
        },
      ];
}
