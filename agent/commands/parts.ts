import type { Clock } from '../../shared/clock.ts';
import type { Platform } from '../../shared/profile/keywords.ts';
import type { ArtifactSource } from '../connection/artifact-source.ts';
import type { FreshLook } from '../fresh-look.ts';
import type { Log } from '../log.ts';
import type { Commands, ScriptDoor } from '../platform/commands.ts';
import type { HostFiles } from '../platform/host-files.ts';
import type { Told } from './told.ts';

/** What acts are made of. */
export interface ActParts {
  platform: Platform;
  commands: Commands;
  scripts: ScriptDoor;
  files: HostFiles;
  /** False on a trial root: nothing may be done to the computer of whoever tries it. */
  isHost: boolean;
  told: Told;
  fresh: Pick<FreshLook, 'ask' | 'through'>;
  /** Renews the certificate now. */
  renew: () => Promise<void>;
  /** The service manager starts the agent again. */
  restartAgent: () => void;
  /** Resolves when the server has the reports made so far, or after this long. */
  flushed: (withinMs: number) => Promise<void>;
  /** Aborts when the agent stops. */
  ending: AbortSignal;
  artifacts: ArtifactSource;
  trusted: { now(): number };
  clock: Clock;
  log: Log;
}
