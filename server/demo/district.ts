import { type SampleYear, schoolYearAt } from './calendar.ts';
import { Dice } from './dice.ts';
import { familyNames, givenNames } from './names.ts';

/** A school of the sample: its grades, and how many classes each grade has in each subject. */
interface School {
  id: string;
  name: string;
  grades: readonly string[];
  teachers: number;
  /** Empty where the class teacher teaches everything. */
  subjects: readonly string[];
}

type Role = 'student' | 'teacher' | 'aide' | 'administrator';

interface Person {
  id: string;
  role: Role;
  org: string;
  grade: string;
  given: string;
  family: string;
  username: string;
}

const district = { id: 'maple-county', name: 'Maple County Schools' };
const office = { id: 'district-office', name: 'District Office' };
const core = ['English', 'Mathematics', 'Science', 'Social Studies', 'Arts'];

const schools: readonly School[] = [
  {
    id: 'sugar-maple-elementary',
    name: 'Sugar Maple Elementary School',
    grades: ['KG', '01', '02', '03', '04', '05'],
    teachers: 14,
    subjects: [],
  },
  {
    id: 'red-maple-middle',
    name: 'Red Maple Middle School',
    grades: ['06', '07', '08'],
    teachers: 13,
    subjects: core,
  },
  {
    id: 'silver-maple-high',
    name: 'Silver Maple High School',
    grades: ['09', '10', '11', '12'],
    teachers: 18,
    subjects: core,
  },
];

const studentsPerGrade = 39;
const sectionsPerGrade = 2;

export interface SampleOptions {
  /** The same seed gives the same district. */
  seed: number;
  /** `YYYY-MM-DD`: the calendar is that of the school year running then. */
  today: string;
}

/**
 * A made-up district of three schools, an office and about 600 people, as the files of a OneRoster 1.1 CSV (bulk) that
 * follow the standard to the letter.
 */
export function sampleDistrict({ seed, today }: SampleOptions): Map<string, string> {
  const people = samplePeople(new Dice(seed));
  const year = schoolYearAt(today);
  const classes = schools.flatMap((school) => classesOf(school, people, year));
  return new Map([
    ['manifest.csv', manifest()],
    ['orgs.csv', orgs()],
    ['academicSessions.csv', academicSessions(year)],
    ['courses.csv', courses()],
    [
      'classes.csv',
      csv(
        classHeader,
        classes.map((one) => one.row),
      ),
    ],
    ['users.csv', csv(userHeader, people.map(userRow))],
    ['enrollments.csv', enrollments(classes, year)],
  ]);
}

function samplePeople(dice: Dice): Person[] {
  const taken = new Map<string, number>();
  let number = 1000;
  const person = (prefix: string, role: Role, org: string, grade = ''): Person => {
    const given = dice.pick(givenNames);
    const family = dice.pick(familyNames);
    const plain = `${given}.${family}`.toLowerCase().replaceAll(/[^a-z.]/g, '');
    const count = (taken.get(plain) ?? 0) + 1;
    taken.set(plain, count);
    number += 1;
    return {
      id: `${prefix}-${number}`,
      role,
      org,
      grade,
      given,
      family,
      username: count > 1 ? `${plain}${count}` : plain,
    };
  };
  const times = (count: number, make: () => Person) => Array.from({ length: count }, make);
  return [
    ...times(3, () => person('a', 'administrator', office.id)),
    ...times(9, () => person('e', 'aide', office.id)),
    ...schools.flatMap((school) => [
      ...times(2, () => person('a', 'administrator', school.id)),
      ...times(8, () => person('e', 'aide', school.id)),
      ...times(school.teachers, () => person('t', 'teacher', school.id)),
      ...school.grades.flatMap((grade) => times(studentsPerGrade, () => person('s', 'student', school.id, grade))),
    ]),
  ];
}

interface SampleClass {
  id: string;
  school: string;
  row: string[];
  teacher: Person;
  students: Person[];
}

function classesOf(school: School, people: readonly Person[], year: SampleYear): SampleClass[] {
  const teachers = people.filter((person) => person.org === school.id && person.role === 'teacher');
  const subjects = school.subjects.length > 0 ? school.subjects : ['Homeroom'];
  const wanted = school.grades.flatMap((grade) =>
    subjects.flatMap((subject) =>
      Array.from({ length: sectionsPerGrade }, (_, section) => ({ grade, subject, section })),
    ),
  );
  return wanted.flatMap(({ grade, subject, section }, index) => {
    const teacher = teachers[index % teachers.length];
    if (!teacher) return [];
    const students = people.filter((person) => person.org === school.id && person.grade === grade);
    const id = `c-${school.id}-${grade}-${slug(subject)}-${section + 1}`.toLowerCase();
    const title = `${subject} ${grade} ${section === 0 ? 'A' : 'B'}`;
    const type = subject === 'Homeroom' ? 'homeroom' : 'scheduled';
    const course = courseId(school, subject);
    const terms = `sem-${year.schoolYear}-1,sem-${year.schoolYear}-2`;
    const room = `Room ${100 + (index % 40)}`;
    const row = [id, '', '', title, grade, course, '', type, room, school.id, terms, subject, '', ''];
    const seated = students.filter((_, seat) => seat % sectionsPerGrade === section);
    return [{ id, school: school.id, row, teacher, students: seated }];
  });
}

const userHeader =
  'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password';
const classHeader =
  'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods';

function userRow({ id, role, org, grade, given, family, username }: Person): string[] {
  const email = `${username}@maple-county.example`;
  return [id, '', '', 'true', org, role, username, '', given, family, '', '', email, '', '', '', grade, ''];
}

function manifest(): string {
  const read = ['academicSessions', 'classes', 'courses', 'enrollments', 'orgs', 'users'];
  const others = [
    'categories',
    'classResources',
    'courseResources',
    'demographics',
    'lineItems',
    'resources',
    'results',
  ];
  const files = [...read, ...others]
    .toSorted()
    .map((name) => [`file.${name}`, read.includes(name) ? 'bulk' : 'absent']);
  return csv('propertyName,value', [
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.1'],
    ...files,
    ['source.systemName', 'Rollcall sample'],
    ['source.systemCode', 'rollcall-sample'],
  ]);
}

function orgs(): string {
  return csv('sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId', [
    [district.id, '', '', district.name, 'district', 'D-1', ''],
    [office.id, '', '', office.name, 'department', 'D-0', district.id],
    ...schools.map(({ id, name }, index) => [id, '', '', name, 'school', `S-${index + 1}`, district.id]),
  ]);
}

function academicSessions({ schoolYear, sessions }: SampleYear): string {
  return csv(
    'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
    sessions.map(({ id, title, type, start, end, parent }) => [
      id,
      '',
      '',
      title,
      type,
      start,
      end,
      parent,
      String(schoolYear),
    ]),
  );
}

function courses(): string {
  return csv(
    'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
    schools.flatMap((school) =>
      (school.subjects.length > 0 ? school.subjects : ['Homeroom']).map((subject) => [
        courseId(school, subject),
        '',
        '',
        '',
        subject,
        '',
        school.grades.join(','),
        school.id,
        subject,
        '',
      ]),
    ),
  );
}

function enrollments(classes: readonly SampleClass[], { sessions }: SampleYear): string {
  const [year] = sessions;
  const dates = [year?.start ?? '', year?.end ?? ''];
  const rows = classes.flatMap(({ id, school, teacher, students }) =>
    [teacher, ...students].map((person) => {
      const primary = person === teacher ? 'true' : 'false';
      return [`${id}-${person.id}`, '', '', id, school, person.id, person.role, primary, ...dates];
    }),
  );
  const header =
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate';
  return csv(header, rows);
}

const courseId = (school: School, subject: string) => `k-${school.id}-${slug(subject)}`;
const slug = (words: string) => words.toLowerCase().replaceAll(' ', '-');

function csv(header: string, rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `${[header, ...rows.map((row) => row.map(quoted).join(','))].join('\n')}\n`;
}
