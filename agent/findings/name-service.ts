import { redirected } from '../capabilities/webFilter/holding/hosts-file.ts';

/** Names of a hosts file that are led past the filter. */
export function judgeHosts(content: string, isGuarded: (name: string) => boolean): string {
  const names = redirected(content, isGuarded);
  return names.length === 0 ? '' : `The hosts file leads ${names.slice(0, 20).join(', ')} past the filter.`;
}

/** Sources of names that systems come with; nsswitch.conf(5). */
const usual =
  /^(files|dns|resolve|myhostname|mymachines|mdns\w*|wins|winbind|sss|nis|nisplus|ldap|db|hesiod|libvirt|libvirt_guest|altfiles|compat|gw_name)$/;

/** The line `hosts:` of nsswitch.conf: without DNS, or with a source that no system comes with. */
export function judgeNameServiceSwitch(content: string): string {
  const line = /^[ \t]*hosts:([^#\n]*)/m.exec(content)?.[1];
  if (line === undefined) return '';
  const sources = line
    .replace(/\[[^\]]*\]/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
  const odd = sources.filter((source) => !usual.test(source));
  if (odd.length > 0) return `/etc/nsswitch.conf asks ${odd.join(', ').slice(0, 200)} for names.`;
  return sources.some((source) => source === 'dns' || source === 'resolve')
    ? ''
    : '/etc/nsswitch.conf asks neither dns nor resolve for names.';
}
