import type { SchoolCalendar } from '../shared/calendar/calendar.ts';
import type { Clock, Random } from '../shared/clock.ts';
import type { ReportRecord } from '../shared/protocol/messages.ts';
import type { CapabilityParts } from './capabilities/registry.ts';
import type { PageAddress } from './config.ts';
import type { FreshLook } from './fresh-look.ts';
import type { Identity } from './identity/identity-files.ts';
import type { AgentStatus } from './local/status.ts';
import type { Log } from './log.ts';
import { DevicePages } from './pages/index.ts';
import type { Looks } from './pages/look-banner.ts';
import type { OwnView } from './pages/own-view.ts';
import { ActivityRecorder } from './records/activity-recorder.ts';
import type { HelpBook } from './store/help-book.ts';
import type { Home } from './store/home.ts';

export interface BesideFilterOptions {
  home: Home;
  /** Absent: no pages. */
  page?: PageAddress | undefined;
  identity: () => Identity;
  emit: (record: ReportRecord) => void;
  own: () => OwnView;
  fresh: FreshLook;
  looks: Looks;
  help: HelpBook;
  clock: Clock;
  random: Random;
  log: Log;
}

/** What a web filter is given to live with, what of it goes on without one, and what of it the status shows. */
export interface BesideFilter {
  given: Required<Pick<CapabilityParts, 'observer' | 'companions'>> & Pick<CapabilityParts, 'pageAddress'>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Of the filter in force; undefined without pages, too. */
  calendar(): SchoolCalendar | undefined;
  status(): Pick<AgentStatus, 'page' | 'recording'>;
}

/** The records and the own pages of a running agent. Nothing is recorded before a filter is in force; the pages go on without one. */
export function createBesideFilter({
  home,
  page,
  identity,
  own,
  fresh,
  looks,
  help,
  ...parts
}: BesideFilterOptions): BesideFilter {
  const ownHosts = [...identity().agents, ...identity().enrolment].map(({ host }) => host);
  const recorder = new ActivityRecorder({ ...parts, ownHosts });
  if (!page) {
    const idle = async () => undefined;
    const given = { observer: recorder, companions: [recorder] };
    return { given, start: idle, stop: idle, calendar: () => undefined, status: () => recordingOf(recorder) };
  }
  const pages = new DevicePages({
    ...parts,
    page,
    requestsPath: home.requests,
    recent: () => recorder.recentBlocks(),
    own,
    fresh,
    looks,
    help,
  });
  return {
    given: { observer: recorder, companions: [recorder, pages], pageAddress: page.address },
    start: () => pages.start(),
    stop: () => pages.stop(),
    calendar: () => pages.section?.calendar,
    status: () => ({ ...recordingOf(recorder), ...pageOf(pages) }),
  };
}

function recordingOf({ moment }: ActivityRecorder): Pick<AgentStatus, 'recording'> {
  return moment ? { recording: moment } : {};
}

function pageOf({ address }: DevicePages): Pick<AgentStatus, 'page'> {
  return address ? { page: `${address.address}:${address.port}` } : {};
}
