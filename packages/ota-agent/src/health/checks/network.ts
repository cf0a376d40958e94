import type { System } from '../../system/system.ts';
import { hostAnswers, sshdAnswers } from '../baseline.ts';
import type { Check, Finding } from '../check.ts';
import { hasDefaultRoute } from '../default-route.ts';

/** @param when why it is required: `route` (configured) or `before/route` (it existed before). */
export function defaultRouteCheck(system: System, when: 'route' | 'before/route'): Check {
  return {
    id: when,
    look: async () =>
      told(hasDefaultRoute(system), 'there is a default route', 'there is no default route', when),
  };
}

/** sshd responded before, so it must respond now. */
export function sshdCheck(system: System): Check {
  const id = 'before/sshd';
  return {
    id,
    look: async () =>
      told(await sshdAnswers(system), 'sshd answers', 'sshd does not answer on port 22', id),
  };
}

/** A host accepted a connection before, so it must accept one now. */
export function hostCheck(system: System, address: string): Check {
  const id = `before/host/${address}`;
  return {
    id,
    look: async () =>
      told(
        await hostAnswers(system, address),
        `${address} accepts a connection`,
        `${address} accepts no connection`,
        id,
      ),
  };
}

function told(ok: boolean, good: string, bad: string, id: string): Finding {
  return ok
    ? { ok, note: good }
    : { ok, note: `${bad}${id.startsWith('before/') ? ', as before the update' : ''}` };
}
