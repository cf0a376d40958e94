import builderPackage from '../../packages/builder/package.json' with { type: 'json' };
import { program as builder } from '../../packages/builder/src/cli/commands/index.ts';
import { withCall } from '../../packages/builder/src/system/installation.ts';
import {
  type CommandTable,
  describeProgram,
  type ProgramVerbs,
} from '../../packages/core/src/cli/index.ts';
import agentPackage from '../../packages/ota-agent/package.json' with { type: 'json' };
import { program as agent } from '../../packages/ota-agent/src/commands/index.ts';
import { manPages } from './man-pages.ts';

/** The manual pages of both programs, by file name. */
export function allManPages(date: string): ReadonlyMap<string, string> {
  return new Map([
    ...manPages(installed({ ...builder, version: builderPackage.version }), {
      ...{ section: 1, date },
      files: {
        'micro-linux.yaml': 'the config, in the current folder',
        'artifacts/': 'what builds make; credentials.txt in it contains a new password',
        '~/.cache/micro-linux': 'steps of earlier builds; may be removed',
      },
    }),
    ...manPages(installed({ ...agent, version: agentPackage.version }), {
      ...{ section: 8, date },
      files: {
        '/etc/ota-agent/config.yaml': 'settings of this device',
        '/var/lib/ota-agent': 'state of the agent, kept by updates',
      },
    }),
  ]);
}

/** The command line of a program, in whose texts the builder is called as npm installs it. */
function installed<Context>(program: ProgramVerbs<Context>): CommandTable {
  return JSON.parse(withCall(JSON.stringify(describeProgram(program)), 'micro-linux'));
}
