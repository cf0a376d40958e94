import { ExitCode } from '@micro-linux/core';
import { OfferingOption } from '@micro-linux/core/cli';
import { InvalidArgumentError } from 'commander';
import { machineOptions, type TestOptions } from '../../jobs/vm/vm-options.ts';
import { FIRMWARE_KINDS, type FirmwareKind } from '../../vm/firmware.ts';
import type { RegisterCommand } from './register-command.ts';

/** `test`: boots an artifact with each firmware and checks it from inside. */
export const registerTest: RegisterCommand = (program, context, setExitCode) => {
  const command = program
    .command('test')
    .description('boot an image in QEMU, by BIOS and UEFI, and check it from inside')
    .argument('[image]', 'disk image: qcow2, raw, vhdx or vmdk (default: the newest artifact)')
    .addOption(
      new OfferingOption(
        '--firmware <list>',
        `which of ${FIRMWARE_KINDS.join(', ')}, separated by commas`,
        { offers: FIRMWARE_KINDS, isList: true },
      )
        .argParser(firmwareList)
        .default(['bios', 'uefi'], 'bios,uefi'),
    )
    .option('--no-reboot', 'check the first boot only: half the time');
  for (const option of machineOptions()) {
    command.addOption(option);
  }
  command.action(async (image: string | undefined, options: TestOptions) => {
    const { runTest } = await import('../../jobs/vm/run-test.ts');
    const ok = await runTest(context(options), image, options);
    setExitCode(ok ? ExitCode.done : ExitCode.failed);
  });
};

function firmwareList(text: string): FirmwareKind[] {
  return [...new Set(text.split(','))].map((name) => {
    const kind = FIRMWARE_KINDS.find((one) => one === name.trim());
    if (!kind) {
      throw new InvalidArgumentError(`choose from ${FIRMWARE_KINDS.join(', ')}.`);
    }
    return kind;
  });
}
