import { commandLineDocs } from './command-line.ts';
import { deviceConfigDocs } from './device-config.ts';
import { PAGES } from './pages.ts';

/** The pages that are made from the code, by their path from the root of the checkout. */
export function generatedPages(): Readonly<Record<string, string>> {
  return {
    [PAGES.commands]: commandLineDocs(),
    [PAGES.deviceConfig]: deviceConfigDocs(),
  };
}
