import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

interface Making<Wish> {
  make: (wish: Wish) => void;
  busy: boolean;
  error: Error | null;
}

interface Props<Wish, Made> {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** In place of the title once there is a secret to copy. */
  titleMade: string;
  make: (wish: Wish) => Promise<Made>;
  /** First word of the queries that are stale then. */
  stale: string;
  form: (making: Making<Wish>) => ReactNode;
  shown: (made: Made) => ReactNode;
}

/** Makes something with a secret that is shown once: it closes only on purpose then. */
export function SecretDialog<Wish, Made>(props: Props<Wish, Made>) {
  const { opened, onClose, title, titleMade, make, stale, form, shown } = props;
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: make,
    onSuccess: () => client.invalidateQueries({ queryKey: [stale] }),
  });
  const made = create.data;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={create.reset}
      size="lg"
      title={made ? titleMade : title}
      closeOnClickOutside={!made}
      closeOnEscape={!made}
    >
      {made ? shown(made) : form({ make: create.mutate, busy: create.isPending, error: create.error })}
    </Modal>
  );
}
