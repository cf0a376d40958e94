import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { MediumPath } from '@micro-linux/provision';
import { SeedFile } from '../../autoinstall/make/seed-files.ts';
import { stepResult } from '../../plan/step-directory.ts';
import { profileOf } from '../../profiles/index.ts';
import { xorrisoArguments } from '../../steps/medium/xorriso.ts';
import { planBuild } from '../../steps/plan-build.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { factsForDryRun } from '../build/agent-bundle.ts';
import { planFor } from './remaster.ts';
import { type RemasterJob, remasterRequest } from './remaster-job.ts';
import { TextPath } from './source/read-source.ts';
import { packCommand, targetRoot } from './target/make-target-root.ts';
import { remasterCommands } from './write/xorriso-commands.ts';

/** Prints what a remaster would change and with what commands: `--dry-run`. Writes nothing. */
export async function printRemaster(context: CommandContext, job: RemasterJob): Promise<void> {
  const { reporter } = context;
  const { config, places, signer, source, sourceInfo, output } = job;
  const facts = await factsForDryRun(job.facts, { ...context, places });
  const workDirectory = join(places.temporary, 'micro-linux-XXXXXX');
  const { steps, remasterMedium, placement } = planBuild({
    ...{ config, facts, signer, workDirectory },
    cacheDirectory: places.cache,
    name: places.name,
    temporaryDirectory: places.temporary,
    profile: profileOf(config.profile),
    identity: () => Promise.reject(new Error('a dry run makes no password')),
    instanceId: 'micro-linux',
  });
  const root = targetRoot(workDirectory);
  const plan = planFor(
    {
      ...remasterRequest(job),
      payload: stepResult(remasterMedium, placement),
      node: stepResult(steps.node, placement).node,
      agent: stepResult(steps.agent, placement).bundle,
      seed: { [SeedFile.userData]: '', [SeedFile.metaData]: '', [SeedFile.autoinstall]: '' },
    },
    { file: root, bytes: 0 },
  );
  const commands = [
    packCommand('target-root', root, facts.sourceDateEpoch),
    commandLine(
      'xorriso',
      xorrisoArguments(
        remasterCommands({
          source,
          output,
          removed: plan.removed,
          mapped: [
            ...plan.placed.map((one, index) => ({
              ...one,
              file: 'file' in one ? one.file : join(workDirectory, String(index)),
            })),
            { path: TextPath.sums, file: join(workDirectory, 'md5sum.txt'), executable: false },
          ],
          sourceDateEpoch: facts.sourceDateEpoch,
        }),
      ),
    ),
  ];
  const menu = plan.placed.find(({ path }) => path === TextPath.menu);
  const added = plan.placed.map(({ path }) => path).filter((path) => !plan.changed.includes(path));
  reporter.result(
    [
      `# ${source.path}: ${sourceInfo.text}`,
      `changed: ${[...plan.changed, TextPath.sums].join(' ')}`,
      `added:   ${added.join(' ')}`,
      ...(plan.removed.length > 0 ? [`left out: ${plan.removed.join(' ')}`] : []),
      `the files below ${MediumPath.directory} are built first: ./micro-linux build --dry-run`,
      `\n# ${TextPath.menu}\n${menu && 'text' in menu ? menu.text : ''}`,
      `# commands\n${commands.join('\n')}`,
    ].join('\n'),
    { source: sourceInfo, output, added, changed: plan.changed, removed: plan.removed, commands },
  );
}
