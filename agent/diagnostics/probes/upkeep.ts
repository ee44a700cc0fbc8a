import type { CrashesFacts, PolicyFacts, UpdatesFacts } from '../../../shared/diagnostics/judge/enforcement.ts';
import type { Look } from '../look.ts';
import { type CrashesOnHost, crashesOnDarwin, crashesOnLinux, crashesOnWindows } from './crashes.ts';

export async function lookAtPolicy({ status }: Look): Promise<PolicyFacts> {
  const { running, generation, sections } = await status();
  return {
    isRunning: running,
    generation,
    sections: sections
      .filter(({ hash }) => hash !== undefined)
      .map(({ section, status: standing, failure }) => ({
        section,
        status: standing,
        ...(failure && { message: failure.message }),
      })),
  };
}

/** From the lists the system already holds: nothing is fetched. */
export async function lookAtUpdates({ health, clock }: Look): Promise<UpdatesFacts> {
  const { pendingUpdates, pendingSecurityUpdates, rebootRequired, bootedAt } = (await health.os()) ?? {};
  const upMs = bootedAt === undefined ? -1 : clock.now() - bootedAt;
  return {
    ...(pendingUpdates !== undefined && { pending: pendingUpdates }),
    ...(pendingSecurityUpdates !== undefined && { security: pendingSecurityUpdates }),
    ...(rebootRequired !== undefined && { rebootRequired }),
    ...(upMs >= 0 && { upMs }),
  };
}

const onHost: Record<Look['platform'], (look: Look) => Promise<CrashesOnHost>> = {
  linux: crashesOnLinux,
  darwin: crashesOnDarwin,
  win32: crashesOnWindows,
};

export async function lookAtCrashes(look: Look): Promise<CrashesFacts> {
  const crashedAt = look.crashedAt();
  const found = await onHost[look.platform](look);
  return { ...found, ...(crashedAt !== undefined && { agentAgoMs: Math.max(0, look.clock.now() - crashedAt) }) };
}
