import type { X509Certificate } from 'node:crypto';
import { type BootProgram, ExitCode, MicroLinuxError } from '@micro-linux/core';
import { isTrusted } from './firmware-trust.ts';
import { type PeImage, peImage } from './pe-image.ts';
import { loweredComponents, parseSbat, revokedComponents, type SbatLevels } from './sbat.ts';

/** One boot program, on the ESP and in the running image. */
export interface ProgramPair {
  readonly program: BootProgram;
  readonly installed: Buffer;
  readonly offered: Buffer;
}

/** Facts that decide whether the boot programs are replaced. */
export interface BootloaderFacts {
  readonly programs: readonly ProgramPair[];
  /** What the firmware trusts; undefined without Secure Boot. */
  readonly trusted: readonly X509Certificate[] | undefined;
  /** The levels that shim has revoked; empty when unknown. */
  readonly sbatLevel: SbatLevels;
}

/**
 * The programs to replace: those whose contents differ. All checks come before the first write.
 *
 * @throws MicroLinuxError `bootloader-rejected` (exit code 5) when one is not a program, would lower a
 *   revocation level, is revoked, or would not be started by this firmware.
 */
export function planBootloader(facts: BootloaderFacts): readonly ProgramPair[] {
  const changed = facts.programs.filter(({ installed, offered }) => !installed.equals(offered));
  for (const pair of changed) {
    const why = rejection(pair, facts);
    if (why !== undefined) {
      throw new MicroLinuxError({
        code: 'bootloader-rejected',
        message: `${pair.program.name} of this image does not replace the one on the EFI system partition`,
        why,
        hint: 'the machine boots as before; docs/explanation/bootloader.md says what to do',
        exitCode: ExitCode.rejected,
        details: { program: pair.program.name },
      });
    }
  }
  return changed;
}

function rejection(pair: ProgramPair, facts: BootloaderFacts): string | undefined {
  const offered = peImage(pair.offered);
  if (!offered) {
    return 'it is not a 64-bit EFI program';
  }
  if (offered.isMalformed) {
    return 'bytes follow its signature, and shim does not start such a program';
  }
  const levels = parseSbat(offered.sbat ?? '');
  const lowered = loweredComponents(parseSbat(peImage(pair.installed)?.sbat ?? ''), levels);
  if (lowered.length > 0) {
    return `its revocation level (SBAT) is lower for ${lowered.join(', ')}`;
  }
  const revoked = revokedComponents(facts.sbatLevel, levels);
  if (revoked.length > 0) {
    return `this firmware has revoked it (SBAT: ${revoked.join(', ')})`;
  }
  return isRefusedByFirmware(pair, offered, facts)
    ? 'Secure Boot is on, and no certificate in the firmware’s db has signed it'
    : undefined;
}

/** Firmware checks shim only; shim checks the others with the certificate it carries. */
function isRefusedByFirmware(
  { program }: ProgramPair,
  offered: PeImage,
  { trusted }: BootloaderFacts,
): boolean {
  return (
    program.role === 'shim' && trusted !== undefined && !isTrusted(trusted, offered.certificates)
  );
}
