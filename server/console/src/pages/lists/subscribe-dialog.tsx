import { Button, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../../../../shared/api/routes.ts';
import type { CatalogueEntry, ListView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { type FieldSchema, textProblem } from '../../form-fields.ts';
import { UploadedList } from './uploaded-list.tsx';

interface Props {
  /** The list whose source changes; undefined for a new category. */
  list: ListView | undefined;
  entry: CatalogueEntry | undefined;
  onClose: () => void;
}

const fields: Readonly<Record<string, FieldSchema>> = { ...routes.subscribeList.body.properties };
const hours: FieldSchema = { ...fields.refreshHours };

/** Fetches a list from an address now, and again every so many hours. */
export function SubscribeDialog({ list, entry, onClose }: Props) {
  const [form, setForm] = useState({
    category: list?.category ?? entry?.category ?? '',
    url: entry?.url ?? list?.url ?? '',
    title: list?.title ?? entry?.title ?? '',
    licence: entry?.licence ?? list?.licence ?? '',
    refreshHours: list?.refreshHours ?? 24,
  });
  const client = useQueryClient();
  const subscribe = useMutation({
    mutationFn: () => {
      const { category, title, ...body } = form;
      return call('subscribeList', {
        params: { category },
        body: { ...body, url: body.url.trim(), licence: body.licence.trim(), ...(title.trim() ? { title } : {}) },
      });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['lists'] }),
  });
  const problems = problemsOf(form);
  const ready = Object.values(problems).every((words) => words === undefined) && form.licence.trim() !== '';
  const field = (name: 'category' | 'url' | 'title' | 'licence') => ({
    value: form[name],
    error: form[name] === '' ? null : problems[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setForm({ ...form, [name]: event.currentTarget.value }),
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={list ? `Source of ${list.title}` : 'Subscribe to a list'}>
      {subscribe.data ? (
        <UploadedList result={subscribe.data} onClose={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) subscribe.mutate();
          }}
        >
          <Stack gap="sm">
            <TextInput
              data-autofocus
              label="Address"
              description="The server fetches it; devices get the list from the server alone"
              placeholder="https://lists.example.org/gambling.txt"
              required
              maxLength={500}
              spellCheck={false}
              {...field('url')}
            />
            <TextInput
              label="Category"
              description="Short id that profiles name; small letters, digits and dashes"
              placeholder="gambling"
              required
              disabled={list !== undefined}
              {...field('category')}
            />
            <TextInput label="Title" placeholder="Gambling" maxLength={100} {...field('title')} />
            <TextInput
              label="Licence"
              description="The terms under which your district may use it; look at the page of the list"
              placeholder="CC BY-SA 4.0"
              required
              maxLength={200}
              {...field('licence')}
            />
            <NumberInput
              label="Ask again every so many hours"
              required
              min={hours.minimum ?? 1}
              max={hours.maximum ?? 720}
              clampBehavior="none"
              allowDecimal={false}
              allowNegative={false}
              value={form.refreshHours}
              error={problems.refreshHours}
              onChange={(next) => setForm({ ...form, refreshHours: typeof next === 'number' ? next : 0 })}
            />
            {subscribe.error ? <Problem error={subscribe.error} title="The list was not fetched" /> : null}
            <Group justify="space-between">
              <Text size="xs" c="dimmed">
                {subscribe.isPending ? 'Fetching and reading; a large list takes a minute.' : ''}
              </Text>
              <Group gap="xs" ml="auto">
                <Button variant="default" onClick={onClose}>
                  Cancel
                </Button>
                <Button type="submit" disabled={!ready} loading={subscribe.isPending}>
                  Subscribe
                </Button>
              </Group>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

interface Form {
  category: string;
  url: string;
  title: string;
  licence: string;
  refreshHours: number;
}

function problemsOf({ category, url, licence, refreshHours }: Form): Partial<Record<keyof Form, string | undefined>> {
  const badCategory = textProblem(routes.subscribeList.params.properties.category, category) !== undefined;
  const tooRare = refreshHours < (hours.minimum ?? 1) || refreshHours > (hours.maximum ?? 720);
  return {
    category: badCategory ? 'Small letters, digits and dashes, at most 63.' : undefined,
    url: textProblem(fields.url ?? {}, url.trim()) ? 'It begins with https:// (or http://).' : undefined,
    licence: licence.trim() === '' ? 'Say under which terms the list may be used.' : undefined,
    refreshHours: tooRare ? `Between ${hours.minimum} and ${hours.maximum} hours.` : undefined,
  };
}
