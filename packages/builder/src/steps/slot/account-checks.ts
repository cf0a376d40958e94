import { commandLine, ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { Config } from '../../config/config.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import { asNamespaceRoot, runAsNamespaceRoot } from '../../system/userns/user-namespace.ts';
import type { TreeAction } from './slot-step.ts';

/**
 * Checks with the image's own programs what only they can judge: that the shells of users exist, and
 * that sudo accepts all of its rules. A rule that it cannot read could take sudo from everybody.
 */
export function accountChecks(config: Pick<Config, 'user' | 'users'>): TreeAction {
  const usersWith = (shell: string) =>
    config.users.flatMap((user) => (user.shell === shell ? [user.name] : [])).join(', ');
  const shells = [...new Set(config.users.map(({ shell }) => shell))].sort();
  const checks = [
    ...shells.map((shell) => ({
      args: ['/usr/bin/test', '-x', shell],
      error: {
        code: 'shell-missing',
        message: `the image does not have the shell ${shell}`,
        hint: `add its package to packages.add, or choose another shell for ${usersWith(shell)}`,
      },
    })),
    ...(hasRules(config)
      ? [
          {
            args: ['/usr/sbin/visudo', '--check'],
            error: {
              code: 'sudo-rules-invalid',
              message: 'sudo does not accept the rules of the configuration',
              hint: 'fix them: visudo --check --file=FILE shows the line',
            },
          },
        ]
      : []),
  ];
  const inTree = (tree: string, args: readonly string[]) => [tree, ...args];
  return {
    inputs: checks.map(({ args }) => args),
    code: [ownPath(import.meta.filename)],
    describe: (tree) =>
      checks.map(({ args }) =>
        commandLine(...asNamespaceRoot(process.getuid?.() ?? 0, 'chroot', inTree(tree, args))),
      ),
    async run(tree, context) {
      for (const { args, error } of checks) {
        const { exitCode, stdout, stderr } = await runAsNamespaceRoot(
          context.run,
          'chroot',
          inTree(tree, args),
          { signal: context.signal, logFile: context.logFile, okExitCodes: [0, 1] },
        );
        if (exitCode !== 0) {
          const why = `${stdout}${stderr}`.trim();
          throw new MicroLinuxError({
            ...error,
            ...(why === '' ? {} : { why }),
            exitCode: ExitCode.usage,
          });
        }
      }
    },
  };
}

function hasRules({ user, users }: Pick<Config, 'user' | 'users'>): boolean {
  return user.sudo !== undefined || users.some(({ sudo }) => sudo.kind !== 'none');
}
