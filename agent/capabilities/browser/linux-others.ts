import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { evidence, type Policies } from './policies.ts';
import { conflicts, parsePolicyFile, unlessFolder } from './policy-file.ts';

/** How the name goes on of a file whose writing was cut off (agent/platform/replace-file.ts). */
export const unfinished = '.rollcall-';

/** More other files than this in one folder are named by their number only. */
const filesNamed = 20;

/**
 * Policy files of somebody else beside ours. Browsers read every file of the folder, and the lexicographically last
 * wins: one that sorts after ours and sets the same policy otherwise keeps ours from being in force.
 */
export async function otherPolicyFiles(
  files: HostFiles,
  folder: string,
  ours: string,
  policies: Policies,
): Promise<Evidence[]> {
  const names = (await files.list(folder)).filter((name) => name !== ours && !name.startsWith(ours + unfinished));
  const lines: Evidence[] = [];
  for (const name of names) {
    const text = await unlessFolder(files.read(`${folder}/${name}`));
    const line = text === undefined ? undefined : judge(`${folder}/${name}`, text, policies, name > ours);
    if (line) lines.push(line);
  }
  // Those that override ours first: they are what somebody must act on.
  return lines.sort((a, b) => Number(a.ok) - Number(b.ok)).slice(0, filesNamed);
}

function judge(path: string, text: string, policies: Policies, isLast: boolean): Evidence | undefined {
  const item = `Other policy file ${path}`;
  const theirs = parsePolicyFile(text);
  if (!theirs) return evidence(item, 'nothing that overrides this agent', 'not plain JSON; remove or mend it', !isLast);
  const names = conflicts(policies, theirs);
  if (names.length === 0)
    return isLast ? evidence(item, 'nothing that overrides this agent', 'sets other policies', true) : undefined;
  const list = names.join(', ');
  return isLast
    ? evidence(item, 'nothing that overrides this agent', `overrides ${list}; remove the file or these policies`, false)
    : evidence(item, 'may set the same policies, ours win', `sets ${list} otherwise`, true);
}

const flatpaks: Readonly<Record<string, string>> = {
  'com.google.Chrome': 'Chrome',
  'org.chromium.Chromium': 'Chromium',
  'com.microsoft.Edge': 'Edge',
  'org.mozilla.firefox': 'Firefox',
};
const snaps: Readonly<Record<string, string>> = { chromium: 'Chromium', firefox: 'Firefox' };

/**
 * Browsers installed as Flatpak read policies inside their sandbox only: they are not managed, and that is said.
 * Snaps of Chromium and Firefox read the host's files.
 */
export async function otherInstallations(files: HostFiles): Promise<Evidence[]> {
  const flatpak = await files.list('/var/lib/flatpak/app');
  const snap = await files.list('/snap');
  return [
    ...flatpak
      .filter((id) => Object.hasOwn(flatpaks, id))
      .map((id) =>
        evidence(
          `${flatpaks[id]} as Flatpak ${id}`,
          'no browser outside the policies',
          'installed; it ignores policy files of the host: replace it by the package of the distribution',
          false,
        ),
      ),
    ...snap
      .filter((id) => Object.hasOwn(snaps, id))
      .map((id) => evidence(`${snaps[id]} as snap ${id}`, 'reads the policy files of the host', 'installed', true)),
  ];
}
