import { describe, expect, it } from 'vitest';
import { type RecordingMoment, recordingLevel } from '../../../shared/filter/recording.ts';
import type { RecordingLevel, WebFilterSettings } from '../../../shared/profile/web-filter.ts';

const inSchool: RecordingMoment = { place: 'on-campus', schoolHours: true };
const afterHours: RecordingMoment = { place: 'on-campus', schoolHours: false };
const athome: RecordingMoment = { place: 'off-campus', schoolHours: false };
const atHomeInSchoolHours: RecordingMoment = { place: 'off-campus', schoolHours: true };
const unknown: RecordingMoment = { place: 'unknown', schoolHours: true };
const all: WebFilterSettings = { recording: 'full', recordingAfterHours: 'counts', recordingOffCampus: 'blocked' };

describe('what may be recorded', () => {
  it.each<[string, WebFilterSettings, RecordingMoment, RecordingLevel]>([
    ['blocked names in school hours where nothing is set', {}, inSchool, 'blocked'],
    ['blocked names after hours where nothing is set', {}, afterHours, 'blocked'],
    ['nothing off campus where nothing is set', {}, athome, 'none'],
    ['nothing off campus in school hours where nothing is set', {}, atHomeInSchoolHours, 'none'],
    ['nothing where the place is not known and nothing is set', {}, unknown, 'none'],
    ['what is set for school hours', all, inSchool, 'full'],
    ['what is set for after hours', all, afterHours, 'counts'],
    ['what is set for off campus', all, athome, 'blocked'],
    ['what is set for off campus, in school hours too', all, atHomeInSchoolHours, 'blocked'],
    ['what is set for off campus where the place is not known', all, unknown, 'blocked'],
    ['nothing off campus although every name is kept at school', { recording: 'full' }, athome, 'none'],
    ['nothing at school where that is set', { recording: 'none' }, inSchool, 'none'],
    ['after hours apart from school hours', { recording: 'none' }, afterHours, 'blocked'],
  ])('is %s', (_name, settings, moment, level) => {
    expect(recordingLevel(settings, moment)).toBe(level);
  });
});
