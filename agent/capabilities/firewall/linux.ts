import type { FirewallSettings } from '../../../shared/profile/firewall.ts';
import { type HostPart, type Line, line } from '../baseline/baseline.ts';
import { KeptPlace } from '../baseline/kept-place.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import type { Host } from '../capability.ts';
import { Firewalld, type FrontEnd, Ufw } from './front-ends.ts';
import { openingsOf, unclearLines } from './openings.ts';
import { OwnTable } from './own-table.ts';

const owner = 'firewall';
const folder = '/var/lib/rollcall-agent';

interface KeptFrontEnd {
  program: FrontEnd;
  settings: KeptPlace<string>;
}

/** Linux: through firewalld or ufw where one is in charge, else one nftables table of the agent's own. */
export class LinuxFirewall implements HostPart<FirewallSettings> {
  readonly unsupportedWhy?: string;
  readonly #frontEnds: readonly KeptFrontEnd[];
  readonly #table: OwnTable;
  readonly #changes: Host['tables'];

  constructor({ commands, files, tables }: Host) {
    if (!files.isHost) this.unsupportedWhy = 'A firewall is no file: a trial under a folder leaves it alone.';
    this.#frontEnds = [new Firewalld(commands), new Ufw(commands, files)].map((program) => {
      const kept = new KeptSettings(files, `${folder}/${program.name}-originals.json`, isText, owner);
      return { program, settings: new KeptPlace(program, kept) };
    });
    this.#table = new OwnTable(commands);
    this.#changes = tables;
  }

  async observe(settings: FirewallSettings): Promise<Line[]> {
    const openings = openingsOf(settings);
    const inCharge = await this.#inCharge();
    if (!inCharge) return [await this.#table.evidence(openings), ...unclearLines(openings)];
    const { program } = inCharge;
    const lines = await inCharge.settings.observe(() => program.desired(openings));
    const second = (await this.#table.isThere())
      ? [line('nftables table of the agent', `none beside ${program.name}`, 'still loaded', false)]
      : [];
    return [...lines, ...second, ...unclearLines(openings)];
  }

  async apply(settings: FirewallSettings): Promise<void> {
    const openings = openingsOf(settings);
    const inCharge = await this.#inCharge();
    if (!inCharge) return await this.#table.bring(openings);
    await inCharge.settings.bring(() => inCharge.program.desired(openings));
    await this.#table.release();
  }

  async holds(): Promise<boolean> {
    const kept = await Promise.all(this.#frontEnds.map(({ settings }) => settings.holds()));
    return kept.includes(true) || (await this.#table.isThere());
  }

  /** A program that does not run any more has nothing of ours in the kernel; what it holds is put back when it runs. */
  async remove(): Promise<void> {
    for (const { program, settings } of this.#frontEnds)
      if ((await settings.holds()) && (await program.isInCharge())) await settings.putBack();
    await this.#table.release();
  }

  watched(): string[] {
    return ['/etc/ufw/ufw.conf', '/etc/ufw/user.rules', '/etc/ufw/user6.rules', '/etc/default/ufw'];
  }

  /** Whatever fills the tables of the kernel, ufw and firewalld too, decides what comes in. */
  subscribe(onChange: () => void): () => void {
    return this.#changes?.subscribe(() => true, onChange) ?? (() => undefined);
  }

  async #inCharge(): Promise<KeptFrontEnd | undefined> {
    for (const frontEnd of this.#frontEnds) if (await frontEnd.program.isInCharge()) return frontEnd;
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
