import type {
  ContextFactory as FactoryFor,
  RegisterCommand as RegisterFor,
} from '@micro-linux/core/cli';
import type { CommandContext } from '../../system/command-context.ts';

export type { CommonOptions } from '@micro-linux/core/cli';

export type ContextFactory = FactoryFor<CommandContext>;

/** A verb of the builder. */
export type RegisterCommand = RegisterFor<CommandContext>;
