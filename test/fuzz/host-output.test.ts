import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVolume, passwordOf } from '../../agent/capabilities/diskEncryption/bitlocker.ts';
import { parseCrypttab, parseOpenVolumes } from '../../agent/capabilities/diskEncryption/crypttab.ts';
import { parseHeader } from '../../agent/capabilities/diskEncryption/luks-header.ts';
import * as darwin from '../../agent/capabilities/webFilter/darwin-output.ts';
import { familyOf } from '../../agent/capabilities/webFilter/holding/addresses.ts';
import { held, redirected, released, searchHosts } from '../../agent/capabilities/webFilter/holding/hosts-file.ts';
import { readTable } from '../../agent/capabilities/webFilter/holding/nft-reading.ts';
import { ruleset, serviceCgroup } from '../../agent/capabilities/webFilter/holding/nft-rules.ts';
import { isInForce } from '../../agent/capabilities/webFilter/holding/win32.ts';
import { quoted } from '../../agent/capabilities/webFilter/powershell.ts';
import { parseSettings, pointStatements } from '../../agent/capabilities/webFilter/win32-settings.ts';
import { parseNetstat, parseProcNet } from '../../agent/findings/listeners.ts';
import { judgeNameServiceSwitch } from '../../agent/findings/name-service.ts';
import { proxiesOfScutil, setsDconfProxy, setsKdeProxy, setsProxyVariable } from '../../agent/findings/proxies.ts';
import { tunnelsOfRoutes } from '../../agent/findings/tunnels.ts';
import { parseListeners, parseProxies, parseTunnels } from '../../agent/findings/win32.ts';

/** Pieces that the programs print, in any order, beside anything at all. */
const pieces = fc.constantFrom(
  'resolver #1\n',
  '  nameserver[0] : ',
  '(1) Wi-Fi\n(Hardware Port: ',
  'domain_name_server (ip_mult): {',
  'udp4  0  0  127.0.0.1.',
  '   1: 0100007F:0035 00000000:0000 07 ',
  'hosts: [',
  '[system/proxy]\n',
  '203.0.113.9 www.google.com',
  '# rollcall',
  '{"nftables":[',
  '\0',
  '\r\n',
);
const output = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(pieces, fc.string())).map((parts) => parts.join('')),
);
const values = fc.oneof(fc.jsonValue(), fc.anything());

describe('whatever a program prints', () => {
  it('no reader of text throws, and none takes long', () => {
    fc.assert(
      fc.property(output, (text) => {
        darwin.parseServices(text);
        darwin.parseServers(text);
        darwin.parsePacket(text);
        darwin.parseFirstResolver(text);
        readTable(text);
        serviceCgroup(text);
        parseProcNet(text, 'TCP');
        parseNetstat(text, 'UDP');
        judgeNameServiceSwitch(text);
        proxiesOfScutil(text);
        setsDconfProxy(text);
        setsKdeProxy(text);
        setsProxyVariable(text);
        tunnelsOfRoutes(text);
        redirected(text, searchHosts);
        parseCrypttab(text);
        parseOpenVolumes(text);
        parseHeader(text);
        passwordOf(text, '{11111111-1111-4111-8111-111111111111}');
      }),
    );
  });

  it('no reader of JSON throws, and nothing but numbers and addresses gets into a script', () => {
    fc.assert(
      fc.property(values, (value) => {
        parseListeners(value);
        parseTunnels(value);
        parseProxies(value);
        for (const { id } of parseVolume(value)?.protectors ?? []) expect(id).toMatch(/^\{[0-9A-Fa-f-]{36}\}$/);
        parseHeader(JSON.stringify({ keyslots: value, tokens: { 0: value } }) ?? '');
        isInForce(value, { resolvers: { v4: [], v6: [], unclear: [] } });
        const adapters = {
          adapters: [{ index: 1, guid: '{11111111-2222-3333-4444-555555555555}', set: value }, value],
        };
        const settings = parseSettings(adapters);
        for (const { set } of settings?.adapters ?? [])
          for (const server of set) expect(server).toMatch(/^[0-9a-fA-F.:%]+$/);
        if (settings) expect(pointStatements(settings, '127.0.0.1').join()).not.toContain('\n');
      }),
    );
  });
});

describe('whatever a profile or a file holds', () => {
  it('only addresses become part of a rule', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 140 }), (address, length) => {
        for (const text of [address, `${address}/${length}`]) {
          if (familyOf(text) === 0) continue;
          const rules = ruleset({ resolvers: { v4: [text], v6: [], unclear: [] } }, { kind: 'user', id: 0 });
          expect(rules).toMatch(/elements = \{ [0-9a-fA-F.:/]+ \}/);
        }
      }),
    );
  });

  it('a hosts file comes back exactly', () => {
    const lines = fc.array(fc.oneof(pieces, fc.string(), fc.constant('\n')));
    const files = lines.map((parts) => parts.join('')).filter((text) => !text.includes('# rollcall-held: '));
    fc.assert(fc.property(files, (text) => released(held(text, searchHosts)) === text));
  });

  it('a quoted text ends where it should', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n\0]/.test(text)),
        (text) => {
          const inner = quoted(text)
            .slice(1, -1)
            .replace(/(['\u2018\u2019\u201a\u201b])\1/g, '');
          expect(inner).not.toMatch(/['\u2018\u2019\u201a\u201b]/);
        },
      ),
    );
  });
});
