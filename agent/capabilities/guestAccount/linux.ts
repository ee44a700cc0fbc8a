import type { GuestAccountSettings } from '../../../shared/profile/guest-account.ts';
import {
  type HostReader,
  hasLightdm,
  lightdmAllowsGuest,
  lightdmMain,
  openGuestAccounts,
} from '../../health/posture/guest.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import { bring, observeFile, onFile } from '../baseline/own-file.ts';
import type { Host } from '../capability.ts';

const owner = 'guestAccount';
export const dropInPath = '/etc/lightdm/lightdm.conf.d/zz-rollcall-guest.conf';
const dropIn = "# Written by Rollcall, the school's device agent.\n[Seat:*]\nallow-guest=false\n";

/** The same text with guests refused wherever it lets them in. */
export function withoutGuests(text: string): string {
  return text.replace(/^([ \t]*allow-guest[ \t]*=[ \t]*)(?!false[ \t]*$).*$/gm, '$1false');
}

/**
 * Linux: a drop-in for LightDM, and its main file where that, being read last, lets guests in. It counts from the next
 * start of the sign-in screen. lightdm(1)
 */
export class LinuxGuestAccount implements HostPart<GuestAccountSettings> {
  readonly #files: HostFiles;
  readonly #reader: HostReader;

  constructor({ files }: Host) {
    this.#files = files;
    this.#reader = { text: (path) => files.read(path), list: (folder) => files.list(folder) };
  }

  async observe({ disabled = false }: GuestAccountSettings): Promise<Line[]> {
    if (!disabled)
      return this.#files.holds(owner)
        ? [line('guest sessions', 'as before', 'refused by an earlier profile', false)]
        : [];
    const lines = await observeFile(this.#files, owner, { path: dropInPath, content: await this.#content() });
    const accounts = ((await openGuestAccounts(this.#reader)) ?? []).map((name) =>
      forPeople(`account ${name}`, 'locked', `open; lock it with: usermod --lock --expiredate 1 ${name}`),
    );
    const session = (await hasLightdm(this.#reader))
      ? await this.#main()
      : [line('guest sessions', 'none', 'none: no display manager here has them', true)];
    return [...lines, ...session, ...accounts];
  }

  async apply({ disabled = false }: GuestAccountSettings): Promise<void> {
    if (!disabled) return await this.remove();
    await bring(this.#files, owner, { path: dropInPath, content: await this.#content() });
    const text = await this.#mainText();
    if (text === undefined || withoutGuests(text) === text) return;
    await onFile(lightdmMain, async () => {
      // What stands there is newer than what may be kept: an administrator wrote it over ours.
      this.#files.adopt(owner, lightdmMain);
      await this.#files.write(owner, lightdmMain, withoutGuests(text), (await this.#files.mode(lightdmMain)) ?? 0o644);
    });
  }

  holds(): Promise<boolean> {
    return Promise.resolve(this.#files.holds(owner));
  }

  async remove(): Promise<void> {
    await this.#restoreMain();
    await onFile(dropInPath, () => this.#files.restore(owner));
  }

  watched(): string[] {
    return [dropInPath, lightdmMain];
  }

  async #content(): Promise<string | undefined> {
    return (await hasLightdm(this.#reader)) ? dropIn : undefined;
  }

  async #mainText(): Promise<string | undefined> {
    return await onFile(lightdmMain, () => this.#files.read(lightdmMain));
  }

  async #main(): Promise<Line[]> {
    const text = (await this.#mainText()) ?? '';
    const allows = lightdmAllowsGuest([{ path: lightdmMain, text }]) === true;
    return allows ? [line(lightdmMain, 'no guests', 'lets guests in, and is read last')] : [];
  }

  /** Back to the original, unless somebody has changed the file since. */
  async #restoreMain(): Promise<void> {
    await onFile(lightdmMain, async () => {
      const original = await this.#files.original(owner, lightdmMain);
      const isOurs = (await this.#files.read(lightdmMain)) === withoutGuests(original ?? '');
      if (isOurs) await this.#files.restoreOne(owner, lightdmMain);
      else this.#files.adopt(owner, lightdmMain);
    });
  }
}
