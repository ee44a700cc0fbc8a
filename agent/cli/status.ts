import type { Place } from '../../shared/filter/place.ts';
import type { RecordingLevel } from '../../shared/profile/web-filter.ts';
import type { ReportedRecord } from '../../shared/protocol/messages.ts';
import type { AgentStatus } from '../local/status.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { quietLog } from './quiet-log.ts';
import { readStatus } from './read-status.ts';

/** `status`: how the agent stands. */
export const status: Command = async ({ config, output }) => {
  const found = await readStatus(config, quietLog);
  output.answer(found);
  for (const line of describe(found)) output.line(line);
  return exitCodes.ok;
};

/** The status in lines for people. */
export function describe(found: AgentStatus): string[] {
  const since = found.connectedSince === undefined ? '' : ` since ${time(found.connectedSince)}`;
  return [
    `Agent        ${found.running ? `running (process ${found.pid})` : 'NOT RUNNING: what follows is from disk'}`,
    `Device       ${found.deviceId} in ${found.district}, version ${found.agentVersion}`,
    `Server       ${found.servers.join(', ')}`,
    `Connection   ${found.connected ? `connected${since}` : `not connected: ${found.whyNotConnected ?? 'unknown'}`}`,
    `Certificate  valid until ${time(found.certificateExpiresAt)}`,
    `Policy       ${found.generation === 0 ? 'none received yet' : `generation ${found.generation}`}`,
    `Resolver     ${found.resolver}`,
    ...describeFilter(found),
    `Spool        ${found.spooled} records wait for the server`,
    `Home         ${found.home}${found.root === '/' ? '' : ` (files of the host go below ${found.root})`}`,
    ...found.sections.flatMap(describeSection),
  ];
}

/** Only a running agent knows the moment, and has pages. */
function describeFilter({ page, recording }: AgentStatus): string[] {
  const pages = page === undefined ? 'not open: see the evidence of webFilter' : `http://rollcall.internal/ on ${page}`;
  return recording === undefined
    ? []
    : [
        `Own pages    ${pages}`,
        `Recorded     ${recordedWords[recording.level]}, as is set for ${placeWords[recording.place]}`,
      ];
}

const recordedWords: Record<RecordingLevel, string> = {
  full: 'the names of all sites',
  blocked: 'the names of blocked sites, and numbers',
  counts: 'numbers by category, no names',
  none: 'nothing',
};

const placeWords: Record<Place, string> = {
  'on-campus': 'this time on campus',
  'off-campus': 'off campus',
  unknown: 'a place that is not known',
};

function describeSection({ section, status, failure, evidence }: ReportedRecord): string[] {
  const why = failure ? `: ${failure.message} (${failure.code})` : '';
  const lines = evidence.map(({ ok, item, seen }) => `    ${ok ? 'ok ' : 'NOT'} ${item}: ${seen}`);
  return ['', `  ${section}: ${status}${why}`, ...lines];
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
