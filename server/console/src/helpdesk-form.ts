import type { CannedFix, HelpdeskSettings } from '../../../shared/api/schemas.ts';

const hour = 60;

/** A promise as it is written: hours with a decimal, as school hours; undefined when nothing is promised. */
export const toHours = (minutes: number | null): number => (minutes === null ? Number.NaN : minutes / hour);

/** Whole minutes of what was written in hours; null: the field is empty, and nothing is promised. */
export const fromHours = (hours: number): number | null => (Number.isNaN(hours) ? null : Math.round(hours * hour));

export const freshMail: NonNullable<HelpdeskSettings['mail']> = {
  ...{ host: '', port: 587, security: 'starttls', user: null, hasPassword: false, from: '' },
};

/** A canned fix before anything is written. */
export const freshFix = (id: string): CannedFix => ({ id, title: '', categories: [], words: '', resolves: false });

/** Everything the server would refuse, in words with the place. */
export function helpdeskProblems({ serviceLevel, automatic, mail, fixes }: HelpdeskSettings): string[] {
  return [
    ...Object.entries(serviceLevel).flatMap(([priority, promised]) => promiseProblems(priority, promised)),
    ...(automatic.silentDays === null || isWhole(automatic.silentDays, 1, 200)
      ? []
      : ['Silent devices: Between 1 and 200 school days.']),
    ...(mail === null ? [] : mailProblems(mail)),
    ...fixes.flatMap(({ title, words }, place) => {
      if (title.trim() === '') return [`Canned fix ${place + 1}: Give it a title.`];
      return words.trim() === '' ? [`${title}: Write what is sent.`] : [];
    }),
  ];
}

type Promised = HelpdeskSettings['serviceLevel']['low'];

function promiseProblems(priority: string, { firstReplyMinutes, resolutionMinutes }: Promised): string[] {
  const place = priority.charAt(0).toUpperCase() + priority.slice(1);
  return [
    ...(firstReplyMinutes === null || isWhole(firstReplyMinutes, 1, 60_000)
      ? []
      : [`${place}, first reply: Between a minute and 1,000 hours.`]),
    ...(resolutionMinutes === null || isWhole(resolutionMinutes, 1, 600_000)
      ? []
      : [`${place}, solution: Between a minute and 10,000 hours.`]),
    ...(firstReplyMinutes !== null && resolutionMinutes !== null && resolutionMinutes < firstReplyMinutes
      ? [`${place}: The solution is promised before the reply.`]
      : []),
  ];
}

function mailProblems({ host, port, from }: NonNullable<HelpdeskSettings['mail']>): string[] {
  return [
    ...(host.trim() === '' ? ['Mail: Name the server that sends it.'] : []),
    ...(isWhole(port, 1, 65_535) ? [] : ['Mail: The port is between 1 and 65,535.']),
    ...(from.includes('@') ? [] : ['Mail: Say which address it comes from.']),
  ];
}

const isWhole = (number: number, least: number, most: number) =>
  Number.isInteger(number) && number >= least && number <= most;
