const folder = '/etc/systemd/system';
const wanting = ['multi-user', 'timers', 'sysinit', 'graphical'];

/**
 * Files that come and go when units are enabled, disabled or masked (systemctl(1)), and the links by which systemd tells
 * journald which of them run, so that a service that is only stopped is noticed too.
 */
export function unitFiles(...units: readonly string[]): string[] {
  return units.flatMap((unit) => [
    `${folder}/${unit}`,
    ...wanting.map((target) => `${folder}/${target}.target.wants/${unit}`),
    `/run/systemd/units/invocation:${unit}`,
  ]);
}
