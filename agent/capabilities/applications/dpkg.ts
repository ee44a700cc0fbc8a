/** Installed packages by name, with their versions, from /var/lib/dpkg/status. deb-control(5), dpkg-query(1) */
export function parseStatus(text: string): Map<string, string> {
  const installed = new Map<string, string>();
  for (const paragraph of text.split('\n\n')) {
    const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(paragraph)?.[1];
    const [name, status, version] = [field('Package'), field('Status'), field('Version')];
    if (name && version && status?.endsWith(' installed')) installed.set(name, version);
  }
  return installed;
}

/** What `apt-get -s` says it would do. */
export interface Simulation {
  /** Installed anew; those of an older version are not among them. */
  installs: string[];
  removes: string[];
}

/** Lines `Inst NAME [OLD] (NEW …)` and `Remv NAME [OLD]`; apt-get(8). A name of another architecture has it after a colon. */
export function parseSimulation(stdout: string): Simulation {
  const names = (form: RegExp) => [...stdout.matchAll(form)].map(([, name = '']) => name.replace(/:.*/, ''));
  return { installs: names(/^Inst (\S+) \((?!\[)/gm), removes: names(/^(?:Remv|Purg) (\S+)/gm) };
}
