import { once } from 'node:events';
import { ZipFile } from 'yazl';
import type { Examination } from '../../../shared/diagnostics/probe.ts';
import type { Platform } from '../../../shared/profile/keywords.ts';
import { largestBundle } from '../../../shared/protocol/diagnosis-messages.ts';
import type { ReportedRecord } from '../../../shared/protocol/messages.ts';
import type { AgentStatus } from '../../local/status.ts';
import type { Commands } from '../../platform/commands.ts';
import { type RedactionContext, redactAll } from '../redact.ts';
import { recentLog } from '../streams/recent-log.ts';
import type { BundleFile } from './desk.ts';

export interface BundleSources {
  status: AgentStatus;
  /** The last report of each section. */
  sections: readonly ReportedRecord[];
}

interface BundleParts extends BundleSources {
  examination: Examination | undefined;
  /** False on a trial root: the log is that of whoever tries it. */
  hasLog: boolean;
  platform: Platform;
  commands: Commands;
  context: RedactionContext;
  signal: AbortSignal;
}

/** So that all of them fit even if nothing could be made smaller; a log keeps its end. */
const longestFile = Math.floor(largestBundle / 5);

/** What a support bundle is made of, as text a person can read. What is shown is what is sent. */
export async function bundleFiles(parts: BundleParts): Promise<BundleFile[]> {
  const { status, sections, examination, context, hasLog } = parts;
  const { home: _home, root: _root, ...told } = status;
  const files = [
    { name: 'status.json', text: asText(redactAll(told, context)) },
    { name: 'settings.json', text: asText(redactAll(sections, context)) },
    ...(examination ? [{ name: 'examination.json', text: asText(examination) }] : []),
    ...(hasLog ? [{ name: 'log.txt', text: (await recentLog(parts)).join('\n') }] : []),
  ];
  return files.map(({ name, text }) => ({ name, text: endOf(text) }));
}

/** In the order they were read; deterministic but for the time. */
export async function zipOf(files: readonly BundleFile[], now: number): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { name, text } of files) zip.addBuffer(Buffer.from(text), name, { mtime: new Date(now) });
  zip.end();
  const parts: Buffer[] = [];
  zip.outputStream.on('data', (part: Buffer) => parts.push(part));
  await once(zip.outputStream, 'end');
  return Buffer.concat(parts);
}

function asText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** By bytes: the beginning of what is too long goes, and no letter is cut in two. */
function endOf(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longestFile) return text;
  const end = bytes.subarray(bytes.length - longestFile).toString('utf8');
  return `[the beginning was left out]\n${end.replace(/^\uFFFD+/, '')}`;
}
