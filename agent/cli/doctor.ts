import type { AgentConfig } from '../config.ts';
import type { Command } from './command.ts';
import { enforcementSteps } from './doctor-enforcement.ts';
import { identitySteps } from './doctor-identity.ts';
import { serverSteps } from './doctor-server.ts';
import { exitCodes } from './exit-codes.ts';
import type { Finding } from './finding.ts';

/** `doctor`: looks at one thing after the other, from the disk outwards, and says how to put right what is wrong. */
export const doctor: Command = async ({ config, output }) => {
  const findings = await examine(config);
  for (const { check, ok, seen, fix } of findings) {
    output.line(`${ok ? 'ok ' : 'NOT'}  ${check}: ${seen}`);
    if (fix) output.line(`       ${fix}`);
  }
  const wrong = findings.filter(({ ok }) => !ok);
  output.line(
    wrong.length === 0 ? 'Everything is as it should be.' : `${wrong.length} of ${findings.length} are wrong.`,
  );
  output.answer({ ok: wrong.length === 0, findings });
  if (wrong.some(({ check }) => check === 'enrolled')) return exitCodes.notEnrolled;
  return wrong.length === 0 ? exitCodes.ok : exitCodes.failed;
};

async function examine(config: AgentConfig): Promise<Finding[]> {
  const { findings, identity } = identitySteps(config);
  if (!identity) return findings;
  return [...findings, ...(await serverSteps(identity)), ...(await enforcementSteps(config))];
}
