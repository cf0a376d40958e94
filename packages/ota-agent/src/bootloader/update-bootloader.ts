import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOOT_PROGRAM_FOLDER, BOOT_PROGRAMS, MicroLinuxError } from '@micro-linux/core';
import { envStore } from '../boot-env/env-store.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { deviceBytes } from '../raw-device/device-bytes.ts';
import { bootedSlot } from '../slots/booted-slot.ts';
import type { System } from '../system/system.ts';
import { type BootDevice, withBootDevice } from './boot-device.ts';
import { type BootFiles, readBootFiles, readContents } from './boot-files.ts';
import { exchangePrograms } from './exchange-programs.ts';
import { databaseCertificates } from './firmware-trust.ts';
import { readFirmwareVariables } from './firmware-variables.ts';
import { type BootloaderFacts, planBootloader } from './plan-bootloader.ts';
import { parseSbat } from './sbat.ts';

/** The result, or the result of a dry run. */
export interface BootloaderResult {
  /** Names of the programs that were replaced. */
  readonly replaced: readonly string[];
  /** Names of those that are as in the running image. */
  readonly current: readonly string[];
}

/**
 * Replaces shim, GRUB and MokManager on the ESP if they differ from those of the running image and
 * that image is confirmed.
 *
 * @throws MicroLinuxError `boot-unconfirmed`, `bootloader-missing`, `bootloader-unsupported`,
 *   `bootloader-rejected`, `bootloader-no-room`, `bootloader-corrupt`, `bootloader-failed`, and as
 *   `bootedSlot` and `envStore`.
 */
export async function updateBootloader(
  system: System,
  options: { readonly dryRun: boolean },
): Promise<BootloaderResult> {
  requireConfirmed(system);
  const offered = readOffered(system.paths.bootloader);
  const path = system.espDevice();
  const bytes = await deviceBytes(path, system.paths.sysBlock);
  const result = withBootDevice(path, bytes, (device) => {
    const files = readBootFiles(device, {
      folder: BOOT_PROGRAM_FOLDER.slice(1).split('/'),
      names: BOOT_PROGRAMS.flatMap(({ name, spare }) => [name.toUpperCase(), spare]),
      spare: BOOT_PROGRAMS.map(({ spare }) => spare),
    });
    const replaced = planBootloader(gatherBootloaderFacts(system, device, files, offered));
    if (replaced.length > 0 && !options.dryRun) {
      exchangePrograms(
        device,
        files,
        replaced.map(({ program, offered: contents }) => ({
          active: program.name.toUpperCase(),
          spare: program.spare,
          contents,
        })),
      );
    }
    const names = replaced.map(({ program }) => program.name);
    return {
      replaced: names,
      current: BOOT_PROGRAMS.map(({ name }) => name).filter((name) => !names.includes(name)),
    };
  });
  if (result.replaced.length > 0 && !options.dryRun) {
    await logEvent(system, {
      messageId: MessageId.bootloaderUpdated,
      priority: Priority.notice,
      message: `replaced on the EFI system partition: ${result.replaced.join(', ')}`,
    });
  }
  return result;
}

/** An image on trial must not change the programs that boot the previous one. */
function requireConfirmed(system: System): void {
  const { slot } = bootedSlot(system);
  const store = envStore(system.paths.esp);
  const env = store.readEnv().value;
  if (env?.confirmed !== slot || !env.success || store.readMarker().value !== slot) {
    throw new MicroLinuxError({
      code: 'boot-unconfirmed',
      message: `slot ${slot} runs, but is not confirmed`,
      why: 'only a confirmed system may change the programs that boot this disk',
      hint: 'wait for ota-agent-mark-boot.service: ota-agent status',
    });
  }
}

function readOffered(folder: string): ReadonlyMap<string, Buffer> {
  try {
    return new Map(BOOT_PROGRAMS.map(({ name }) => [name, readFileSync(join(folder, name))]));
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'bootloader-missing',
      message: 'this image contains no boot programs',
      why: cause instanceof Error ? cause.message : String(cause),
      hint: 'apply an image that was built with a current micro-linux',
      cause,
    });
  }
}

function gatherBootloaderFacts(
  system: System,
  device: BootDevice,
  files: BootFiles,
  offered: ReadonlyMap<string, Buffer>,
): BootloaderFacts {
  const firmware = readFirmwareVariables(system.paths.efivars);
  return {
    programs: BOOT_PROGRAMS.map((program) => {
      const entry = files.entries.get(program.name.toUpperCase());
      return {
        program,
        installed: entry ? readContents(device, files, entry) : Buffer.alloc(0),
        offered: offered.get(program.name) ?? Buffer.alloc(0),
      };
    }),
    trusted: firmware.secureBoot
      ? databaseCertificates(firmware.database ?? Buffer.alloc(0))
      : undefined,
    sbatLevel: parseSbat(firmware.sbatLevel ?? ''),
  };
}
