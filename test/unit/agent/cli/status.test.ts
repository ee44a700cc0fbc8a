import { expect, it, describe as suite } from 'vitest';
import { describe } from '../../../../agent/cli/status.ts';
import { type AgentStatus, agentStatus } from '../../../../agent/local/status.ts';

const running: AgentStatus = {
  running: true,
  agentVersion: '0.1.0',
  deviceId: 'dev_7Qx2',
  district: 'Lincoln',
  connected: true,
  servers: [],
  generation: 1,
  sections: [],
  resolver: '127.0.0.1:53',
  spooled: 0,
  certificateExpiresAt: 0,
  home: '/var/lib/rollcall-agent',
  root: '/',
};
const filter: Pick<AgentStatus, 'page' | 'recording'> = {
  page: '127.82.67.1:80',
  recording: { level: 'blocked', place: 'on-campus' },
};

suite('status in lines', () => {
  it.each<[string, Partial<AgentStatus>, RegExp[], RegExp[]]>([
    [
      'says what is recorded and where the pages are',
      filter,
      [/Recorded .*blocked sites.*on campus/, /internal\/ on 127\.82\.67\.1:80/],
      [],
    ],
    [
      'says that nothing is recorded off campus',
      { ...filter, recording: { level: 'none', place: 'off-campus' } },
      [/Recorded +nothing, .*off campus/],
      [],
    ],
    [
      'says that the pages are not open',
      { recording: { level: 'counts', place: 'unknown' } },
      [/Own pages +not open/, /no names/],
      [],
    ],
    ['says nothing of either without a filter', {}, [/Resolver/], [/Recorded/, /Own pages/]],
  ])('%s', (_name, change, present, absent) => {
    const status = { ...running, ...change };
    expect(agentStatus.problems(status)).toEqual([]);
    const lines = describe(status).join('\n');
    for (const words of present) expect(lines).toMatch(words);
    for (const words of absent) expect(lines).not.toMatch(words);
  });
});
