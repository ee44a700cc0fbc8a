import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { Problem } from './problem.tsx';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, and how to undo it. */
  children: ReactNode;
  action: string;
  onConfirm: () => void;
  busy: boolean;
  error: Error | null;
  dangerous?: boolean;
  /** Must be typed before the action is offered. */
  typed?: string;
  /** Something in `children` must be filled in first. */
  unfinished?: boolean;
}

/** Asks before something that is hard to undo. Control and Enter confirm it from any field. */
export function ConfirmDialog(props: Props) {
  const {
    opened,
    onClose,
    title,
    children,
    action,
    onConfirm,
    busy,
    error,
    dangerous = false,
    typed,
    unfinished = false,
  } = props;
  const [text, setText] = useState('');
  useFocusBack(opened);
  const ready = !unfinished && (typed === undefined || text.trim() === typed);
  return (
    <Modal opened={opened} onClose={onClose} title={title} onExitTransitionEnd={() => setText('')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onConfirm();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        <Stack>
          {children}
          {typed === undefined ? null : (
            <TextInput
              label={`Type ${typed} to confirm`}
              value={text}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
          {error ? <Problem error={error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!ready} {...(dangerous ? { color: 'vermilion.7' } : {})}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A dialog that comes and goes as a whole cannot tell that it closes: when it goes, the focus returns to what opened it. */
function useFocusBack(opened: boolean): void {
  const [opener] = useState(() => (opened ? document.activeElement : null));
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    },
    [opener],
  );
}
