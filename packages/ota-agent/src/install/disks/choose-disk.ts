import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { type DiskMatch, fits } from '@micro-linux/provision';
import { type Disk, describeDisk } from './disk.ts';

/**
 * The only disk that matches a seed's rules; nothing is read or written.
 *
 * Excluded are the disk of the medium, disks in use, read-only disks, and removable disks unless a
 * rule names them by serial number, model or path.
 *
 * @param medium path of the disk that the installer runs from, if it is one.
 * @throws MicroLinuxError `install-no-disk`, `install-disk-ambiguous`; both list every disk.
 */
export function chooseDisk(
  match: DiskMatch,
  disks: readonly Disk[],
  medium: string | undefined,
): Disk {
  const verdicts = disks.map((disk) => ({ disk, unfit: unfit(match, disk, medium) }));
  const fit = verdicts
    .filter((verdict) => verdict.unfit === undefined)
    .map(({ disk }) => disk)
    .toSorted((one, other) =>
      match.size === 'smallest' ? one.sizeBytes - other.sizeBytes : other.sizeBytes - one.sizeBytes,
    );
  const [chosen, next] = fit;
  if (!chosen) {
    throw new MicroLinuxError({
      code: 'install-no-disk',
      message: 'there is no disk to install on',
      why:
        verdicts.map(({ disk, unfit }) => `${describeDisk(disk)}: ${unfit}`).join('\n') ||
        'this machine has no disk that can be seen: a driver may be missing',
      hint: 'change install.disk in micro-linux.yaml, or name a disk with --disk',
      exitCode: ExitCode.failed,
    });
  }
  if (next && next.sizeBytes === chosen.sizeBytes) {
    const same = fit.filter(({ sizeBytes }) => sizeBytes === chosen.sizeBytes);
    throw new MicroLinuxError({
      code: 'install-disk-ambiguous',
      message: `${same.length} disks fit the rules equally well: one must be named`,
      why: same.map(describeDisk).join('\n'),
      hint: 'set install.disk.serial or install.disk.path in micro-linux.yaml, or name a disk with --disk',
      exitCode: ExitCode.failed,
    });
  }
  return chosen;
}

/**
 * The disk that the user named, by its device or another of its names.
 *
 * @throws MicroLinuxError `install-no-disk` if there is none, `install-disk-unfit` if it cannot be
 *   installed on.
 */
export function diskOf(disks: readonly Disk[], device: string, medium: string | undefined): Disk {
  const found = disks.find(({ path, links }) => path === device || links.includes(device));
  if (!found) {
    throw new MicroLinuxError({
      code: 'install-no-disk',
      message: `${device} is not a disk of this machine`,
      why: disks.map(describeDisk).join('\n') || 'no disk can be seen',
      hint: 'name one of these, whole: /dev/sda, not /dev/sda1',
      exitCode: ExitCode.usage,
    });
  }
  const why = neverFit(found, medium);
  if (why !== undefined) {
    throw new MicroLinuxError({
      code: 'install-disk-unfit',
      message: `${device} cannot be installed on`,
      why,
      hint: 'name another disk, or end what uses it',
      exitCode: ExitCode.failed,
    });
  }
  return found;
}

/** Why a disk cannot be chosen; undefined if it can. */
function unfit(match: DiskMatch, disk: Disk, medium: string | undefined): string | undefined {
  const named = [match.serial, match.model, match.path].some((rule) => rule !== undefined);
  const never = neverFit(disk, medium);
  if (never !== undefined) {
    return never;
  }
  if (disk.removable && !named) {
    return 'it is removable, and no rule names it by serial, model or path';
  }
  const rules = [
    ['serial', match.serial, disk.serials],
    ['model', match.model, disk.model === undefined ? [] : [disk.model]],
    ['path', match.path, [disk.path, ...disk.links]],
  ] as const;
  const failed = rules.find(
    ([, rule, names]) => rule !== undefined && !names.some((name) => fits(rule, name)),
  );
  if (failed) {
    return `its ${failed[0]} does not fit ${failed[1]}`;
  }
  return match.ssd !== undefined && match.ssd === disk.rotational
    ? `it is ${disk.rotational ? 'not an' : 'an'} SSD`
    : undefined;
}

function neverFit(disk: Disk, medium: string | undefined): string | undefined {
  if (disk.path === medium) {
    return 'the installer runs from it';
  }
  if (disk.readOnly) {
    return 'it is read-only';
  }
  const [mounted] = disk.mountPoints;
  if (mounted !== undefined) {
    return mounted === '[SWAP]' ? 'it is used as swap space' : `it is mounted at ${mounted}`;
  }
  return disk.takeDown?.refusal;
}
