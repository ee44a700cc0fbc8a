import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Where the agent keeps what. The identity, originals and desired state are files apart from the database. */
export class Home {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder, for the agent's user alone. */
  prepare(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  get config(): string {
    return join(this.path, 'config.json');
  }
  get identity(): string {
    return join(this.path, 'identity.json');
  }
  get database(): string {
    return join(this.path, 'agent.db');
  }
  get desired(): string {
    return join(this.path, 'desired.json');
  }
  /** Requests made on the device's own pages. */
  get requests(): string {
    return join(this.path, 'requests.json');
  }
  /** What was asked of the helpdesk, and what it said. */
  get help(): string {
    return join(this.path, 'help.json');
  }
  /** What the server said last of this device. */
  get verdict(): string {
    return join(this.path, 'verdict.json');
  }
  /** Who looked at records of whoever holds this device. */
  get recordReads(): string {
    return join(this.path, 'record-reads.json');
  }
  /** Who looked at this device. */
  get looks(): string {
    return join(this.path, 'looks.json');
  }
  /** Whose passkeys this device obeys: see `agent/commands/approvers.ts`. */
  get approvers(): string {
    return join(this.path, 'approvers.json');
  }
  /** Messages for the person, and lost mode. */
  get told(): string {
    return join(this.path, 'told.json');
  }
  /** What was said on the desktop today. */
  get notices(): string {
    return join(this.path, 'notices.json');
  }
  get originals(): string {
    return join(this.path, 'originals');
  }
  get artifacts(): string {
    return join(this.path, 'artifacts');
  }
  /** The time reached: see `agent/context/trusted-clock.ts`. */
  get clock(): string {
    return join(this.path, 'clock.json');
  }
  key(name: string): string {
    return join(this.path, name);
  }
}

/** Moves a damaged file out of the way, keeping it for whoever looks into it; returns its new path. */
export function moveAside(path: string, now: number): string {
  const aside = `${path}.damaged-${now}`;
  renameSync(path, aside);
  return aside;
}
