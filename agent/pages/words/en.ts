import type { Window } from '../../../shared/calendar/calendar.ts';
import type { Place } from '../../../shared/filter/place.ts';
import type { FilterSchedule, RecordingLevel } from '../../../shared/profile/web-filter.ts';
import { help } from './help-en.ts';
import { looks } from './looks-en.ts';
import { recordReads } from './record-reads-en.ts';

/*
 * Every word of the device's own pages, for people from eleven years on: short sentences, no terms of the trade. Each
 * language is a file beside this one: docs/checklists/add-a-language.md
 */

const language = { page: 'en', times: 'en-GB', name: 'English', switch: 'Language' };

const timeWords = {
  tomorrow: 'tomorrow',
  yesterday: 'yesterday',
  today: 'today',
  onDay: (day: string, time: string) => `${day}, ${time}`,
};

const list = (items: readonly string[]) => new Intl.ListFormat(language.page).format(items);

const block = {
  title: (name: string) => `${name} is blocked`,
  heading: 'This site is blocked',
  locked: (category: string) =>
    `It is on the list “${category}”. School devices never open these sites, at any time or place.`,
  district: 'Your school district put it on its own list of blocked sites.',
  category: (category: string) => `It is on the list “${category}”, which is blocked on this device.`,
  schedule: (title: string) => `The timetable rule “${title}” blocks it now.`,
  scheduleUntil: (title: string, until: string) => `The timetable rule “${title}” blocks it until ${until}.`,
  closed: (by: string, until: string) => `${by} closed it for you until ${until}.`,
  only: (by: string, until: string) => `Only the sites chosen by ${by} are open until ${until}.`,
  givenReason: (reason: string) => `The reason given: “${reason}”`,
  noLists: 'The web filter has lost its lists, so only the most important sites open. It is loading them again.',
  leadsTo: (other: string) => `It leads to ${other}, and that is blocked.`,
  noUntil: 'until somebody changes the rule',
  rule: 'Rule',
  list: 'List',
  setBy: 'Set by',
  untilWhen: 'Holds',
  untilTime: (until: string) => `until ${until}`,
};

const ask = {
  heading: 'Do you need it for school?',
  lockedHeading: 'Is it on that list by mistake?',
  lockedLead:
    'Nobody at school can open this kind of site. But a site can be on the list by mistake: say why you think so.',
  label: 'Why do you need this site?',
  lockedLabel: 'Why is it a mistake?',
  hint: 'School staff will read this with your name and the name of the site.',
  within: (hours: number) => `They decide within ${hours === 1 ? '1 hour' : `${hours} hours`}.`,
  button: 'Ask to open it',
  lockedButton: 'Report a mistake',
  again: 'Ask again',
  contact: (contact: string) => `You can also ask ${contact}.`,
};

const problems = {
  tooShort: 'Write a little more: at least 5 characters.',
  tooLong: 'That is too long: at most 500 characters fit.',
  tooOften: 'You have asked very often. Wait an hour, or ask somebody at school.',
  tooOftenForName: 'You have asked for this site three times today. Wait for an answer, or ask somebody at school.',
  stalePage: 'This page was open for too long, so your question was not sent. Send it again.',
  notSaved: 'Your question could not be saved on this device. Try again, or ask somebody at school.',
  notBlocked: 'This site is not blocked any more.',
};

const states = {
  waiting: 'You asked for this site. School staff have not decided yet.',
  waitingHere: 'You can leave this page open: it opens the site by itself when they say yes.',
  granted: 'School staff said yes to your question.',
  grantOver:
    'School staff said yes to your question before. Now it is blocked again: their time is over, or another rule blocks it.',
  refused: 'School staff said no to your question.',
  expired: 'Nobody answered your question in time.',
  reason: (reason: string) => `They wrote: “${reason}”`,
  askedAt: (time: string) => `Asked: ${time}`,
  decidedAt: (time: string) => `Answered: ${time}`,
  short: { waiting: 'waiting', granted: 'yes', refused: 'no', expired: 'not answered in time' },
};

const open = {
  title: (name: string) => `${name} is not blocked`,
  heading: 'This site is open',
  lead: 'Your browser is loading it again. That can take up to a minute, because the browser remembers the old answer for a while.',
  tryNow: 'Try now',
  here: 'This site is not blocked on this device.',
  go: (name: string) => `Go to ${name}`,
};

const device = {
  title: 'Web filter',
  heading: 'What this device filters',
  lead: 'You have a right to know. This page is made by the device itself and works without a network.',
  now: 'Right now',
  place: {
    'on-campus': 'The device is at school.',
    'off-campus': 'The device is not at school.',
    unknown: 'The device cannot tell whether it is at school.',
  } satisfies Record<Place, string>,
  recordedNow: (level: RecordingLevel) => `Recorded at this moment: ${levels[level].short}.`,
  ruleHolds: (title: string) => `The timetable rule “${title}” holds.`,
  ruleUntil: (title: string, until: string) => `The timetable rule “${title}” holds until ${until}.`,
  filtered: 'What is filtered',
  always: 'Always blocked',
  blocked: 'Blocked',
  ownList: 'The district’s own lists',
  blockedSites: (count: number) => (count === 1 ? '1 blocked site' : `${count} blocked sites`),
  allowedSites: (count: number) => (count === 1 ? '1 allowed site' : `${count} allowed sites`),
  safeSearch: 'Search engines',
  safeSearchOn: 'They show filtered results only.',
  youtube: 'YouTube',
  youtubeOn: { moderate: 'It shows restricted videos only.', strict: 'It shows strictly restricted videos only.' },
  nothing: 'Nothing is blocked on this device.',
  timetable: 'Timetable',
  overrides: 'Opened or closed by staff',
  overrideUntil: (what: string, by: string, until: string) => `${what}, by ${by}, until ${until}.`,
  overrideFrom: (what: string, by: string, from: string, until: string) =>
    `${what}, by ${by}, from ${from} until ${until}.`,
  recorded: 'What is recorded',
  schoolHours: 'At school, in school hours',
  afterHours: 'At school, after hours',
  elsewhere: 'Anywhere else',
  isNow: 'now',
  namesKept: (days: number) => `Names of sites are deleted after ${days} days.`,
  countsKept: (days: number) => `Numbers are deleted after ${days} days.`,
  keptByDistrict: 'Your school district decides how long this is kept, and deletes it then.',
  whoLooks:
    'Only school staff with that duty can look. To look at the records of one person they must write down why, and every look is recorded too.',
  never: 'What is never recorded',
  neverList: [
    'the camera and the microphone',
    'what you type',
    'pictures of the screen',
    'which pages of a site you read, or what is on them',
  ],
  neverWhy: 'There is nothing in this program that could do it.',
  requests: 'Sites you asked for',
  noRequests: 'You have not asked for a site yet.',
  recent: 'Blocked lately',
  recentLead: 'This list is for you. It stays in the memory of this device and is gone when the device restarts.',
  noRecent: 'Nothing was blocked lately, or nothing may be kept here.',
  asked: 'Ask for it',
  askFor: (name: string) => `Ask for it: ${name}`,
  askHeading: 'A site does not open?',
  askLabel: 'Name of the site',
  askHint: 'Secure sites cannot show the reason themselves. Look here why, and ask for it to be opened.',
  askButton: 'Look it up',
  badName: 'That is not the name of a site. Write it like example.org.',
  about: 'About this device',
  deviceId: 'Device',
  district: 'District',
  contact: 'Ask',
  version: 'Program',
  back: 'What this device filters and records',
};

const my = {
  title: 'My device',
  heading: 'My device',
  toFilter: 'What this device filters',
  toDevice: 'My device',
  allWell: 'Everything is in order',
  allWellLead: 'This device is as your school district asks. You need not do anything.',
  wrongCount: (count: number) =>
    count === 1 ? 'One thing needs to be put right' : `${count} things need to be put right`,
  wrongLead: 'Below you find what it is, why it matters, and what you can do yourself.',
  notJudged: 'Your school district has not judged this device yet',
  notJudgedLead: 'That happens soon after the device is connected. Below is what the device sees by itself.',
  notKnown: 'Not everything is known yet',
  notKnownLead: 'The device is still finding out. You need not do anything.',
  wrong: 'What is wrong',
  unknown: 'Not known yet',
  seen: 'Seen',
  seenAt: (time: string) => `(this device, ${time})`,
  since: (time: string) => `It has been so since ${time}.`,
  why: 'Why it matters',
  fix: 'What you can do',
  byWhen: 'By when',
  by: (time: string) => `By ${time}.`,
  noDate:
    'There is no date yet: the school calendar does not name enough school days. Put it right as soon as you can.',
  overdueSince: (time: string) => `Now: the time for it was over ${time}.`,
  now: 'Now. There is no extra time for this.',
  notTold: 'This device has just seen it. Your school district will say by when.',
  justSeen: 'just seen',
  mended: 'put right',
  mendedLead: (time: string) => `This device sees it put right (${time}).`,
  beingTold: 'Your school district is being told.',
  toldLater: 'Your school district is told as soon as there is a connection.',
  technical: 'Technical detail',
  step: {
    warn: 'This is a first notice.',
    remind: 'This is a reminder: the time to put it right is nearly over.',
    restrict: 'This device is limited until it is put right.',
  },
  ending: 'Everything is put right: the limits end soon',
  endingLead: 'They end by themselves as soon as your school district has seen it.',
  restrictedSince: (time: string) => `It has been limited since ${time}.`,
  restriction: (name: string) => `What is limited is set by the rule “${name}”.`,
  restrictionWhat: 'Some sites and functions do not open for now. Asking for help always works.',
  restrictionSee: 'See what is limited',
  told: {
    lost: 'This device is reported lost',
    restart: (time: string) => `This device restarts at ${time}`,
    restartLead: 'Save your work now. Your school district asked for the restart.',
    postpone: 'Not yet',
    postpones: (count: number) => (count === 1 ? 'You can put it off once.' : `You can put it off ${count} times.`),
  },
  noticeSee: (address: string) => `What you can do: ${address}`,
  wayOut: 'The way out: put right what is listed below. Then the limits end by themselves, usually within a minute.',
  nextStep: (time: string) => `If nothing changes, the next step comes ${time}.`,
  nextLimits: (time: string) => `If nothing changes, this device will be limited from ${time}.`,
  judgedAt: (time: string) => `Judged by your school district: ${time}`,
  lookedAt: (time: string) => `Looked at by this device: ${time}`,
  lookedNow: 'Looked just now',
  looking: 'The device is looking at itself …',
  offline:
    'There is no connection to your school district now. What the device sees by itself is up to date; the rest may be older.',
  offlineSince: (time: string) =>
    `There has been no connection to your school district since ${time}. What the device sees by itself is up to date; the rest may be older.`,
  checkAgain: 'Check again',
  checkBusy: 'Checking …',
  checkHint: 'Press it after you have put something right.',
  checkFailed: 'That did not work. Load the page again, and then press the button.',
  tooSoon: 'You have just asked. Wait a few seconds, then press the button again.',
  tooOften: 'You have asked very often. Wait a while, then press the button again.',
  stalePage: 'This page was open for too long. Press the button again.',
  owed: 'What else is due',
  owedKind: { agreement: 'An agreement to sign', 'device-return': 'A device to return' },
  due: (time: string) => `Due: ${time}`,
  overdue: (time: string) => `Overdue since ${time}`,
  waived: 'Excused for now',
  waivedUntil: (time: string) => `Your school district has decided that this does not count until ${time}.`,
  asked: 'What is asked of this device',
  askedLead: 'This is so on this device, and the device has proved it.',
  nothingAsked: 'Nothing is asked of this device yet.',
  proof: 'Show the proof',
  corrected: 'Changed and put right',
  correctedAt: (time: string) => `Somebody or something changed it, and this device put it right (${time}).`,
  minor: 'Good to know',
  minorLead: 'This does not count against you.',
  alsoRecorded: 'What your school district sees of this device',
  alsoRecordedList: [
    'the state of the settings on this page, and when one of them was changed',
    'maker, model, serial number and system of the device',
    'its health: disk, battery, memory, temperature, updates, how busy it is',
    'the kind of network (wired or wireless) and the address it connects from',
    'signs of ways around the web filter, such as a VPN or a proxy',
    'when it was connected, and which person it was given to',
    'its programs, network and messages, only while the helpdesk looks at it: this page says so',
  ],
  noFilter: 'There is no web filter on this device, so nothing is recorded of the sites you open.',
  help: 'Get help',
  helpAsk: (contact: string) => `Ask ${contact}. Say the name of the device, or show this page.`,
  helpSchool: 'Ask at your school. Say the name of the device, or show this page.',
  helpAlways: 'Asking for help is always possible, also while the device is limited.',
};

const levels: Record<RecordingLevel, { short: string; long: string }> = {
  full: { short: 'names of all sites', long: 'The names of all sites that are opened, and how often.' },
  blocked: {
    short: 'names of blocked sites',
    long: 'The names of blocked sites, and how often. Other sites are only counted.',
  },
  counts: { short: 'numbers only', long: 'Numbers by kind of site. No names of sites.' },
  none: { short: 'nothing', long: 'Nothing.' },
};

/** `Games and 2 sites: blocked in school hours, at school.` */
function scheduleWords({ action, domains, when, place }: FilterSchedule, categories: readonly string[]): string {
  const sites = domains.length === 0 ? [] : [domains.length === 1 ? '1 site' : `${domains.length} sites`];
  const what = list([...categories, ...sites]) || 'nothing';
  const where = { anywhere: '', 'on-campus': ', at school', 'off-campus': ', not at school' }[place];
  return `${what}: ${action === 'block' ? 'blocked' : 'open'} ${windowWords(when)}${where}.`;
}

const dayNames = {
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
  sunday: 'Sunday',
};

function windowWords(when: Window): string {
  switch (when.kind) {
    case 'periods':
      return `in ${list(when.periods)}`;
    case 'times': {
      const days = when.days.length === 7 ? 'every day' : `on ${list(when.days.map((day) => dayNames[day]))}`;
      return `${days} from ${when.from} to ${when.to}${when.schoolDaysOnly ? ' if there is school' : ''}`;
    }
    default:
      return windows[when.kind];
  }
}

const windows = {
  always: 'at all times',
  'school-hours': 'in school hours',
  'outside-school-hours': 'outside school hours',
  'school-days': 'on school days',
  'days-off': 'on days without school',
  freeze: 'on exam days',
};

/** What an override does, without who and when. */
function overrideWords(kind: 'allow' | 'block' | 'only', names: readonly string[], everything: boolean): string {
  const what = everything ? 'all sites' : list(names);
  return { allow: `Open: ${what}`, block: `Closed: ${what}`, only: `Only these are open: ${what}` }[kind];
}

export const en = {
  language,
  timeWords,
  block,
  ask,
  problems,
  states,
  open,
  device,
  my,
  looks,
  recordReads,
  help,
  levels,
  scheduleWords,
  overrideWords,
};

/** What every language has to say. */
export type PageWords = typeof en;
