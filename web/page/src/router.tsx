// Paths to pages by the History API. A change of page moves the focus to its heading, so that a keyboard and a
// screen reader start where the eye does.
import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from "react";

export type Route =
  | { page: "home" | "sing" | "takes" | "songs" | "albums" | "new_album" | "settings" | "privacy" | "ops" | "sign-in" | "missing" }
  | { page: "take" | "song" | "album" | "edit_album"; id: string }
  | { page: "person"; nickname: string };

const plain = ["sing", "takes", "songs", "albums", "settings", "privacy", "ops", "sign-in"] as const;
const named = { takes: "take", songs: "song", albums: "album" } as const;

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

export function routeOf(path: string): Route {
  const parts = path.split("/").filter((part) => part !== "");
  const [first, id] = parts;
  if (first === undefined) return { page: "home" };
  const page = plain.find((name) => name === first);
  if (parts.length === 1 && page) return { page };
  if (first === "people" && parts.length === 2) {
    const nickname = decoded(id ?? "");
    return nickname === null ? { page: "missing" } : { page: "person", nickname };
  }
  if (id === undefined || !/^[\w-]+$/.test(id)) return { page: "missing" };
  if (first === "albums" && id === "new" && parts.length === 2) return { page: "new_album" };
  if (first === "albums" && parts.length === 3 && parts[2] === "edit") return { page: "edit_album", id };
  if (parts.length === 2 && (first === "takes" || first === "songs" || first === "albums")) return { page: named[first], id };
  return { page: "missing" };
}

const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

/** The address after the origin: path and query. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname + location.search);
}

export function navigate(path: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", path);
  else history.replaceState(null, "", path);
  scrollTo(0, 0);
  notify();
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
}

export function Link({ href, onClick, ...rest }: LinkProps) {
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || elsewhere) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={go} {...rest} />;
}
