import { words } from "./words";

export const sing = words({
  en: {},
  ko: {},
  ja: {},
});
