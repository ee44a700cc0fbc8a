import { call } from '../../api.ts';

/** What a person chose in the import dialog. */
export interface ImportForm {
  source: 'file' | 'roster';
  file: File | null;
  holidays: string;
  early: string;
  closures: string;
  freezes: string;
  earlyBells: string | null;
  others: boolean;
  mode: 'add' | 'replace';
  type: 'term' | 'semester' | 'gradingPeriod' | 'schoolYear';
  endsOn: 'day-after' | 'last-day';
}

/** Words of the calendars that districts publish. */
export const freshImport: ImportForm = {
  source: 'file',
  file: null,
  holidays: 'no school, holiday, break, recess, school closed, offices closed',
  early: 'early release, early dismissal, early out, half day, minimum day',
  closures: 'snow day, weather, emergency closure',
  freezes: 'testing, exam, finals, assessment',
  earlyBells: null,
  others: false,
  mode: 'add',
  type: 'semester',
  endsOn: 'day-after',
};

/** `zone` counts where there is no calendar yet. */
export function preview(org: string, zone: string, form: ImportForm) {
  const { source, file, holidays, early, closures, freezes, earlyBells, others, mode, type, endsOn } = form;
  const params = { org };
  if (source === 'roster' || !file) return call('proposeTerms', { params, body: { type, endsOn, zone } });
  const query = {
    ...{ holidays, early, closures, freezes, mode, zone },
    ...{ earlyBells: earlyBells ?? undefined, others: others ? ('holidays' as const) : ('leave' as const) },
  };
  return call('previewCalendarImport', { params, query, upload: { bytes: file, type: 'text/calendar' } });
}
