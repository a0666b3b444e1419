// Equal questions that are asked while the first of them is open get its answer.
export class Once<Answer> {
  readonly #open = new Map<string, Promise<Answer>>();

  async run(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    let asked = this.#open.get(key);
    if (asked === undefined) {
      asked = ask().finally(() => this.#open.delete(key));
      this.#open.set(key, asked);
    }
    return asked;
  }
}
