import { describe, expect, it } from 'vitest';
import { correctedPart } from '../../../../agent/pages/own-parts.ts';
import { Times } from '../../../../agent/pages/times.ts';
import { type LanguageCode, languages } from '../../../../agent/pages/words/languages.ts';

const now = Date.UTC(2026, 9, 5, 14);
const minute = 60_000;
const table = 'nftables table rollcall-firewall';
const correction = (section: string, minutesAgo: number, item = table) => ({
  section,
  item,
  at: now - minutesAgo * minute,
});

async function words(code: LanguageCode, corrections: Parameters<typeof correctedPart>[0]): Promise<string> {
  const language = await languages[code].load();
  const part = correctedPart(corrections, {
    language,
    times: new Times(now, 'UTC', language.page),
    now,
    isConnected: true,
  });
  return (part?.text ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('what was changed by hand and put right, on the device’s own page', () => {
  it.each<[LanguageCode, string]>([
    ['en', 'Changed and put right Firewall Somebody or something changed it, and this device put it right (13:55).'],
    ['es', 'Cambiado y corregido Cortafuegos Alguien o algo lo cambió, y este dispositivo lo corrigió (13:55).'],
  ])('says it in %s, with the technical name as a detail', async (code, sentence) => {
    const said = await words(code, [correction('firewall', 5)]);
    expect(said).toContain(sentence);
    expect(said).toContain(table);
  });

  it('names the newest of each capability, the last first', async () => {
    const said = await words('en', [correction('firewall', 9), correction('screenLock', 7), correction('firewall', 2)]);
    expect(said.match(/\(13:\d\d\)/g)).toEqual(['(13:58)', '(13:53)']);
    expect(said).not.toContain('13:51');
  });

  it('is not there when nothing was put right', async () => {
    expect(await words('en', [])).toBe('');
  });
});
