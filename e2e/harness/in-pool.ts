/** Runs the work for each item, at most this many at once; results in the order of the items. */
export async function inPool<Item, Result>(
  size: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    // One iterator for all: each takes the next item.
    for (const [index, item] of queue) {
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: size }, worker));
  return results;
}
