import type { Progress } from '@micro-linux/core';

/**
 * The phases that mmdebstrap prints, with the share of the time at which each begins (measured).
 */
const PHASES: readonly (readonly [RegExp, string, number])[] = [
  [/^I: running apt-get update/, 'reading the archive', 0],
  [/^I: downloading packages/, 'downloading', 0.05],
  [/^I: extracting archives/, 'unpacking', 0.12],
  [/^I: installing essential/, 'installing essential packages', 0.2],
  [/^I: installing remaining/, 'installing packages', 0.4],
  [/^I: running --customize-hook/, 'cleaning', 0.85],
  [/^I: creating tarball/, 'packing', 0.9],
];

/** Turns mmdebstrap's lines into progress; give the result to the runner as `onLine`. */
export function mmdebstrapProgress(report: (progress: Progress) => void): (line: string) => void {
  return (line) => {
    for (const [pattern, message, fraction] of PHASES) {
      if (pattern.test(line)) {
        report({ message, fraction });
      }
    }
  };
}
