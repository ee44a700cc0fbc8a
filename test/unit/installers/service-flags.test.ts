import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import agentNodeFlags from '../../../installers/agent-node-flags.json' with { type: 'json' };

const read = (path: string) => readFileSync(new URL(`../../../installers/${path}`, import.meta.url), 'utf8');

/** What stands between Node and the agent in the line that systemd runs; a backslash continues it (systemd.service(5)). */
function flagsOfUnit(text: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(text.replaceAll('\\\n', ' '))?.[1] ?? '';
  return line.split(/ +/).slice(1, -2);
}

function flagsOfDaemon(text: string): string[] {
  const list = /<key>ProgramArguments<\/key>\s*<array>(.*?)<\/array>/s.exec(text)?.[1] ?? '';
  return [...list.matchAll(/<string>(.*?)<\/string>/g)].map(([, word = '']) => word).slice(1, -2);
}

it.each([
  ['a service of systemd', flagsOfUnit(read('linux/rollcall-agent.service'))],
  ['a launch daemon', flagsOfDaemon(read('macos/org.rollcall.agent.plist'))],
])('%s starts the agent with the flags of Node that its weight was measured with', (_, flags) => {
  expect(flags).toEqual(agentNodeFlags);
});
