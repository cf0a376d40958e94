import { expect, it } from 'vitest';
import { enablingLinks } from './systemd-units.ts';

it('links a unit into every target that wants or requires it', () => {
  const unit =
    '[Unit]\nDescription=x\n\n[Install]\nWantedBy=multi-user.target basic.target\nRequiredBy=boot-complete.target\n';
  expect(enablingLinks('x.service', unit).map(({ path }) => path)).toEqual([
    '/usr/lib/systemd/system/multi-user.target.wants/x.service',
    '/usr/lib/systemd/system/basic.target.wants/x.service',
    '/usr/lib/systemd/system/boot-complete.target.requires/x.service',
  ]);
});

it('links nothing for a unit without an [Install] section', () => {
  expect(
    enablingLinks('x.service', '[Unit]\nWantedBy=no.target\n[Service]\nExecStart=true\n'),
  ).toEqual([]);
});
