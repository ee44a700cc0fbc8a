import { Box, Button, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { roleWords } from '../../../../../shared/access/roles.ts';
import type { StaffAccount } from '../../../../../shared/api/schemas.ts';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { type StaffAct, staffActs } from './staff-acts.ts';

/** What is asked of an account. */
export type Asked = 'roles' | 'password' | StaffAct;

interface Props {
  accounts: readonly StaffAccount[];
  /** Absent: whoever looks changes nothing. */
  onAsk?: ((account: StaffAccount, asked: Asked) => void) | undefined;
}

export function StaffTable({ accounts, onAsk }: Props) {
  const columns: Column<StaffAccount>[] = [
    { title: 'Person', main: true, cell: (account) => <Person account={account} /> },
    { title: 'Roles', wide: true, cell: (account) => <Roles account={account} /> },
    { title: 'Signs in by', cell: (account) => <Text size="sm">{factorWords(account)}</Text> },
    { title: 'Sessions', align: 'right', cell: ({ sessions }) => sessions },
    { title: 'Last seen', cell: ({ lastSeenAt }) => <When at={lastSeenAt} /> },
    ...(onAsk
      ? [{ title: 'Change', cell: (account: StaffAccount) => <Change account={account} onAsk={onAsk} /> }]
      : []),
  ];
  return <Rows label="Staff" rows={accounts} keyOf={({ id }) => id} columns={columns} />;
}

function Person({ account: { name, email, status } }: { account: StaffAccount }) {
  return (
    <Box miw={{ base: 0, lg: 220 }}>
      <Group gap={6}>
        <Text fw={600} size="sm">
          {name}
        </Text>
        {status === 'disabled' ? <Tag tone="bad">Disabled</Tag> : null}
      </Group>
      <Text size="xs" c="dimmed">
        {email}
      </Text>
    </Box>
  );
}

function Roles({ account: { grants } }: { account: StaffAccount }) {
  if (grants.length === 0) return <Tag tone="warn">None</Tag>;
  return (
    <Group gap={4}>
      {grants.map(({ role, orgId, orgName }) => (
        <Tag key={`${role} ${orgId ?? ''}`}>
          {roleWords[role].title}
          {orgName === null ? '' : ` · ${orgName}`}
        </Tag>
      ))}
    </Group>
  );
}

function factorWords({ passkeys, hasCodeApp, hasPassword }: StaffAccount): string {
  const ways = [
    ...(passkeys > 0 ? [passkeys === 1 ? 'a passkey' : `${passkeys} passkeys`] : []),
    ...(hasPassword ? ['password'] : []),
    ...(hasCodeApp ? ['code app'] : []),
  ];
  return passkeys === 0 && !hasCodeApp ? `${ways.join(', ')} (no second factor yet)`.trim() : ways.join(', ');
}

function Change({ account, onAsk }: { account: StaffAccount; onAsk: (account: StaffAccount, asked: Asked) => void }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Roles of ${account.name}`}
        onClick={() => onAsk(account, 'roles')}
      >
        Roles
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            rightSection={<IconChevronDown size={14} />}
            aria-label={`More about ${account.name}`}
          >
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {staffActs
            .filter(({ isFor }) => isFor(account))
            .map((act) => (
              <Menu.Item key={act.label} onClick={() => onAsk(account, act)}>
                {act.label}
              </Menu.Item>
            ))}
          <Menu.Item onClick={() => onAsk(account, 'password')}>New password</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
