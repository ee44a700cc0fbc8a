import { basename, dirname } from 'node:path';
import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { type ChromiumBrand, chromiumPolicies } from './chromium-policy.ts';
import { firefoxPolicies } from './firefox-policy.ts';
import { otherInstallations, otherPolicyFiles, unfinished } from './linux-others.ts';
import { compared, type HostPolicies, owner, type Policies, policyItem } from './policies.ts';
import { fileText, isObject, missingOrChanged, onFile, parsePolicyFile, unlessFolder } from './policy-file.ts';

/** Written for browsers that are not installed too: one that is installed later is covered from its first start. */
const chromiumFolders: readonly { browser: string; brand: ChromiumBrand; folder: string }[] = [
  { browser: 'Chrome', brand: 'chrome', folder: '/etc/opt/chrome/policies/managed' },
  { browser: 'Chromium', brand: 'chromium', folder: '/etc/chromium/policies/managed' },
  { browser: 'Chromium', brand: 'chromium', folder: '/etc/chromium-browser/policies/managed' },
  { browser: 'Edge', brand: 'edge', folder: '/etc/opt/edge/policies/managed' },
];
/** The lexicographically last file of a folder wins a conflict, hence the name. */
const fileName = 'zz-rollcall.json';
const firefoxFile = '/etc/firefox/policies/policies.json';
/** Browsers run as the person: everybody must be able to read the file. */
const readableByAll = 0o644;

interface PolicyFile {
  browser: string;
  path: string;
  policies: Policies;
  /** Undefined: the settings ask nothing of this browser, so the file is as it was before us. */
  content: string | undefined;
}

/**
 * Policy files under /etc. https://support.google.com/chrome/a/answer/9027408,
 * https://learn.microsoft.com/deployedge/linux-deployment and https://firefox-admin-docs.mozilla.org/
 */
export class LinuxPolicies implements HostPolicies {
  readonly #files: HostFiles;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  async observe(settings: BrowserSettings): Promise<Evidence[]> {
    const files = await this.#desiredFiles(settings);
    const lines = await Promise.all(files.map((file) => this.#observeFile(file)));
    const others = chromiumFolders.map(({ brand, folder }) =>
      otherPolicyFiles(this.#files, folder, fileName, chromiumPolicies(settings, brand)),
    );
    return [...lines, ...(await Promise.all(others)).flat(), ...(await otherInstallations(this.#files))];
  }

  async apply(settings: BrowserSettings): Promise<void> {
    const files = await this.#desiredFiles(settings);
    const failures: unknown[] = [];
    // One browser whose file cannot be written must not leave the others without policies.
    const attempt = (path: string, work: () => Promise<void>) =>
      onFile(path, work).catch((error: unknown) => failures.push(error));
    for (const { path, content } of files)
      if (content !== undefined) await attempt(path, () => this.#bring(path, content));
    // Newest first, so that folders shared with a file made earlier are empty when their turn comes.
    for (const { path, content } of files.toReversed())
      if (content === undefined) await attempt(path, () => this.#files.restoreOne(owner, path));
    if (failures.length > 0) throw failures[0];
  }

  async remove(): Promise<void> {
    await onFile('The policy files of browsers', () => this.#files.restore(owner));
  }

  watched(): string[] {
    return [...chromiumFolders.map(({ folder }) => `${folder}/${fileName}`), firefoxFile];
  }

  async #desiredFiles(settings: BrowserSettings): Promise<PolicyFile[]> {
    const chromium = chromiumFolders.map(({ browser, brand, folder }) => {
      const policies = chromiumPolicies(settings, brand);
      return { browser, path: `${folder}/${fileName}`, policies, content: fileText(policies) };
    });
    return [...chromium, await this.#firefoxFile(settings)];
  }

  /** Firefox reads one file only: policies that stood in it before stay in force unless ours name the same. */
  async #firefoxFile(settings: BrowserSettings): Promise<PolicyFile> {
    const policies = firefoxPolicies(settings);
    const text = await onFile(firefoxFile, () => unlessFolder(this.#files.original(owner, firefoxFile)));
    const before = parsePolicyFile(text ?? '') ?? {};
    const theirs = isObject(before.policies) ? before.policies : {};
    const merged = { ...before, policies: { ...theirs, ...policies } };
    return { browser: 'Firefox', path: firefoxFile, policies, content: fileText(policies, merged) };
  }

  async #observeFile({ browser, path, policies, content }: PolicyFile): Promise<Evidence> {
    const item = policyItem(browser, path);
    const found = await onFile(path, () => unlessFolder(this.#files.read(path)));
    if (content === undefined) {
      const isOriginal = found === (await unlessFolder(this.#files.original(owner, path)));
      return compared(item, policies, [], isOriginal ? undefined : 'policies of an earlier profile');
    }
    if (found === undefined) return compared(item, policies, [], 'the file is missing');
    const mode = (await this.#files.mode(path)) ?? 0;
    if ((mode & 0o004) === 0) return compared(item, policies, [], `not readable by everybody (${mode.toString(8)})`);
    if (await this.#isUnfinished(path)) return compared(item, policies, [], 'a write was cut off; it is repeated');
    if (found === content) return compared(item, policies, []);
    const present = parsePolicyFile(found) ?? {};
    const scope = browser === 'Firefox' && isObject(present.policies) ? present.policies : present;
    const changed = missingOrChanged(policies, scope);
    return compared(item, policies, changed, changed.length === 0 ? 'the file was changed elsewhere' : undefined);
  }

  /** A write that changes nothing would wake whoever watches the file. */
  async #bring(path: string, content: string): Promise<void> {
    if (!(await this.#isInPlace(path, content))) await this.#files.write(owner, path, content, readableByAll);
  }

  async #isInPlace(path: string, content: string): Promise<boolean> {
    const isSame = (await this.#files.read(path)) === content && (await this.#files.mode(path)) === readableByAll;
    return isSame && !(await this.#isUnfinished(path));
  }

  /** A write that was killed leaves a file beside ours that browsers would read; writing again uses it up. */
  async #isUnfinished(path: string): Promise<boolean> {
    const names = await this.#files.list(dirname(path));
    return names.some((name) => name.startsWith(`${basename(path)}${unfinished}`));
  }
}
