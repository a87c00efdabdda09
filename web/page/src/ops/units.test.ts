import { describe, expect, test } from "vitest";

import { mebibytes, secondsBetween, span } from "./units";

describe("a span", () => {
  test("is in the largest unit of which there is one, and never rounded up into the next", () => {
    expect(span("en", 0.424)).toBe("0.42 sec");
    expect(span("en", 59.9)).toBe("59 sec");
    expect(span("en", 60)).toBe("1 min");
    expect(span("en", 3_599)).toBe("59 min");
    expect(span("en", 3_600)).toBe("1 hr");
    expect(span("en", 2 * 86_400)).toBe("2 days");
  });
  test("of clocks that disagree is none", () => expect(span("en", -3)).toBe("0 sec"));
  test("is between two times", () => expect(secondsBetween("2026-11-24T12:00:00.000001Z", "2026-11-24T12:00:02Z")).toBeCloseTo(2, 2));
  test("is in the reader's language", () => expect(span("ko", 120)).toBe("2분"));
});

test("bytes are whole mebibytes", () => expect(mebibytes("en", 1536 * 2 ** 20)).toBe("1,536 MiB"));
