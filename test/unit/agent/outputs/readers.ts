import { parseSimulation } from '../../../../agent/capabilities/applications/dpkg.ts';
import { parseUninstall } from '../../../../agent/capabilities/applications/win32.ts';
import { readValues } from '../../../../agent/capabilities/passwordRules/config-text.ts';
import { parseAccountPolicies } from '../../../../agent/capabilities/passwordRules/darwin.ts';
import { readFaillock, readPwquality } from '../../../../agent/capabilities/passwordRules/pam.ts';
import { parseTemplate } from '../../../../agent/capabilities/passwordRules/secedit.ts';
import type { PostureReaders } from '../../../../agent/health/collector.ts';
import { postureReaders } from '../../../../agent/health/posture/index.ts';
import type { CommandResult } from '../../../../agent/platform/commands.ts';
import { kernelTree, recordedCommands } from '../health/recorded.ts';
import type { SystemCases } from './cases.ts';

/** What a device holds when it is asked. */
export interface Device {
  family: SystemCases['family'];
  answers: Record<string, CommandResult>;
  files: Record<string, string>;
}

/** What the agent makes of a device, by the same way as on a real one; commands without an answer are not installed. */
export async function observed(check: keyof PostureReaders, { family, answers, files }: Device): Promise<unknown> {
  const tree = await kernelTree(files);
  try {
    return await postureReaders(family, recordedCommands(answers), tree.root)[check]();
  } finally {
    await tree.remove();
  }
}

/** Rules for passwords, which are read by their capability alone. */
export function passwordRules({ family, answers, files }: Device): unknown {
  const [answer] = Object.values(answers);
  const text = (path: string) => files[path] ?? '';
  if (family === 'darwin') return parseAccountPolicies(answer?.stdout ?? '');
  if (family === 'win32') {
    const access = parseTemplate(text('security-export.inf'));
    return access ? Object.fromEntries(access) : { state: 'unknown', evidence: 'no security template' };
  }
  return {
    pwquality: Object.fromEntries(readValues(text('/etc/security/pwquality.conf'))),
    faillock: Object.fromEntries(readValues(text('/etc/security/faillock.conf'))),
    asksPwquality: readPwquality(text('/etc/pam.d/common-password')).isAsked,
    asksFaillock: readFaillock(text('/etc/pam.d/common-auth')).isAsked,
  };
}

/** What apt-get would do, and what is installed on Windows. */
export function applications({ family, answers }: Device): unknown {
  const [answer] = Object.values(answers);
  if (answer?.code !== 0) return { refused: true };
  return family === 'win32' ? { names: parseUninstall(answer.stdout) } : parseSimulation(answer.stdout);
}
