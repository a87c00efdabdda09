import { words } from "./words";

export const settings = words({
  en: {},
  ko: {},
  ja: {},
});
