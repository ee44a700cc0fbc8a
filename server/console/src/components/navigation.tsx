import {
  IconAdjustments,
  IconDeviceLaptop,
  IconFileImport,
  IconHistory,
  IconLayoutDashboard,
  IconListCheck,
  IconQrcode,
  IconUsers,
} from '@tabler/icons-react';
import { MenuLink } from './links.tsx';
import classes from './navigation.module.css';

const groups = [
  {
    label: 'Look',
    links: [
      { to: '/', label: 'Overview', icon: IconLayoutDashboard },
      { to: '/people', label: 'People', icon: IconUsers },
      { to: '/devices', label: 'Devices', icon: IconDeviceLaptop },
      { to: '/events', label: 'Events', icon: IconHistory },
    ],
  },
  {
    label: 'Policy',
    links: [
      { to: '/profiles', label: 'Profiles', icon: IconAdjustments },
      { to: '/lists', label: 'Filter lists', icon: IconListCheck },
    ],
  },
  {
    label: 'Bring in',
    links: [
      { to: '/enrolment', label: 'Enrolment', icon: IconQrcode },
      { to: '/import', label: 'Roster import', icon: IconFileImport },
    ],
  },
] as const;

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  return groups.map(({ label, links }) => (
    <div key={label} className={classes.group}>
      <div className={classes.label}>{label}</div>
      {links.map(({ to, label: name, icon: Icon }) => (
        <MenuLink
          key={to}
          to={to}
          label={name}
          leftSection={<Icon size={19} stroke={1.7} aria-hidden="true" />}
          className={classes.link ?? ''}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          activeProps={{ 'data-here': true }}
          onClick={onNavigate}
        />
      ))}
    </div>
  ));
}
