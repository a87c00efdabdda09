import { words } from "./words";

export const upload = words({
  en: {},
  ko: {},
  ja: {},
});
