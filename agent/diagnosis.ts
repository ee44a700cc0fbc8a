import type { Clock, Random } from '../shared/clock.ts';
import type { Examination } from '../shared/diagnostics/probe.ts';
import type { Address } from '../shared/protocol/enrolment.ts';
import type { ReportedRecord } from '../shared/protocol/messages.ts';
import type { BesideFilter } from './beside-filter.ts';
import { isHost } from './config.ts';
import type { Context } from './context/context.ts';
import type { WifiFacts } from './context/network/reader.ts';
import type { ExaminerParts } from './diagnostics/look.ts';
import { type Hour, hourOf, localTime } from './diagnostics/session/consent.ts';
import { DiagnosisDesk, type LookNotice } from './diagnostics/session/desk.ts';
import { PastLooks } from './diagnostics/session/past-looks.ts';
import type { OpenStream } from './diagnostics/session/streams.ts';
import type { TlsTrust } from './identity/https.ts';
import type { Identity } from './identity/identity-files.ts';
import type { AgentStatus } from './local/status.ts';
import { type NoticesHost, noticesParts, ownAddress } from './notices/open.ts';
import type { Commands, Follower } from './platform/commands.ts';

export interface DiagnosisOptions extends NoticesHost {
  commands: Commands;
  follower: Follower;
  clock: Clock;
  random: Random;
  context: Pick<Context, 'now' | 'here'>;
  besideFilter: () => BesideFilter;
  identity: () => Identity;
  status: () => AgentStatus;
  wifi: () => Promise<WifiFacts>;
  crashedAt: () => number | undefined;
  /** The last report of each section. */
  sections: () => readonly ReportedRecord[];
  /** The district's own server: the only one that is measured. */
  server: () => { address: Address; trust: TlsTrust };
  diagnosed?: StandIns | undefined;
}

/** What devices that do not exist bring along instead. */
export interface StandIns {
  openStream: OpenStream;
  examine: (signal: AbortSignal) => Promise<Examination>;
  /** Where a person would answer. */
  personAt: string;
  /** Somebody who answers; false: nobody was there. */
  notified: (notice: LookNotice, desk: DiagnosisDesk) => boolean;
}

/** Looks of the helpdesk at this device. Whatever samples, examines or packs is loaded when somebody looks, not before. */
export function createDiagnosis(options: DiagnosisOptions): DiagnosisDesk {
  const { home, root, clock, log, context, besideFilter, diagnosed } = options;
  const desk: DiagnosisDesk = new DiagnosisDesk({
    looks: new PastLooks(home.looks, log),
    moment: async () => ({ place: context.here.place, hour: await hourNow(context.now(), besideFilter()) }),
    page: () => diagnosed?.personAt ?? ownAddress(besideFilter().status().page),
    notify: async (notice) => (diagnosed ? diagnosed.notified(notice, desk) : await notify(options, notice)),
    openStream: diagnosed?.openStream ?? systemStreams(options),
    examine: async (signal) => {
      if (diagnosed) return await diagnosed.examine(signal);
      const { createExaminer } = await import('./diagnostics/examine.ts');
      return await createExaminer(await examinerOf(options)).examine(signal);
    },
    bundle: async (examination, signal) => {
      const [{ bundleFiles }, { redaction }] = await Promise.all([
        import('./diagnostics/session/bundle.ts'),
        examinerOf(options),
      ]);
      const told = { status: options.status(), sections: options.sections(), hasLog: isHost(root) };
      return await bundleFiles({ ...options, ...told, examination, context: await redaction(), signal });
    },
    zip: async (files) => (await import('./diagnostics/session/bundle.ts')).zipOf(files, clock.now()),
    clock,
    log,
  });
  return desk;
}

/** The calendar is heavy to load: only where there is one. */
async function hourNow(now: number, filter: BesideFilter): Promise<Hour> {
  const calendar = filter.calendar();
  if (!calendar) return 'other';
  const { schoolHoursAt } = await import('../shared/calendar/windows.ts');
  return hourOf(schoolHoursAt(calendar, now).holds, localTime(now));
}

async function examinerOf(options: DiagnosisOptions): Promise<ExaminerParts> {
  const { examinerParts } = await import('./diagnostics/examiner-parts.ts');
  return examinerParts({ ...options, now: () => options.context.now() });
}

async function notify(options: DiagnosisOptions, notice: LookNotice): Promise<boolean> {
  if (!isHost(options.root)) return false;
  const { showLookNotice } = await import('./notices/look-notice.ts');
  return await showLookNotice(noticesParts(options, options.besideFilter()), notice);
}

function systemStreams(options: DiagnosisOptions): OpenStream {
  return async (request) => {
    const { openSystemStream } = await import('./diagnostics/streams/open.ts');
    const { redaction } = await examinerOf(options);
    return await openSystemStream({ ...options, context: await redaction() }, request);
  };
}
