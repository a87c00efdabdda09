import { expect, test } from "vitest";

import { moved, placeAt } from "./order";

test("an item moves to its new place and the others close up", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
});

test("beyond the ends nothing moves", () => {
  for (const [from, to] of [[0, -1], [1, 2], [-1, 0], [2, 0]] as const) expect(moved(["a", "b"], from, to)).toEqual(["a", "b"]);
});

test("a pointer means the place that it is over, or the nearest end", () => {
  const edges = [{ top: 10, bottom: 20 }, { top: 24, bottom: 34 }];
  expect([0, 15, 22, 30, 99].map((y) => placeAt(y, edges))).toEqual([0, 0, 1, 1, 1]);
});
