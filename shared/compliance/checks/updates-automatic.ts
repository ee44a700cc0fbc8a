import { UpdatesObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { byState, defineCheck } from '../check.ts';

/** Do security updates install by themselves? */
export const updatesAutomatic = defineCheck({
  check: 'updates-automatic',
  title: 'Automatic updates',
  why: 'Most break-ins use faults for which an update has existed for weeks.',
  fix: 'Leave the device on and connected, and restart it when it asks; if this stays, ask the helpdesk.',
  fixTechnician:
    'Assign updates in a profile, mode enforce. Debian and Ubuntu: install unattended-upgrades and enable apt-daily.timer and apt-daily-upgrade.timer. Fedora and RHEL: enable dnf-automatic-install.timer. Windows: NoAutoUpdate 0 under Policies\\Microsoft\\Windows\\WindowsUpdate\\AU, service wuauserv not disabled. macOS: softwareupdate --schedule on.',
  severity: 'major',
  cis: { linux: '1.2.2.1', windows: '18.10.92.2.1', macos: '1.2' },
  observation: UpdatesObservation,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'security updates install by themselves',
  reads: ['observation:updates'],
  observe: ({ observations }) => observations.updates,
  evaluate: (observation) =>
    byState(observation, {
      automatic: ['pass', 'they install by themselves'],
      'not-automatic': ['fail', 'they do not install by themselves'],
    }),
});
