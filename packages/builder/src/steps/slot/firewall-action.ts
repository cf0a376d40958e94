import { commandLine, ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { WhereIs } from '../../config/where-is.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import { FIREWALL_FILE } from '../../product/firewall.ts';
import { asNamespaceRoot, runAsNamespaceRoot } from '../../system/userns/user-namespace.ts';
import type { TreeAction } from './slot-step.ts';

/** Number of lines of nft that are shown. */
const SHOWN = 12;

/** Has the image's own nft check the ruleset, with all files that it includes. Changes nothing. */
export function firewallAction(whereIs: WhereIs): TreeAction {
  // A network namespace of its own: nft reads the rules that are loaded, and must not see the host's.
  const call = (tree: string): readonly [string, readonly string[]] => [
    'unshare',
    ['--net', '--', 'chroot', tree, 'nft', '--check', '--file', FIREWALL_FILE],
  ];
  return {
    inputs: { firewall: FIREWALL_FILE },
    code: [ownPath(import.meta.filename)],
    describe: (tree) => [commandLine(...asNamespaceRoot(process.getuid?.() ?? 0, ...call(tree)))],
    async run(tree, context) {
      await runAsNamespaceRoot(context.run, ...call(tree), {
        signal: context.signal,
        logFile: context.logFile,
      }).catch((cause: unknown) => {
        throw explainNft(cause, whereIs(['firewall']));
      });
    },
  };
}

/** @param where of the key. */
export function explainNft(cause: unknown, where: string | undefined): unknown {
  if (!(cause instanceof MicroLinuxError) || cause.code !== 'tool-failed') {
    return cause;
  }
  const said = (cause.why ?? '').split('\n');
  const place = where === undefined ? '' : `${where}: `;
  const isAboutRules = said.some((line) => /^\S+:\d+:\d+/.test(line));
  return new MicroLinuxError({
    code: isAboutRules ? 'firewall-invalid' : 'firewall-unchecked',
    message: isAboutRules
      ? `${place}firewall: the image’s nft refuses the ruleset`
      : `${place}firewall: nft cannot run on this build host, so nobody knows whether the ruleset is valid`,
    why: said.slice(0, SHOWN).join('\n'),
    hint: isAboutRules
      ? 'correct the lines of the file; nft(8) describes them'
      : 'sudo modprobe nf_tables',
    exitCode: ExitCode.usage,
    details: cause.details,
    cause,
  });
}
