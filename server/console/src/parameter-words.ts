/** `leastFreePercent` → `Least free percent`, where a schema has no title. */
function nameWords(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.length === 0 ? 'None' : value.map(valueWords).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, one]) => `${name} ${valueWords(one)}`)
      .join(', ');
  return typeof value === 'number' ? value.toLocaleString('en') : String(value);
}

interface Parameter {
  name: string;
  title: string;
  value: string;
  /** Whether the district replaced the library's value. */
  own: boolean;
}

/** The parameters of a check, with what is in force. `schema` is a JSON Schema of the server: titles where it has them. */
export function parametersOf(
  schema: unknown,
  inForce: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Parameter[] {
  return Object.entries({ ...defaults, ...inForce }).map(([name, value]) => ({
    name,
    title: titleOf(schema, name) ?? nameWords(name),
    value: valueWords(value),
    own: JSON.stringify(value) !== JSON.stringify(defaults[name]),
  }));
}

function titleOf(schema: unknown, name: string): string | undefined {
  const { properties } = (schema ?? {}) as { properties?: Record<string, { title?: unknown } | undefined> };
  const title = properties?.[name]?.title;
  return typeof title === 'string' ? title : undefined;
}
