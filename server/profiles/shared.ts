/** So many distinct values are remembered; then it begins anew, which costs memory and time but changes no answer. */
const most = 100_000;

/** One value for all that are equal as JSON: it is held once, and equal ones are found by identity. */
export class Shared<T extends object> {
  readonly #byText = new Map<string, T>();
  readonly #known = new WeakSet<T>();

  of(value: T): T {
    if (this.#known.has(value)) return value;
    if (this.#byText.size >= most) this.#byText.clear();
    const text = JSON.stringify(value);
    const shared = this.#byText.get(text);
    if (shared) return shared;
    this.#byText.set(text, value);
    this.#known.add(value);
    return value;
  }
}
