import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout, IconShieldLock, IconUserCircle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { call } from '../api.ts';
import { queries } from '../queries.ts';
import classes from './staff-menu.module.css';

export function StaffMenu() {
  const { data: session } = useQuery(queries.session());
  const client = useQueryClient();
  const router = useRouter();
  const signOut = useMutation({
    mutationFn: () => call('signOut', {}),
    onSettled: async () => {
      client.clear();
      await router.invalidate();
    },
  });
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={`Signed in as ${session?.staff?.name ?? ''}`}>
          <IconUserCircle size={22} stroke={1.6} />
          <span className={classes.name}>{session?.staff?.name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="xs" c="dimmed" px="sm" py={6} truncate>
          {session?.staff?.email}
          <br />
          {session?.district} · Rollcall {session?.version}
        </Text>
        <Menu.Item component={Link} to="/security" leftSection={<IconShieldLock size={16} />}>
          My security
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
