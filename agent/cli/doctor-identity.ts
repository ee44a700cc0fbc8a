import type { AgentConfig } from '../config.ts';
import { credentialProblem, expiryOf, notBeforeOf } from '../identity/certificate.ts';
import { type Identity, IdentityDamaged, readIdentity } from '../identity/identity-files.ts';
import { systemClock } from '../platform/clock.ts';
import { bad, type Finding, good } from './finding.ts';

/** From the disk: is there an identity, and is it whole? Without one nothing else can be looked at. */
export function identitySteps({ home }: AgentConfig): { findings: Finding[]; identity?: Identity } {
  let identity: Identity | undefined;
  try {
    identity = readIdentity(home);
  } catch (error) {
    return { findings: [homeProblem(home.path, error as Error)] };
  }
  const readable = good('home', `${home.path} can be read`);
  if (!identity) {
    const fix = 'Ask IT for a token and run: rollcall-agent enroll TOKEN';
    return { findings: [readable, bad('enrolled', `${home.path} is not enrolled`, fix)] };
  }
  const enrolled = good('enrolled', `${identity.deviceId} in ${identity.trust.name}`);
  return { findings: [readable, enrolled, keyStep(identity), dateStep(identity)], identity };
}

function homeProblem(path: string, error: Error): Finding {
  if (error instanceof IdentityDamaged) return bad('home', 'the identity is damaged', error.message);
  return bad('home', `${path} cannot be read (${error.message})`, 'Run the command as an administrator (sudo).');
}

function keyStep({ credentials, trust }: Identity): Finding {
  const problem = credentialProblem(credentials[0], trust.root);
  const fix = 'Run "rollcall-agent unenroll", then enrol again with a new token.';
  return problem ? bad('certificate', problem, fix) : good('certificate', 'fits the private key and the district');
}

function dateStep({ credentials }: Identity): Finding {
  const chain = credentials[0].certificateChain;
  const [from, until] = [notBeforeOf(chain), expiryOf(chain)];
  const now = systemClock.now();
  if (now < from)
    return bad('certificate dates', `valid from ${day(from)}, later than now`, 'Set the clock of this device.');
  if (now > until)
    return bad(
      'certificate dates',
      `expired on ${day(until)}`,
      'Let the agent run while the server can be reached: it renews by itself for up to 24 months. Check the clock.',
    );
  return good('certificate dates', `valid until ${day(until)}`);
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
