import { Card, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { SchemeToggle } from '../../components/scheme-toggle.tsx';
import { Wordmark } from '../../components/wordmark.tsx';
import classes from './entry-frame.module.css';

/** The frame of the two pages before signing in. */
export function EntryFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  useDocumentTitle(`${title} · Rollcall`);
  return (
    <div className={classes.page}>
      <header className={classes.brand}>
        <Wordmark size={34} />
        <SchemeToggle />
      </header>
      <main className={classes.main}>
        <Card padding="xl" className={classes.card ?? ''}>
          <Stack gap="lg">
            <div>
              <Title order={1}>{title}</Title>
              <Text c="dimmed" size="sm" mt={4}>
                {lead}
              </Text>
            </div>
            {children}
          </Stack>
        </Card>
      </main>
    </div>
  );
}
