import { expect, test } from "vitest";

import { routeOf } from "./router";

test("a path names its page, and any other path none", () => {
  expect(["/", "/sing", "/takes/", "/ops", "/sign-in"].map((path) => routeOf(path).page)).toEqual(["home", "sing", "takes", "ops", "sign-in"]);
  expect(routeOf("/takes/0b1c")).toEqual({ page: "take", id: "0b1c" });
  expect(routeOf("/albums/new")).toEqual({ page: "new_album" });
  expect(routeOf("/albums/0b1c")).toEqual({ page: "album", id: "0b1c" });
  expect(routeOf("/albums/0b1c/edit")).toEqual({ page: "edit_album", id: "0b1c" });
  expect(routeOf("/people/%EA%B9%80")).toEqual({ page: "person", nickname: "김" });
  expect(routeOf("/songs/00c0ffee")).toEqual({ page: "song", id: "00c0ffee" });
  expect(["/nowhere", "/takes/a/b", "/sing/x", "/songs/%E0%A4%A", "/people/%E0%A4%A", "/people", "/albums/a/b"].map((path) => routeOf(path).page)).toEqual(Array(7).fill("missing"));
});
