import type { RegisterCommand } from "./context.ts";

/** Every verb, in the order `--help` lists them. */
export const commands: readonly RegisterCommand[] = [];
