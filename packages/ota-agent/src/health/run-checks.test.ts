import { describe, expect, it } from 'vitest';
import { testDevice } from '../testing.ts';
import type { Check, Finding } from './check.ts';
import { type RunOptions, runChecks } from './run-checks.ts';

const OPTIONS: RunOptions = {
  settleMs: 20_000,
  timeoutMs: 5000,
  endBy: Number.POSITIVE_INFINITY,
};

/** A check with these findings in order; the last one repeats forever. */
function check(id: string, ...findings: readonly (Finding | Error)[]) {
  const timeouts: number[] = [];
  const looks: Check = {
    id,
    async look(timeoutMs) {
      timeouts.push(timeoutMs);
      const finding = findings[Math.min(timeouts.length, findings.length) - 1];
      if (finding === undefined || finding instanceof Error) {
        throw finding;
      }
      return finding;
    },
  };
  return { check: looks, timeouts };
}

const good: Finding = { ok: true, note: 'it runs' };
const bad: Finding = { ok: false, note: 'it does not run' };

describe('runChecks', () => {
  it('repeats only failing checks, until they pass', async () => {
    const { system } = testDevice();
    const fine = check('fine', good);
    const late = check('late', bad, bad, good);
    const results = await runChecks(system, [fine.check, late.check], OPTIONS);
    expect(results).toEqual([
      { id: 'fine', ok: true, note: 'it runs', output: '', seconds: 0 },
      { id: 'late', ok: true, note: 'it runs', output: '', seconds: 4 },
    ]);
    expect([fine.timeouts.length, late.timeouts.length]).toEqual([1, 3]);
  });

  it('stops when the time to settle is over', async () => {
    const { system } = testDevice();
    const { check: failing, timeouts } = check('x', bad);
    const [result] = await runChecks(system, [failing], OPTIONS);
    expect(result).toMatchObject({ ok: false, note: 'it does not run', seconds: 20 });
    expect(timeouts).toHaveLength(11);
  });

  it('runs each check once when there is no time to settle', async () => {
    const { system } = testDevice();
    const { check: failing, timeouts } = check('x', bad);
    await runChecks(system, [failing], { ...OPTIONS, settleMs: 0 });
    expect(timeouts).toHaveLength(1);
  });

  it('counts a check that throws as failed', async () => {
    const { system } = testDevice();
    const { check: broken } = check('x', new Error('systemd does not answer'));
    const [result] = await runChecks(system, [broken], { ...OPTIONS, settleMs: 0 });
    expect(result).toMatchObject({ ok: false, note: 'systemd does not answer' });
  });

  it('ends in time, with shorter limits for each check when time runs short', async () => {
    const { system } = testDevice();
    const slow: Check = {
      id: 'slow',
      async look(timeoutMs) {
        await system.pause(timeoutMs);
        return bad;
      },
    };
    const never = check('never', bad);
    const results = await runChecks(system, [slow, slow, { ...slow }, never.check], {
      settleMs: 60_000,
      timeoutMs: 5000,
      endBy: 7,
    });
    expect(system.uptime()).toBe(8);
    expect(results.map(({ ok }) => ok)).toEqual([false, false, false, false]);
    expect(never.timeouts).toEqual([1000]);
  });

  it('reads the details of a failure once, and keeps their end', async () => {
    const { system } = testDevice();
    let asked = 0;
    const failing: Check = {
      ...check('x', bad).check,
      async explain() {
        asked += 1;
        return `${'line\n'.repeat(2000)}the end`;
      },
    };
    const [result] = await runChecks(system, [failing], OPTIONS);
    expect(asked).toBe(1);
    expect(result?.output.length).toBeLessThanOrEqual(4096);
    expect(result?.output).toMatch(/^line\n[\s\S]*the end$/);
  });
});
