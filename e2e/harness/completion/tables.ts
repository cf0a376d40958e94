import { type CommandTable, describeProgram } from '@micro-linux/core/cli';
import { program as builder } from 'micro-linux/cli/commands/index';
import { program as agent } from 'ota-agent/commands/index';

/** The command line of the builder. */
export const BUILDER_TABLE: CommandTable = describeProgram({ ...builder, version: '0' });
/** The command line of the agent. */
export const AGENT_TABLE: CommandTable = describeProgram({ ...agent, version: '0' });
