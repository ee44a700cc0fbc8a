import type { PersonRole } from '../../../shared/policy/selector.ts';
import type { TableSpec } from '../table.ts';

/**
 * The files of OneRoster CSV that are read, by the tables of 1EdTech's "OneRoster CSV" 1.1 and 1.2.
 * `demographics.csv` is never opened, and the columns not in `kept` (password, phone, agents …) never leave the parser.
 */
const base = ['sourcedId', 'status', 'dateLastModified'] as const;

const userStart = [
  'enabledUser',
  'username',
  'userIds',
  'givenName',
  'familyName',
  'middleName',
  'identifier',
] as const;
const userEnd = ['email', 'sms', 'phone', 'agentSourcedIds', 'grades', 'password'] as const;
const userKept = ['enabledUser', 'username', 'givenName', 'familyName', 'email', 'grades'] as const;

const orgs = table({
  others: ['name', 'type', 'identifier', 'parentSourcedId'],
  kept: ['name', 'type', 'identifier', 'parentSourcedId'],
  required: ['name', 'type'],
  essential: ['name'],
});

const users11 = table({
  others: [...userStart, 'orgSourcedIds', 'role', ...userEnd],
  kept: [...userKept, 'orgSourcedIds', 'role'],
  required: ['enabledUser', 'orgSourcedIds', 'role', 'username', 'givenName', 'familyName'],
  essential: ['role'],
});

const preferred = ['preferredGivenName', 'preferredFamilyName'] as const;
const users12 = table({
  others: [
    ...userStart,
    ...userEnd,
    ...preferred,
    ...['userMasterIdentifier', 'resourceSourcedIds', 'preferredMiddleName', 'primaryOrgSourcedId', 'pronouns'],
  ],
  kept: [...userKept, ...preferred, 'primaryOrgSourcedId'],
  required: ['enabledUser', 'username', 'givenName', 'familyName'],
  essential: [],
});

const roles12 = table({
  others: ['userSourcedId', 'roleType', 'role', 'beginDate', 'endDate', 'orgSourcedId', 'userProfileSourcedId'],
  kept: ['userSourcedId', 'roleType', 'role', 'beginDate', 'endDate', 'orgSourcedId'],
  required: ['userSourcedId', 'roleType', 'role', 'orgSourcedId'],
  essential: ['userSourcedId', 'role', 'orgSourcedId'],
});

const classes = table({
  others: [
    ...['title', 'grades', 'courseSourcedId', 'classCode', 'classType', 'location', 'schoolSourcedId'],
    ...['termSourcedIds', 'subjects', 'subjectCodes', 'periods'],
  ],
  kept: ['title', 'grades', 'classType', 'schoolSourcedId', 'termSourcedIds'],
  required: ['title', 'courseSourcedId', 'classType', 'schoolSourcedId', 'termSourcedIds'],
  essential: ['title'],
});

const enrollments = table({
  others: ['classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role', 'primary', 'beginDate', 'endDate'],
  kept: ['classSourcedId', 'userSourcedId', 'role', 'primary', 'beginDate', 'endDate'],
  required: ['classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role'],
  essential: ['classSourcedId', 'userSourcedId', 'role'],
});

const academicSessions = table({
  others: ['title', 'type', 'startDate', 'endDate', 'parentSourcedId', 'schoolYear'],
  kept: ['title', 'type', 'startDate', 'endDate', 'parentSourcedId', 'schoolYear'],
  required: ['title', 'type', 'startDate', 'endDate', 'schoolYear'],
  essential: ['title', 'startDate', 'endDate'],
});

export type Version = '1.1' | '1.2';
export const fileNames = ['academicSessions', 'orgs', 'classes', 'users', 'roles', 'enrollments'] as const;
export type FileName = (typeof fileNames)[number];

/** By version; 1.1 has no roles file. */
export const tables: Readonly<Record<Version, Partial<Record<FileName, TableSpec>>>> = {
  '1.1': { academicSessions, orgs, classes, users: users11, enrollments },
  '1.2': { academicSessions, orgs, classes, users: users12, roles: roles12, enrollments },
};

export const statuses = ['active', 'tobedeleted', 'inactive'] as const;
export const orgTypes = ['department', 'school', 'district', 'local', 'state', 'national'] as const;
export const classTypes = ['homeroom', 'scheduled'] as const;
export const sessionTypes = ['gradingPeriod', 'semester', 'schoolYear', 'term'] as const;
export const roleTypes = ['primary', 'secondary'] as const;

/** Roles of the standard → roles a policy can name. */
export const personRoleOf: Readonly<Record<Version, Readonly<Record<string, PersonRole>>>> = {
  '1.1': {
    administrator: 'administrator',
    aide: 'staff',
    guardian: 'guardian',
    parent: 'guardian',
    proctor: 'staff',
    relative: 'guardian',
    student: 'student',
    teacher: 'teacher',
  },
  '1.2': {
    aide: 'staff',
    counselor: 'staff',
    districtAdministrator: 'administrator',
    guardian: 'guardian',
    parent: 'guardian',
    principal: 'administrator',
    proctor: 'staff',
    relative: 'guardian',
    siteAdministrator: 'administrator',
    student: 'student',
    systemAdministrator: 'administrator',
    teacher: 'teacher',
  },
};

export const enrollmentRoles: Readonly<Record<Version, readonly string[]>> = {
  '1.1': ['administrator', 'aide', 'guardian', 'parent', 'proctor', 'relative', 'student', 'teacher'],
  '1.2': ['administrator', 'proctor', 'student', 'teacher'],
};

function table(about: {
  others: readonly string[];
  kept: readonly string[];
  required: readonly string[];
  essential: readonly string[];
}): TableSpec {
  return {
    columns: [...base, ...about.others],
    kept: ['sourcedId', 'status', 'dateLastModified', ...about.kept],
    required: ['sourcedId', 'status', 'dateLastModified', ...about.required],
    essential: ['sourcedId', ...about.essential],
  };
}
