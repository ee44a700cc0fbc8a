import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface Props {
  title: string;
  /** One line below the title. */
  note?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled card; a landmark for people who use a screen reader. */
export function Panel({ title, note, aside, children }: Props) {
  const id = useId();
  return (
    <Card component="section" aria-labelledby={id} miw={0}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="xs">
          <div>
            <Title order={2} id={id}>
              {title}
            </Title>
            {note ? (
              <Text size="sm" c="dimmed" component="div">
                {note}
              </Text>
            ) : null}
          </div>
          {aside}
        </Group>
        {children}
      </Stack>
    </Card>
  );
}
