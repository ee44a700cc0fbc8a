import { ActionIcon, Kbd, Modal, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKeyboard } from '@tabler/icons-react';
import classes from './keys-help.module.css';
import { type PageKey, useKeys } from './use-keys.ts';

/** Binds the keys of a page, and tells them when asked by its button or by `?`. */
export function KeysHelp({ keys, search = false }: { keys: readonly PageKey[]; search?: boolean }) {
  const [opened, help] = useDisclosure();
  useKeys([...keys, { key: '?', act: help.open }]);
  const told = [...keys.flatMap(({ key, words }) => (words === undefined ? [] : [{ key, words }]))];
  if (search) told.push({ key: '/', words: 'Search' });
  return (
    <>
      <Tooltip label="Keys of this page (?)">
        <ActionIcon variant="default" size={36} aria-label="Keys of this page" onClick={help.open} visibleFrom="sm">
          <IconKeyboard size={18} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={help.close} title="Keys of this page">
        <dl className={classes.keys}>
          {[...told, { key: '?', words: 'Show these keys' }].map(({ key, words }) => (
            <div key={key}>
              <dt>
                <Kbd>{key}</Kbd>
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  );
}
