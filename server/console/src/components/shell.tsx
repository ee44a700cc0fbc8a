import { AppShell, Burger, Group, ScrollArea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useLive } from '../live-context.ts';
import { ConnectionSign } from './connection-sign.tsx';
import { Navigation } from './navigation.tsx';
import { ReauthenticationDialog } from './reauthentication-dialog.tsx';
import { SchemeToggle } from './scheme-toggle.tsx';
import classes from './shell.module.css';
import { StaffMenu } from './staff-menu.tsx';
import { useSearchKey } from './use-search-key.ts';
import { Wordmark } from './wordmark.tsx';

/** The frame of every page for signed-in staff: navigation, skip link, live connection. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  useLiveWhileShown();
  useSearchKey();
  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Group h="100%" px="md" justify="space-between">
          <Wordmark />
          <Group gap="xs">
            <ConnectionSign />
            <Burger opened={opened} onClick={toggle} size="sm" color="white" aria-label="Open the navigation" />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label="Main" data-closed={!opened || undefined}>
        <Group h={64} px="md" justify="space-between" className={classes.brand}>
          <Wordmark />
          <Burger opened onClick={close} hiddenFrom="sm" size="sm" color="white" aria-label="Close the navigation" />
        </Group>
        <ScrollArea className={classes.links} type="auto">
          <Navigation onNavigate={close} />
        </ScrollArea>
        <div className={classes.foot}>
          <ConnectionSign />
          <Group gap={4} justify="space-between" wrap="nowrap">
            <StaffMenu />
            <SchemeToggle />
          </Group>
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
        <ReauthenticationDialog />
      </AppShell.Main>
    </AppShell>
  );
}

function useLiveWhileShown(): void {
  const live = useLive();
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
}
