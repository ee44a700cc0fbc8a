import type { AgentConfig } from '../config.ts';
import { expiryOf } from '../identity/certificate.ts';
import { type Identity, NotEnrolled, readIdentity } from '../identity/identity-files.ts';
import { askAgent, socketPath } from '../local/socket.ts';
import { type AgentStatus, agentStatus } from '../local/status.ts';
import type { Log } from '../log.ts';
import { systemClock, systemRandom } from '../platform/clock.ts';
import { verifyManifest } from '../reconcile/manifest.ts';
import { HomeBusy } from '../store/database.ts';
import { openStore } from '../store/open.ts';
import { VerifiedState } from '../store/verified-state.ts';
import { agentVersion } from '../version.ts';
import { CommandFailed } from './failure.ts';

const patienceMs = 5_000;
const lookAgainMs = 100;

/**
 * From the running agent, else from disk. An agent that has taken its home and does not listen yet, or is stopping, is
 * waited for. Throws `NotEnrolled`, `HomeBusy`.
 */
export async function readStatus(config: AgentConfig, log: Log): Promise<AgentStatus> {
  const identity = readIdentity(config.home);
  if (!identity) throw new NotEnrolled(config.home.path);
  const deadline = systemClock.monotonic() + patienceMs;
  for (;;) {
    const running = await runningStatus(config);
    if (running) return running;
    try {
      return statusFromDisk(config, identity, log);
    } catch (error) {
      if (!(error instanceof HomeBusy) || systemClock.monotonic() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }
}

/** Undefined when no agent runs on this home. */
export async function runningStatus({ home }: AgentConfig): Promise<AgentStatus | undefined> {
  const answer = await askAgent(socketPath(home.path), 'status');
  if (answer === undefined || agentStatus.check(answer)) return answer;
  const words = `The agent running on ${home.path} gave an answer this version does not understand. Restart it.`;
  throw new CommandFailed('bad-answer', words);
}

function statusFromDisk(config: AgentConfig, identity: Identity, log: Log): AgentStatus {
  const { home, root, dnsAddress, dnsPort } = config;
  const stored = new VerifiedState(home.desired, log).load(systemClock.now());
  const verdict = stored && verifyManifest(stored.signed, identity.trust);
  const store = openStore(home, systemClock, systemRandom, log);
  try {
    return {
      running: false,
      agentVersion,
      deviceId: identity.deviceId,
      district: identity.trust.name,
      connected: false,
      whyNotConnected: 'the agent is not running',
      servers: identity.agents.map(({ host, port }) => `${host}:${port}`),
      generation: verdict?.kind === 'new' ? verdict.manifest.generation : 0,
      sections: store.reports.sections(),
      resolver: `${dnsAddress}:${dnsPort}`,
      spooled: store.spool.length,
      certificateExpiresAt: expiryOf(identity.credentials[0].certificateChain),
      home: home.path,
      root,
    };
  } finally {
    store.close();
  }
}
