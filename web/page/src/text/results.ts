import { words } from "./words";

export const results = words({
  en: {},
  ko: {},
  ja: {},
});
