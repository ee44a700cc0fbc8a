import { Button, Group, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';

interface Props {
  page: number;
  limit: number;
  shown: number;
  total: number;
  nextCursor: string | null;
  onGo: (to: { cursor: string; page: number } | undefined) => void;
}

/** Moves through a list by the server's cursors; each page has its own address. */
export function Pager({ page, limit, shown, total, nextCursor, onGo }: Props) {
  const router = useRouter();
  if (shown === 0 && page === 1) return null;
  const first = (page - 1) * limit + 1;
  const back = () => (page > 2 && router.history.canGoBack() ? router.history.back() : onGo(undefined));
  return (
    <Group justify="space-between" component="nav" aria-label="Pages">
      <Text size="sm" c="dimmed" className="numeric" role="status">
        {shown === 0
          ? 'Nothing to show'
          : `${first.toLocaleString('en')}–${(first + shown - 1).toLocaleString('en')} of ${total.toLocaleString('en')}`}
      </Text>
      {page > 1 || nextCursor ? (
        <Group gap="xs">
          <Button variant="default" size="xs" disabled={page === 1} onClick={back}>
            Back
          </Button>
          <Button
            variant="default"
            size="xs"
            disabled={nextCursor === null}
            onClick={() => nextCursor && onGo({ cursor: nextCursor, page: page + 1 })}
          >
            Next
          </Button>
        </Group>
      ) : null}
    </Group>
  );
}
