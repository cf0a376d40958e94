import { Option } from 'commander';
import {
  collectForward,
  machineOptions,
  type VmOptions,
  wholeNumber,
} from '../../jobs/vm/vm-options.ts';
import type { RegisterCommand } from './register-command.ts';

/** `vm`: boots an artifact in QEMU, on its console or over ssh. */
export const registerVm: RegisterCommand = (program, context, setExitCode) => {
  const command = program
    .command('vm')
    .description('boot an image in QEMU: its console here, or a command in it over ssh')
    .argument('[image]', 'disk image: qcow2, raw, vhdx or vmdk (default: the newest artifact)')
    .option('--uefi', 'boot by UEFI, not by BIOS')
    .addOption(
      new Option('--secure-boot', 'boot by UEFI with Secure Boot enforced').conflicts('uefi'),
    )
    .option('--ssh [command...]', 'wait for ssh, then run the command (quote it), or a login shell')
    .addOption(
      new Option('--port <number>', 'forward this port of 127.0.0.1 to ssh').argParser(
        wholeNumber(1, 65_535),
      ),
    )
    .addOption(
      new Option(
        '--forward <host:guest>',
        'forward a port of 127.0.0.1 to one of the machine, such as 8443:443; may be repeated',
      ).argParser(collectForward),
    )
    .option('--keep', 'write to the image itself, not to a throw-away overlay')
    .option('--display', "also open a window with the machine's screen")
    .option('--dry-run', 'print the commands that would be run, and run nothing');
  for (const option of machineOptions()) {
    command.addOption(option);
  }
  command.action(async (image: string | undefined, options: VmOptions) => {
    const { runVm } = await import('../../jobs/vm/run-vm.ts');
    setExitCode(await runVm(context(options), image, options));
  });
};
