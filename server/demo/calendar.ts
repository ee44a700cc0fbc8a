/** A session of the sample calendar, dates as `YYYY-MM-DD`. */
export interface SampleSession {
  id: string;
  title: string;
  type: 'schoolYear' | 'semester' | 'gradingPeriod';
  start: string;
  end: string;
  parent: string;
}

export interface SampleYear {
  /** The year in which it ends, as OneRoster names school years. */
  schoolYear: number;
  sessions: SampleSession[];
}

/** The school year that is running at `today` (`YYYY-MM-DD`); from July on it is the coming one. */
export function schoolYearAt(today: string): SampleYear {
  const [year = 2026, month = 1] = today.split('-').map(Number);
  const first = month >= 7 ? year : year - 1;
  const last = first + 1;
  const whole = `sy-${last}`;
  const session = (
    id: string,
    title: string,
    type: SampleSession['type'],
    start: string,
    end: string,
    parent: string,
  ) => ({
    ...{ id, title, type, start, end, parent },
  });
  const halves = [`sem-${last}-1`, `sem-${last}-2`] as const;
  const quarter = (number: number, start: string, end: string) =>
    session(`q-${last}-${number}`, `Quarter ${number}`, 'gradingPeriod', start, end, halves[number > 2 ? 1 : 0]);
  return {
    schoolYear: last,
    sessions: [
      session(whole, `School year ${first}-${last}`, 'schoolYear', `${first}-08-20`, `${last}-06-12`, ''),
      session(halves[0], 'Fall semester', 'semester', `${first}-08-20`, `${last}-01-16`, whole),
      session(halves[1], 'Spring semester', 'semester', `${last}-01-19`, `${last}-06-12`, whole),
      quarter(1, `${first}-08-20`, `${first}-10-23`),
      quarter(2, `${first}-10-26`, `${last}-01-16`),
      quarter(3, `${last}-01-19`, `${last}-03-27`),
      quarter(4, `${last}-03-30`, `${last}-06-12`),
    ],
  };
}
