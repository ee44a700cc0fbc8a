import { describe, expect, it } from 'vitest';
import { readRedaction } from '../../../../agent/diagnostics/examiner-parts.ts';
import { redact } from '../../../../agent/diagnostics/redact.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { FakeDistrict } from '../../../fakes/district.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { RecordedPrograms } from '../context/programs.ts';

const district = new FakeDistrict();
const passwd =
  'root:x:0:0:root:/root:/bin/bash\nmaria:x:1000:1000:Maria Lopez,,,:/home/maria:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n';

describe('what may be told of a device', () => {
  it('is what its settings name as the district’s, and nothing of its people and other networks', async () => {
    const commands = new RecordedPrograms({ '/usr/bin/getent passwd': passwd });
    const files = new HostFiles('/nowhere', new MemoryOriginals());
    const address = (host: string) => ({ host, port: 443 });
    const own = {
      deviceId: 'device-1',
      trust: district.trust,
      agents: [address('rollcall.lincoln.example'), address('203.0.113.9')] as const,
      enrolment: [address('rollcall.lincoln.example')],
      credentials: [{ key: '', certificateChain: '' }] as [{ key: string; certificateChain: string }],
    };
    const campus = [
      { name: 'Lincoln', addresses: ['10.20.0.0/16'], gateways: ['00:1b:2c:03:04:05'], ssids: ['Lincoln High'] },
    ];
    const guests = { name: 'Lincoln Guests', security: 'open' as const, hidden: false };
    const context = await readRedaction(
      {
        identity: () => ({ ...own, agents: [...own.agents] }),
        wifi: async () => ({ ssid: 'Smith Family' }),
        commands,
        platform: 'linux',
      },
      { platform: 'linux', commands, files },
      { webFilter: { settings: {}, lists: [], contact: '', campus }, wifi: { networks: [guests] } },
    );
    const told =
      "10.20.7.7 by 00:1b:2c:03:04:05 on SSID 'Lincoln Guests' to https://rollcall.lincoln.example/a and 203.0.113.9";
    expect(redact(told, context)).toBe(told);
    expect(redact('Maria Lopez (maria) as root on Smith Family, 10.21.0.1', context)).toBe(
      '[user] ([user]) as root on [another network], [address]',
    );
  });
});
