import { agentConfigSchema } from '@micro-linux/provision';
import * as z from 'zod';
import { checkAgentTimes, checkScriptPath, checkScripts } from '../agent.ts';
import { checkedText, withRule } from '../checked.ts';

const { trial, health, history } = agentConfigSchema.shape;

/**
 * The keys of the device's own config, with its rules and defaults. `boot` and `signatures` are under
 * `boot` and `update` here.
 */
const keys = z.strictObject({
  trial: z
    .strictObject(trial.unwrap().shape)
    .prefault({})
    .meta({ description: 'Boots of a new slot that is not confirmed yet.' }),
  health: withRule(
    z.strictObject({
      ...health.unwrap().shape,
      scripts: z
        .array(checkedText(checkScriptPath))
        .prefault([])
        .meta({
          description:
            "Executables that must exit with 0, relative to this file's folder: scripts with #!, or programs.",
          examples: [['health/answers.sh']],
        }),
    }),
    ['scripts'],
    ({ scripts }) => checkScripts(scripts),
  )
    .prefault({})
    .meta({ description: 'When a boot is healthy: see docs/guides/health.md.' }),
  history: z
    .strictObject(history.unwrap().shape)
    .prefault({})
    .meta({ description: 'The history of updates on the device.' }),
});

export const agentSchema = withRule(keys, ['trial', 'health'], checkAgentTimes)
  .prefault({})
  .meta({ description: 'Settings of ota-agent: see docs/reference/device-config.md.' });
