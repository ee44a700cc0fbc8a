import { plainLines, plainTexts } from '../../shared/plain-text.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';

/** What a device says, without what would steer a terminal or deceive on a page; what a script wrote keeps its lines. */
export function plainRecord(record: ReportRecord): ReportRecord {
  if (record.kind !== 'command-result' || record.output === undefined) return plainTexts(record);
  const { output, ...said } = record;
  return { ...plainTexts(said), output: plainLines(output) };
}
