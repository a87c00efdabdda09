import { words } from "./words";

export const songs = words({
  en: {},
  ko: {},
  ja: {},
});
