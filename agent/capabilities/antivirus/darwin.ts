import type { AntivirusSettings } from '../../../shared/profile/antivirus.ts';
import { macAntivirus } from '../../health/posture/antivirus.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import type { Host } from '../capability.ts';

/** macOS: XProtect cannot be switched off; Gatekeeper is looked at, for since macOS 15 only a person or MDM can set it. */
export class MacAntivirus implements HostPart<AntivirusSettings> {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async observe({ running = false }: AntivirusSettings): Promise<Line[]> {
    if (!running) return [];
    const { state, evidence } = await macAntivirus(this.#host.commands);
    if (state === 'on') return [line('Gatekeeper', 'on', 'on')];
    return [forPeople('Gatekeeper', 'on', `${evidence}; switch it on in Privacy & Security, or by MDM`)];
  }

  apply(): Promise<void> {
    return Promise.resolve();
  }

  holds(): Promise<boolean> {
    return Promise.resolve(false);
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  watched(): string[] {
    return [];
  }
}
