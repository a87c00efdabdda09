/** The list with the item at `from` moved to `to`; the same list where that is no place in it. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (from < 0 || from >= list.length || to < 0 || to >= list.length) return next;
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

/** Which place a pointer at height `y` means, by the upper and lower edge of each. */
export function placeAt(y: number, edges: readonly { top: number; bottom: number }[]): number {
  const under = edges.findIndex(({ bottom }) => y < bottom);
  return under === -1 ? edges.length - 1 : under;
}
