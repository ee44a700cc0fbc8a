import { Button, Group, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';

interface Props {
  page: number;
  limit: number;
  /** This page of the list, as the route answered it. */
  found: { items: readonly unknown[]; total: number; nextCursor: string | null };
  onGo: (to: { cursor: string; page: number } | undefined) => void;
}

/** Moves through a list by the server's cursors; each page has its own address. */
export function Pager({ page, limit, found, onGo }: Props) {
  const router = useRouter();
  if (found.items.length === 0 && page === 1) return null;
  const back = () => (page > 2 && router.history.canGoBack() ? router.history.back() : onGo(undefined));
  return (
    <PagerLine
      label="Pages"
      {...{ page, limit, found }}
      onBack={back}
      onNext={(cursor) => onGo({ cursor, page: page + 1 })}
    />
  );
}

interface LineProps extends Omit<Props, 'onGo'> {
  label: string;
  onBack: () => void;
  onNext: (cursor: string) => void;
}

/** Where in a list this page is, and the way on and back; `page` counts from 1. */
export function PagerLine({ label, page, limit, found, onBack, onNext }: LineProps) {
  const { total, nextCursor } = found;
  const shown = found.items.length;
  const first = (page - 1) * limit + 1;
  return (
    <Group justify="space-between" component="nav" aria-label={label}>
      <Text size="sm" c="dimmed" className="numeric" role="status">
        {shown === 0
          ? 'Nothing to show'
          : `${first.toLocaleString('en')}–${(first + shown - 1).toLocaleString('en')} of ${total.toLocaleString('en')}`}
      </Text>
      {page > 1 || nextCursor ? (
        <Group gap="xs">
          <Button variant="default" size="xs" disabled={page === 1} onClick={onBack}>
            Back
          </Button>
          <Button
            variant="default"
            size="xs"
            disabled={nextCursor === null}
            onClick={() => nextCursor && onNext(nextCursor)}
          >
            Next
          </Button>
        </Group>
      ) : null}
    </Group>
  );
}
