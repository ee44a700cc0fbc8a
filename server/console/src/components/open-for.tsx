import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLockOpen } from '@tabler/icons-react';
import type { OverrideInput } from '../../../../shared/api/schemas.ts';
import { May } from './may.tsx';
import { OverrideDialog } from './override-dialog.tsx';

interface Props {
  target: OverrideInput['target'];
  name: string;
  /** True where `everything` may be opened: for adults. */
  adult: boolean;
}

/** Opens or closes sites for one person or device, for a time. */
export function OpenFor({ target, name, adult }: Props) {
  const [opened, dialog] = useDisclosure();
  return (
    <>
      <May call="createOverride">
        <Button variant="default" leftSection={<IconLockOpen size={16} />} onClick={dialog.open}>
          Open something…
        </Button>
      </May>
      <OverrideDialog
        target={target}
        name={name}
        kind="allow"
        choosable
        adult={adult}
        opened={opened}
        onClose={dialog.close}
      />
    </>
  );
}
