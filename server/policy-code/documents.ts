import type Type from 'typebox';
import {
  FilterSettings,
  PolicyCalendar,
  PolicyCompliance,
  PolicyGroup,
  type PolicyKind,
  PolicyList,
  PolicyProfile,
  PublishingSettings,
} from '../../shared/api/schemas.ts';

/** The schema of each kind of document. */
export const documentSchemas: Record<PolicyKind, Type.TSchema> = {
  profile: PolicyProfile,
  group: PolicyGroup,
  calendar: PolicyCalendar,
  list: PolicyList,
  compliance: PolicyCompliance,
  filter: FilterSettings,
  publishing: PublishingSettings,
};

/** What a file of the kind is about, for its reader. */
export const documentWords: Record<PolicyKind, string> = {
  profile: 'What a profile sets, and for whom',
  group: 'A saved group: whoever a rule reaches, or those on a list',
  calendar: 'School days, bell times and freezes of the district or one of its units',
  list: 'A category list of the web filter; its names are compiled, in the file named by their SHA-256',
  compliance: 'What is asked of devices, and what follows a failure',
  filter: 'What the district decides for every web filter',
  publishing: 'How the district publishes policy',
};
